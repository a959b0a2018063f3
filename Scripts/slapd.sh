#!/bin/bash
# A private OpenLDAP server for the demo and the benchmark: own folder, own free port on 127.0.0.1, no root needed.
#   slapd.sh start DIR [LDIF]   makes the server in DIR if it is new, loads LDIF, starts it, prints URL=…
#   slapd.sh stop DIR           ends it, by the process id that it wrote into DIR
# The suffix is dc=example,dc=com. cn=admin may write; cn=connector reads everything, the access log included. Their
# passwords are in DIR/admin.password and DIR/connector.password.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
suffix=dc=example,dc=com

die() { echo "slapd.sh: $*" >&2; exit 1; }
usage() { echo "usage: $0 start DIR [LDIF] | stop DIR" >&2; exit 64; }

configuration() {
  cat <<EOT
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile $dir/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload accesslog
moduleload syncprov
serverID 1
tool-threads 2
loglevel none
access to dn.base="" by * read
access to dn.base="cn=Subschema" by * read

# The log of all writes: what a delta import reads.
database mdb
suffix cn=accesslog
rootdn cn=admin,$suffix
directory $dir/accesslog
maxsize 2147483648
dbnosync
index default eq
index entryCSN,objectClass,reqEnd,reqResult,reqStart,reqDN
access to * by dn.exact="cn=connector,$suffix" read
limits dn.exact="cn=connector,$suffix" size=unlimited time=unlimited
overlay syncprov
syncprov-nopresent TRUE
syncprov-reloadhint TRUE

database mdb
suffix $suffix
rootdn cn=admin,$suffix
rootpw $(cat "$dir/admin.password")
directory $dir/data
maxsize 17179869184
dbnosync
index objectClass,entryCSN,entryUUID,uid,cn,member eq
access to attrs=userPassword by anonymous auth
access to * by dn.exact="cn=connector,$suffix" read
limits dn.exact="cn=connector,$suffix" size=unlimited time=unlimited
overlay syncprov
overlay accesslog
logdb cn=accesslog
logops writes
logsuccess TRUE
logpurge 7+00:00 1+00:00
EOT
}

first_entries() {
  cat <<EOT
dn: $suffix
objectClass: dcObject
objectClass: organization
dc: example
o: Example Instruments

dn: cn=connector,$suffix
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: connector
description: reads everything, the access log included
userPassword: $(cat "$dir/connector.password")
EOT
}

# A password file has no newline at its end: ldapsearch -y would send it.
password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

make_server() { # make_server LDIF
  umask 077
  mkdir -p "$dir/data" "$dir/accesslog"
  password >"$dir/admin.password"
  password >"$dir/connector.password"
  configuration >"$dir/slapd.conf"
  first_entries | slapadd -q -w -S 1 -b "$suffix" -f "$dir/slapd.conf" >"$dir/load.log" 2>&1 || die "see $dir/load.log"
  [ -z "$1" ] || slapadd -q -w -S 1 -b "$suffix" -f "$dir/slapd.conf" -l "$1" >>"$dir/load.log" 2>&1 ||
    die "cannot load $1: $(tail -n 3 "$dir/load.log")"
}

running() {
  local pid
  pid=$(cat "$dir/slapd.pid" 2>/dev/null) && [ -n "$pid" ] &&
    tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$dir/slapd.conf"
} 2>/dev/null

# Loading writes no log record; a directory in use has some, and an account can prove on them that it may read the log.
first_change() { # first_change URL
  printf 'dn: %s\nchangetype: modify\nadd: description\ndescription: made by Scripts/slapd.sh\n' "$suffix" |
    ldapmodify -x -H "$1" -D "cn=admin,$suffix" -y "$dir/admin.password" >/dev/null
}

answers() { ldapsearch -x -LLL -H "$1" -s base -b '' 1.1 >/dev/null 2>&1 && running; }

start() { # start LDIF
  local url fresh
  command -v slapd >/dev/null || die "slapd is missing: Scripts/install-packages.sh installs it"
  running && die "already running in $dir"
  fresh=$([ -s "$dir/slapd.conf" ] || echo yes)
  [ -z "$fresh" ] || make_server "$1"
  for _ in {1..50}; do
    url=ldap://127.0.0.1:$((20000 + RANDOM % 12000))  # below the ports that Linux gives to clients
    slapd -f "$dir/slapd.conf" -h "$url/" >"$dir/slapd.log" 2>&1 || continue  # taken: another one
    for _ in {1..200}; do
      ! answers "$url" || break
      sleep 0.05
    done
    running || continue
    [ -z "$fresh" ] || first_change "$url"
    echo "URL=$url"
    return
  done
  die "slapd does not start: $(tail -n 3 "$dir/slapd.log") (configuration: $dir/slapd.conf)"
}

stop() {
  local pid
  running || return 0
  pid=$(cat "$dir/slapd.pid")
  kill "$pid"
  for _ in {1..200}; do
    running || return 0
    sleep 0.05
  done
  kill -KILL "$pid"
}

[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
  start) start "${3:-}" ;;
  stop) stop ;;
  *) usage ;;
esac
