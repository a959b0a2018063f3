#!/bin/bash
# What can be said about files one by one: scripts parse, C is free of warnings, no file is too long to be read.
set -euo pipefail
cd "$(dirname "$0")/.."
longest=400   # lines; 120 is the aim, and a file of 250 deserves a second look
failed=0
complain() { echo "files: $*" >&2; failed=1; }

files() { # files PATTERN… : below the folders that are ours, without build products
  local names=(-name "$1")
  shift
  for pattern; do names+=(-o -name "$pattern"); done
  find $(ls -d Package.swift Sources Tests Benchmarks Examples Scripts .ci 2>/dev/null) \
    -path '*/.build*' -prune -o -type f \( "${names[@]}" \) -print | sort
}

while read -r file; do
  lines=$(wc -l <"$file")
  if [ "$lines" -gt "$longest" ]; then complain "$file has $lines lines; split it by subject ($longest at most)"
  elif [ "$lines" -gt 250 ]; then echo "files: $file has $lines lines; look again" >&2; fi
done < <(files '*.swift' '*.c' '*.h' '*.sh')

while read -r file; do
  bash -n "$file" || complain "$file does not parse"
  [ -x "$file" ] || complain "$file is not executable"
done < <(files '*.sh'; echo .ci/run)

# SwiftPM cannot make C warnings errors (-Xcc -Werror ends it with an internal error), so the compiler is called here.
clang=$(swift -print-target-info | jq -r .paths.runtimeResourcePath)/../../bin/clang
read -ra flags <<<"$(pkg-config --cflags ldap openssl sqlite3)"
while read -r file; do
  "$clang" -fsyntax-only -Wall -Wextra -Werror -D_GNU_SOURCE -I Sources/Core/CTransport/include "${flags[@]}" "$file" ||
    complain "$file has warnings"
done < <(files '*.c')

[ "$failed" = 1 ] || echo "files: scripts parse, C has no warnings, none is over $longest lines"
exit "$failed"
