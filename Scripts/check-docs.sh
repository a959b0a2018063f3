#!/bin/bash
# Builds the documentation of ConnectorCore without any dependency; a broken ``Symbol`` link is an error.
#   check-docs.sh           checks only; public documentation must not lean on what an adapter cannot see
#   check-docs.sh FOLDER    also leaves the documentation there, ready for any static web server
# SCRATCH=… names another build folder.
set -euo pipefail
cd "$(dirname "$0")/.."
module=ConnectorCore
catalogue=Sources/Core/$module/$module.docc
scratch=${SCRATCH:-.build-check}

die() { echo "docs: $*" >&2; exit 1; }

convert() { # convert ACCESS-LEVEL OUTPUT
  local graphs=$work/$1
  mkdir "$graphs"
  swift symbolgraph-extract -module-name "$module" -I "$modules" -target "$triple" -minimum-access-level "$1" \
    -skip-inherited-docs -output-dir "$graphs" >"$work/log" 2>&1 || { cat "$work/log" >&2; die "no symbol graph"; }
  "$docc" convert "$catalogue" --additional-symbol-graph-dir "$graphs" --output-dir "$2" \
    --fallback-display-name "$module" --fallback-bundle-identifier "org.ldap-connector.$module" \
    --warnings-as-errors >"$work/log" 2>&1 || { cat "$work/log" >&2; die "documentation for $1 readers has problems"; }
}

docc=$(swift -print-target-info | jq -r .paths.runtimeResourcePath)/../../bin/docc
[ -x "$docc" ] || docc=$(command -v docc) || die "no docc beside the compiler or in PATH; toolchains of swift.org have it"
triple=$(swift -print-target-info | jq -r .target.triple)
swift build --scratch-path "$scratch" --target "$module" >&2
modules=$(swift build --scratch-path "$scratch" --show-bin-path)/Modules
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Twice: what adapter authors read must be complete without the house's own symbols; the house reads all of it.
convert public "${1:-$work/public.doccarchive}"
convert package "$work/package.doccarchive"
echo "docs: every link leads somewhere"
