#!/bin/bash
# The connector at work on a private server with a small company. `make demo` builds first, then calls this.
# KEEP=1 leaves the folder with the configuration and the state file behind.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts=$PWD/Scripts
bin=${BIN:-$PWD/.build/release}
[ -x "$bin/ldap-connector" ] || { echo "no $bin/ldap-connector: make demo builds it" >&2; exit 1; }
PATH=$bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/ldap-connector-demo.XXXXXX")
clean_up() {
  "$scripts/slapd.sh" stop "$work/server" || true
  if [ -n "${KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"

bold='' plain=''
[ -t 1 ] && bold=$'\e[1m' plain=$'\e[0m'
step() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
run() {
  printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"
  eval "$1"
}
write() { # write COMMENT, with LDIF on standard input
  printf '\n# %s\n' "$1"
  tee change.ldif
  run "ldapmodify -x -H $URL -D cn=admin,dc=example,dc=com -y server/admin.password -f change.ldif"
}

step "A private directory: 200 people in nested organizational units, 32 groups"
shown=$(printf %q "$scripts")
run "$shown/company.sh > company.ldif"
run "$shown/slapd.sh start server company.ldif | tee server.url"
URL=$(sed -n 's/^URL=//p' server.url)
LDAP_PASSWORD=$(cat server/connector.password)
export LDAP_PASSWORD
account="--bind-dn cn=connector,dc=example,dc=com --password-env LDAP_PASSWORD"

step "What is it, and what can be imported from it?"
run "ldap-connector detect $URL $account"

step "A configuration, filled in from what was found"
run "ldap-connector init $URL $account --output connector.yaml"
run "grep -Ev '^ *(#|$)' connector.yaml"

step "Everything once"
run "ldap-connector import full"
run "ldap-connector changes --since 0 | tail -n 1 | cut -c 1-400"
last=$(ldap-connector changes --since 0 | tail -n 1 | jq .sequence)

step "Then the directory changes"
write "someone new" <<'LDIF'
dn: uid=nkumar,ou=Support,ou=Austin,ou=people,dc=example,dc=com
changetype: add
objectClass: inetOrgPerson
uid: nkumar
cn: Nisha Kumar
givenName: Nisha
sn: Kumar
mail: nkumar@example.com
title: Support Agent
LDIF
write "a promotion, and a seat in a group" <<'LDIF'
dn: uid=aandersen,ou=Engineering,ou=Zürich,ou=people,dc=example,dc=com
changetype: modify
replace: title
title: Chief Engineer
-
add: description
description: Runs the aurora project

dn: cn=project-basalt,ou=groups,dc=example,dc=com
changetype: modify
add: member
member: uid=nkumar,ou=Support,ou=Austin,ou=people,dc=example,dc=com
LDIF
write "a new name after a wedding" <<'LDIF'
dn: uid=cbaker,ou=Engineering,ou=Zürich,ou=people,dc=example,dc=com
changetype: modrdn
newrdn: uid=ccosta
deleteoldrdn: 1
LDIF
write "a department moves to another office, with all of its people" <<'LDIF'
dn: ou=Support,ou=Austin,ou=people,dc=example,dc=com
changetype: modrdn
newrdn: ou=Customer Care
deleteoldrdn: 1
newsuperior: ou=Porto,ou=people,dc=example,dc=com
LDIF
write "someone leaves" <<'LDIF'
dn: uid=hlindqvist,ou=Engineering,ou=Zürich,ou=people,dc=example,dc=com
changetype: delete
LDIF

step "Only what changed"
run "ldap-connector import delta"
run "ldap-connector changes --since $last"

step "Where it stands"
run "ldap-connector status"

step "Your own directory"
cat <<EOT
  PATH=$bin:\$PATH
  read -rs LDAP_PASSWORD && export LDAP_PASSWORD
  ldap-connector init ldaps://ldap.example.org --bind-dn YOUR-ACCOUNT --password-env LDAP_PASSWORD --output connector.yaml
  ldap-connector import full     # then, as often as you like: ldap-connector import delta
  ldap-connector changes --since 0
EOT
