#!/bin/sh
# Makes sure that a Chromium is there for the browser tests and `make shots`; Debian and Ubuntu as root install it themselves.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null
    exit 0
fi
echo "The browser tests need Chromium: install it (Debian: sudo apt-get install chromium fonts-noto-core) and run make again." >&2
exit 1
