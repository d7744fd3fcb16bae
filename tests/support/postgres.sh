#!/bin/sh
# A PostgreSQL server that lives as long as somebody holds this script's standard input open, so
# that tests that are killed leave neither a process nor a folder. Usage: postgres.sh BINARIES HOME
set -eu
binaries=$1 home=$2

stop() {
  "$binaries/pg_ctl" stop --pgdata "$home/data" --wait --mode=immediate >/dev/null 2>&1 || true
  rm -rf "$home"
}

# Losing data in a crash is fine here, waiting for the disk is not. A Unix socket needs no port that
# somebody else might take.
careless="-c autovacuum=off -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
sizes="-c max_connections=100 -c shared_buffers=64MB"
"$binaries/initdb" --pgdata "$home/data" --no-sync --encoding=UTF8 --locale=C \
  --auth=trust --username=xero_bridge >/dev/null
trap stop EXIT
"$binaries/pg_ctl" start --pgdata "$home/data" --wait --log "$home/log" \
  --options "-k $home -c listen_addresses='' $careless $sizes" >/dev/null
echo ready
read -r _ || true
