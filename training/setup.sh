#!/bin/sh
# Makes .venv with the locked requirements and our command line. Finds Python 3.10 on PATH, by pyenv or by uv.
set -eu
cd "$(dirname "$0")/.."

SPACY_MODEL=https://github.com/explosion/spacy-models/releases/download/de_core_news_sm-3.4.0/de_core_news_sm-3.4.0-py3-none-any.whl

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

find_python() {
    for candidate in python3.10 python3 python "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.10*/bin/python; do
        if command -v "$candidate" >/dev/null 2>&1 && is_310 "$candidate"; then command -v "$candidate"; return; fi
    done
    if command -v uv >/dev/null 2>&1; then
        uv python find 3.10 2>/dev/null || { uv python install --quiet 3.10 >/dev/null 2>&1 && uv python find 3.10; } || true
    fi
}

PYTHON=$(find_python)
if [ -z "$PYTHON" ]; then
    echo "Wohnlotse needs Python 3.10, because Rasa 3.6 runs on nothing newer: install it (for example with 'uv python install 3.10' or 'pyenv install 3.10') and run make again." >&2
    exit 1
fi

echo "Making .venv with $("$PYTHON" --version) ..."
rm -rf .venv
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$PYTHON" .venv
    uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.txt
else
    "$PYTHON" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
fi

# The German spaCy model lies on a release page that not every machine reaches. Never take it by name from a package
# index: look-alikes stand there. Twenty seconds, one try; a minute for all of it where the system has `timeout`.
command -v timeout >/dev/null 2>&1 || timeout() { shift; "$@"; }
if command -v uv >/dev/null 2>&1; then
    fetch_model() { UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=0 timeout 60 uv pip install --quiet --python .venv/bin/python --no-deps "$SPACY_MODEL"; }
else
    fetch_model() { timeout 60 .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --timeout 20 --retries 0 "$SPACY_MODEL"; }
fi
if [ "${WOHNLOTSE_SPACY_MODEL:-try}" != try ]; then
    echo "German spaCy model: left out, as WOHNLOTSE_SPACY_MODEL says; spaCy's own German rules are used instead."
elif fetch_model >/dev/null 2>&1; then
    echo "German spaCy model: de_core_news_sm 3.4.0."
else
    echo "German spaCy model: de_core_news_sm could not be fetched; spaCy's own German rules are used instead."
fi

# The command line, which runs from any folder.
cat > .venv/bin/wohnlotse <<'END'
#!/bin/sh
root=$(cd "$(dirname "$0")/../.." && pwd)
export PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" PYTHONWARNINGS=ignore
export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1
exec "$root/.venv/bin/python" -m training.cli "$@"
END
chmod +x .venv/bin/wohnlotse
touch .venv/installed
