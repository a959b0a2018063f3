#!/bin/bash
# Installs the Debian packages that building, testing and the demo need: only what is missing, each with its reason.
set -euo pipefail

packages='
ca-certificates  dependencies are fetched over HTTPS
git              SwiftPM fetches the dependencies with it
make             runs the commands of this project
pkg-config       tells the compiler where the libraries below are
libldap-dev      the LDAP protocol library that the connector speaks through
libssl-dev       TLS under it
libsqlite3-dev   the file that holds the connector space
slapd            the LDAP server of the tests, the demo and the benchmark (private ones on free ports)
389-ds-base      389 Directory Server, for the tests of imports from a change log
openjdk-17-jdk-headless  runs the in-memory server of UnboundID in the same tests, and compiles its launcher
python3-pip      fetches that server, which a package of PyPI carries
ldap-utils       ldapsearch and ldapmodify: the independent judge of the tests
openssl          makes the certificates of the TLS tests
sqlite3          reads the state file in tests, and for you
jq               reads JSON in the scripts
'

say() { echo "packages: $*" >&2; }
die() { say "$*"; exit 1; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing() {
  local name reason
  while read -r name reason; do
    [ -z "$name" ] || installed "$name" || echo "$name"
  done <<<"$packages"
}

# The policy file is Debian's way to say that installing a server must not start it.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ -e "$policy" ] && return 0
  printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
  "${root[@]}" chmod 755 "$policy"
  trap '"${root[@]}" rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
}

get() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

install() {
  local log
  log=$(mktemp)
  # Package lists of a fresh image are empty and those of an old one stale: update when, and only when, that shows.
  if ! get install -y --no-install-recommends "$@" >"$log" 2>&1; then
    say "apt-get update, because the package lists here are missing or too old"
    get update >"$log" 2>&1 && get install -y --no-install-recommends "$@" >"$log" 2>&1 || {
      tail -n 15 "$log" >&2
      rm -f "$log"
      die "could not install: $*. Is there a network, and a Debian mirror in /etc/apt? The lines above say what apt-get met."
    }
  fi
  rm -f "$log"
}

PATH=$PATH:/usr/sbin:/sbin
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  for name in git pkg-config slapd ns-slapd javac pip3 ldapsearch openssl sqlite3 jq; do
    command -v "$name" >/dev/null || die "no $name, and no apt-get to install it. Needed, by Debian's names:$packages"
  done
  pkg-config --exists ldap openssl sqlite3 || die "headers of ldap, openssl or sqlite3 are missing (pkg-config)"
  exit 0
fi

names=$(missing)
[ -n "$names" ] || exit 0
say "missing, and what each is for:"
while read -r name; do grep -E "^$name " <<<"$packages" | sed 's/^/  /' >&2; done <<<"$names"

root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || die "needs root: run as root, or have sudo:" $names
  say "using sudo"
  root=(sudo)
fi

forbid_services
mapfile -t list <<<"$names"
install "${list[@]}"
# Enabled at the next boot otherwise; the servers of this project are private ones.
if grep -qx slapd <<<"$names" && [ -d /run/systemd/system ]; then
  "${root[@]}" systemctl disable slapd >/dev/null 2>&1 || say "slapd may start at the next boot: systemctl disable slapd"
fi
[ -z "$(missing)" ] || die "still missing after the installation:" $(missing)
say "installed"
