#!/usr/bin/env bash
# Brings what the interop suites need: Debian's QuickFIX and a compiler, OpenSSL, HAProxy, microsocks and tinyproxy, jspurefix from npm, the QuickFIX peer, compiled
# into .build, and gapfill as it is built. Says what is missing where it cannot. Quick when everything is there.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p .build

missing() {
  echo "interop: missing: $1" >&2
  exit 1
}

has_quickfix() { [ -f /usr/include/quickfix/Session.h ]; }
has_compiler() { command -v g++ > /dev/null; }
has_door() { command -v openssl > /dev/null && command -v haproxy > /dev/null && command -v microsocks > /dev/null && command -v tinyproxy > /dev/null; }

if ! has_quickfix || ! has_compiler || ! has_door; then
  packages='libquickfix-dev g++ openssl haproxy microsocks tinyproxy'
  command -v apt-get > /dev/null || missing "QuickFIX 1.15 with its headers, g++, OpenSSL, HAProxy, microsocks and tinyproxy (Debian: $packages)"
  if [ "$(id -u)" = 0 ]; then as_root=''; else as_root='sudo -n'; fi
  # shellcheck disable=SC2086
  $as_root apt-get install -y $packages > .build/apt.log 2>&1 ||
    { $as_root apt-get update >> .build/apt.log 2>&1 && $as_root apt-get install -y $packages >> .build/apt.log 2>&1; } ||
    { cat .build/apt.log >&2; missing "the Debian packages $packages: run \"apt-get update && apt-get install -y $packages\" as root"; }
fi

# jspurefix's install script only unpacks dictionaries that are not used here.
lock=jspurefix/package-lock.json
installed=jspurefix/node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ "$lock" -nt "$installed" ]; then
  npm ci --prefix jspurefix --ignore-scripts --no-audit --no-fund ||
    missing "jspurefix: run \"npm ci --ignore-scripts\" in spec/interop/jspurefix with a registry within reach"
fi

peer=.build/quickfix-peer
if [ ! -x "$peer" ] || [ -n "$(find quickfix install.sh -newer "$peer" -print -quit)" ]; then
  # QuickFIX 1.15's headers have throw() specifications, which C++17 no longer knows.
  g++ -std=c++14 -O2 -Wall -Wno-deprecated quickfix/*.cpp -o "$peer" -lquickfix -pthread ||
    missing "a QuickFIX peer: it did not compile"
fi

# gapfill takes part as what its users get.
npm run --silent --prefix ../.. build || missing "gapfill's build: \"npm run build\" failed (after an \"npm ci\"?)"
