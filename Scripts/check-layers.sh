#!/bin/bash
# Dependencies point one way, and vendor knowledge stays out of the core.
#   check-layers.sh              checks this package
#   check-layers.sh --self-check plants breaches in copies and fails unless each one is caught
set -euo pipefail
cd "$(dirname "$0")/.."

# One rule a folder: which folders' targets ("Sources/…", "Tests/…") and which package products ("product:…") a target
# there may depend on. Patterns are anchored regular expressions; the first rule that matches a target's path holds.
rules='[
  {"at": "Sources/Core/(CLDAP|CSQLite)",    "may": []},
  {"at": "Sources/Core/CTransport",         "may": ["Sources/Core/CLDAP"]},
  {"at": "Sources/Core/ConnectorCore",      "may": []},
  {"at": "Sources/Core/ConnectorLDAP",      "may": ["Sources/Core/(ConnectorCore|CLDAP|CTransport)", "product:Logging"]},
  {"at": "Sources/Core/ConnectorStore",     "may": ["Sources/Core/(ConnectorCore|CSQLite)"]},
  {"at": "Sources/Core/ConnectorTesting",   "may": ["Sources/Core/ConnectorCore"]},
  {"at": "Sources/Vendors/[^/]+",           "may": ["Sources/Core/ConnectorCore"]},
  {"at": "Sources/Host/ConnectorHost",      "may": ["Sources/(Core|Vendors)/[^/]+",
                                                    "product:(ArgumentParser|Logging|Yams)"]},
  {"at": "Sources/Host/ldap-connector",     "may": []},
  {"at": "Sources/Host/FixtureServer",      "may": ["Sources/Core/(ConnectorCore|ConnectorTesting)",
                                                    "product:(NIOCore|NIOPosix|SwiftASN1)"]},
  {"at": "Sources/Host/fixture-directory",  "may": ["Sources/Host/FixtureServer", "product:ArgumentParser"]},
  {"at": "Tests/Support",                   "may": []},
  {"at": "Tests/PrivateServer",             "may": ["Tests/Support"]},
  {"at": "Tests/Core/[^/]+",                "may": ["Sources/Core/[^/]+", "Tests/Support", "product:Logging"]},
  {"at": "Tests/Vendors/(DetectionMatrix|Conformance)Tests",
                                            "may": ["Sources/(Core/(ConnectorCore|ConnectorTesting)|Vendors/[^/]+)",
                                                    "Sources/Host/ConnectorHost"]},
  {"at": "Tests/Vendors/[^/]+",             "may": ["Sources/Vendors/[^/]+",
                                                    "Sources/Core/(ConnectorCore|ConnectorTesting)", "Tests/Support"]},
  {"at": "Tests/Host/[^/]+",                "may": ["Sources/.+", "Tests/Support", "product:[A-Za-z]+"]}
]'

# Reads `swift package describe --type json`, prints one line a breach.
edge_breaches() {
  jq -r --argjson rules "$rules" '
    (.targets | map({key: .name, value: .path}) | from_entries) as $path
    | .targets[] | . as $target
    | [$rules[] | . as $rule | select($target.path | test("^" + $rule.at + "$"))][0] as $rule
    | if $rule == null then "\($target.name): no rule for its folder \($target.path); add one to Scripts/check-layers.sh"
      else
        ((.target_dependencies // [] | map([., ($path[.] // "unknown target \(.)")]))
          + (.product_dependencies // [] | map([., "product:" + .])))[]
        | . as [$name, $place]
        | select(any($rule.may[]; . as $may | $place | test("^(" + $may + ")$")) | not)
        | "\($target.name) (\($target.path)) must not depend on \($name)"
      end'
}

# One line a vendor word below the folder.
word_breaches() {
  grep -rniE 'openldap|oracle|edirectory|novell|usnchanged|accesslog|cn=changelog' "$1" || [ $? = 1 ]
}

# Prints "file:line module" for every import below the folder, whatever stands before and behind the name.
imports() {
  { grep -rnE --include='*.swift' '^[[:space:]]*(@[A-Za-z_()]+[[:space:]]+)*([a-z]+[[:space:]]+)?import[[:space:]]' "$1" ||
    [ $? = 1 ]; } | sed -E 's/^([^:]*:[0-9]+):.*import[[:space:]]+([a-z]+[[:space:]]+)?([A-Za-z_0-9]+).*/\1 \3/'
}

# One line an import that an adapter of an outsider could not have.
import_breaches() {
  imports "$1" | { grep -vE ' (ConnectorCore|Foundation|FoundationEssentials|Logging)$' || [ $? = 1 ]; }
}

# Reads the description; one line an import of one of its modules by a target that does not declare it. The compiler
# lets a target import what its dependencies depend on, with --explicit-target-dependency-import-check too.
undeclared_imports() {
  local description modules name path declared place module
  description=$(cat)
  modules=" $(jq -r '[.targets[] | .name, (.product_dependencies // [])[]] | unique | join(" ")' <<<"$description") "
  jq -r '.targets[] | [.name, .path, ([.name] + (.target_dependencies // []) + (.product_dependencies // []) | join(" "))]
    | join("|")' <<<"$description" | while IFS='|' read -r name path declared; do
    [ -d "$path" ] || continue
    while read -r place module; do
      [[ $modules == *" $module "* && " $declared " != *" $module "* ]] || continue
      echo "$place: $name imports $module without declaring it in Package.swift"
    done < <(imports "$path")
  done
}

failed=0
report() { # report TITLE TEXT
  [ -z "$2" ] && return 0
  printf '%s\n' "$1" >&2
  printf '  %s\n' "${2//$'\n'/$'\n'  }" >&2
  failed=1
}

check() {
  local description edges words imports undeclared  # assigned one by one: a command that fails ends the script
  description=$(swift package describe --type json)
  edges=$(edge_breaches <<<"$description")
  words=$(word_breaches Sources/Core/ConnectorCore)
  imports=$(import_breaches Sources/Vendors)
  undeclared=$(undeclared_imports <<<"$description")
  report "Dependencies against the one direction:" "$edges"
  report "Vendor words in the core (they belong below Sources/Vendors):" "$words"
  report "An adapter imports ConnectorCore, Foundation or Logging, and nothing else:" "$imports"
  report "Imports that Package.swift does not know of:" "$undeclared"
  [ "$failed" = 1 ] || echo "layers: dependencies, words and imports as they should be"
  return "$failed"
}

caught() { # caught WHAT TEXT
  [ -n "$2" ] || { echo "self-check: $1 was not caught" >&2; exit 1; }
}

self_check() {
  local real folder breach
  real=$(swift package describe --type json)
  for breach in \
    '(.targets[] | select(.path | startswith("Sources/Vendors/"))).target_dependencies += ["ConnectorStore"]' \
    '(.targets[] | select(.name == "ConnectorCore")).target_dependencies = ["ConnectorHost"]' \
    '(.targets[] | select(.name == "ConnectorCore")).product_dependencies = ["Logging"]' \
    '(.targets[] | select(.name == "ConnectorLDAP")).target_dependencies += ["ConnectorStore"]' \
    '(.targets[] | select(.name == "ConnectorStore")).target_dependencies += ["Nowhere"]' \
    '.targets += [{"name": "Stray", "path": "Sources/Stray"}]'; do
    caught "$breach" "$(jq "$breach" <<<"$real" | edge_breaches)"
  done
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' RETURN
  echo '// reads cn=AccessLog' >"$folder/Words.swift"
  caught "a vendor word" "$(word_breaches "$folder")"
  for breach in 'import ConnectorStore' '  @testable import ConnectorLDAP' 'public import struct CLDAP.Handle' \
    '@preconcurrency import Glibc' 'import FoundationNetworking'; do
    echo "$breach" >"$folder/Imports.swift"
    caught "$breach" "$(import_breaches "$folder")"
  done
  printf '%s\n' 'public import ConnectorCore' 'import Foundation' 'import struct Logging.Logger' >"$folder/Imports.swift"
  [ -z "$(import_breaches "$folder")" ] || { echo "self-check: allowed imports are refused" >&2; exit 1; }
  echo 'import Vendor' >"$folder/Imports.swift"
  caught "an undeclared import" "$(undeclared_imports <<<'{"targets": [
    {"name": "Core", "path": "'"$folder"'", "target_dependencies": ["Wire"]}, {"name": "Vendor", "path": "none"}]}')"
  echo "layers: every planted breach is caught"
}

case ${1:-} in
  '') check ;;
  --self-check) self_check ;;
  *) echo "usage: $0 [--self-check]" >&2; exit 64 ;;
esac
