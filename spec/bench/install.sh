#!/usr/bin/env bash
# Brings what the benchmark measures against: jspurefix from npm, and, where Debian's libquickfix-dev and g++ are installed, two
# programs of ours around QuickFIX C++, compiled into .build. Quick when everything is there.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p .build

# jspurefix's install script only unpacks dictionaries that are not used here.
lock=jspurefix/package-lock.json
installed=jspurefix/node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ "$lock" -nt "$installed" ]; then
  npm ci --prefix jspurefix --ignore-scripts --no-audit --no-fund > .build/npm.log 2>&1 ||
    { cat .build/npm.log >&2; echo 'bench: jspurefix is missing: run "npm ci --ignore-scripts" in spec/bench/jspurefix with a registry within reach' >&2; exit 1; }
fi

if [ "${1:-}" = --without-quickfix ]; then exit 0; fi
if [ ! -f /usr/include/quickfix/Session.h ] || ! command -v g++ > /dev/null; then
  echo 'bench: without QuickFIX C++ (Debian: apt-get install libquickfix-dev g++)' >&2
  rm -f .build/quickfix-*
  exit 0
fi
for program in codec session; do
  target=.build/quickfix-$program
  if [ ! -x "$target" ] || [ -n "$(find quickfix install.sh -newer "$target" -print -quit)" ]; then
    # QuickFIX 1.15's headers have throw() specifications, which C++17 no longer knows.
    g++ -std=c++14 -O2 -Wall -Wno-deprecated "quickfix/$program.cpp" -o "$target" -lquickfix -pthread
  fi
done
