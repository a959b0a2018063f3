#!/bin/bash
# Measures imports against ldapsearch, and exports against ldapmodify, on private servers, in one run, and prints a Markdown table.
#   bench.sh           100,000 people: time and memory, a few minutes
#   bench.sh --389     100,000 people on 389 Directory Server: what a delta import from its change log costs
#   bench.sh --export  10,000 adds, changes and deletes among 10,000 people, against ldapmodify with the same LDIF
#   bench.sh --large   1,000,000 people: memory, and what a delta import costs there; longer, and 6 GB of disk
# Exit code 1 if a bar is missed. ROUNDS=N for more than 5 rounds; PEOPLE=N for a quick look (the bars mean nothing then).
# Writes below $TMPDIR, else /var/tmp (a real disk on Debian), and removes it.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=${BIN:-$PWD/.build/release}/ldap-connector
rounds=${ROUNDS:-5}

die() { echo "bench: $*" >&2; exit 2; }
[ -x "$tool" ] || die "no $tool: make bench builds it"
[ "$rounds" -ge 5 ] || die "a median of fewer than 5 rounds says little (ROUNDS=$rounds)"

work=$(mktemp -d "${TMPDIR:-/var/tmp}/ldap-connector-bench.XXXXXX")
export BENCH_SCRATCH=$work/scratch
mkdir "$BENCH_SCRATCH"
clean_up() {
  for server in "$work"/*/slapd.conf; do
    [ ! -e "$server" ] || Scripts/slapd.sh stop "${server%/*}" || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

need_disk() { # need_disk MB
  local free
  free=$(df -Pm "$work" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$1" ] || die "needs $1 MB below ${work%/*}, has $free; TMPDIR=… chooses another folder"
}

# Appends "PEOPLE FOLDER URL" to the arguments of the measurement.
arguments=()
serve() { # serve NAME PEOPLE
  local url
  echo "bench: loading $2 people" >&2
  "$bench" generate "$2" >"$work/$1.ldif"
  url=$(Scripts/slapd.sh start "$work/$1" "$work/$1.ldif")
  rm "$work/$1.ldif"
  arguments+=("$2" "$work/$1" "${url#URL=}")
}

# The same for 389 Directory Server; it ends when its standard input does.
serve_389() { # serve_389 NAME PEOPLE
  local url
  echo "bench: loading $2 people into 389 Directory Server" >&2
  mkfifo "$work/end"
  "$bench" generate "$2" >"$work/$1.ldif"
  swift build --product private-server >&2
  .build/debug/private-server 389ds "$work/$1" "$work/$1.ldif" <"$work/end" >"$work/$1.out" &
  exec 9>"$work/end"
  until grep -q '^CONNECTOR=' "$work/$1.out"; do
    kill -0 $! 2>/dev/null || die "389 Directory Server did not start"
    sleep 0.2
  done
  url=$(sed -n 's/^URL=//p' "$work/$1.out")
  arguments+=("$2" "$work/$1" "$url")
}

machine() {
  printf '\nMachine: %s, %s cores, %s MB; %s; %s on %s; %s; load %s; %s.\n' \
    "$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)" "$(nproc)" \
    "$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" "$(uname -sr)" \
    "${server:-$(slapd_version)}" "$(stat -f -c %T "$work")" "$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9.]+')" \
    "$(cut -d ' ' -f 1-3 /proc/loadavg)" "$(date -u +%F)"
}
slapd_version() { PATH=$PATH:/usr/sbin slapd -VV 2>&1 | grep -oE 'slapd [0-9.]+' | head -n 1; }

read -r load _ </proc/loadavg
[ "${load%.*}" -lt 1 ] || echo "bench: the load of this machine is $load; the ranges will be wide" >&2
scratch_path=${BENCH_BUILD:-.build-bench}
swift build -c release --package-path Benchmarks --scratch-path "$scratch_path" >&2
bench=$scratch_path/release/connector-bench

code=0
case ${1:-} in
  '')
    need_disk 2000
    serve standard "${PEOPLE:-100000}"
    "$bench" standard "$tool" "$rounds" "${arguments[@]}" || code=$?
    ;;
  --389)
    need_disk 2000
    server="389-ds-base $(dpkg-query -W -f '${Version}' 389-ds-base)"
    serve_389 ds389 "${PEOPLE:-100000}"
    "$bench" changelog "$tool" "$rounds" "${arguments[@]}" || code=$?
    exec 9>&-
    ;;
  --export)
    need_disk 2000
    serve standard "${PEOPLE:-10000}"
    "$bench" export "$tool" "$rounds" "${arguments[@]}" || code=$?
    ;;
  --large)
    need_disk 6000
    serve small "$((${PEOPLE:-1000000} / 10))"
    serve large "${PEOPLE:-1000000}"
    "$bench" large "$tool" "$rounds" "${arguments[@]}" || code=$?
    ;;
  *) die "usage: $0 [--389 | --export | --large]" ;;
esac
[ "$code" -gt 1 ] || machine
exit "$code"
