#!/bin/sh
# Installs nginx where there is none and it may: a test runs deploy/nginx.conf.
set -u
PATH=$PATH:/usr/local/sbin:/usr/sbin
command -v nginx >/dev/null 2>&1 && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing nginx for the tests ..." >&2
    # Only installed, not started: the runlevel says so to Debian's scripts.
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends nginx; } \
        >/dev/null 2>&1
    command -v nginx >/dev/null 2>&1 && exit
fi
echo "The test of deploy/nginx.conf needs nginx, and it could not be installed here." >&2
exit 1
