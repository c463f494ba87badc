#!/bin/sh
# Prints the path of a Chromium that runs, for the browser tests: WOHNLOTSE_CHROMIUM, one on PATH, or Playwright's own.
# `browser.sh` installs one where there is none, `browser.sh find` only looks.
set -u
cd "$(dirname "$0")/.."

# Ubuntu's package chromium-browser is a script that asks for a snap: only what tells its version is a browser.
runs() { [ -n "$1" ] && timeout 30 "$1" --version >/dev/null 2>&1; }

playwrights_own() {
    .venv/bin/python -c 'from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)' 2>/dev/null
}

find_browser() {
    for candidate in "${WOHNLOTSE_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if runs "$candidate"; then command -v "$candidate"; return; fi
    done
    candidate=$(playwrights_own)
    if runs "$candidate"; then echo "$candidate"; return; fi
    return 1
}

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

find_browser && exit
if [ "${1:-}" != find ]; then
    echo "Installing a browser for the tests ..." >&2
    if is_root_on_debian; then
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes chromium; } >/dev/null 2>&1
        find_browser && exit
        # It brings the libraries that the browser needs.
        timeout 900 .venv/bin/python -m playwright install --with-deps chromium >/dev/null 2>&1
    else
        timeout 900 .venv/bin/python -m playwright install chromium >/dev/null 2>&1
    fi
    find_browser && exit
fi
echo "The browser tests need Chromium, and none could be found or installed here: install it, or set WOHNLOTSE_CHROMIUM to its path." >&2
exit 1
