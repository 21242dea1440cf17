# Sourced: start_postgres FOLDER [OPTION…] starts a PostgreSQL of its own below FOLDER (the one that is there, or a new one) on a free port and sets pg_pid and GUANTONG_TEST_POSTGRES;
# without PostgreSQL on this machine both stay unset. PostgreSQL refuses to run as root, so root lends it a folder and the postgres account.
start_postgres() {
  local work=$1 bin as= port
  shift
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1) || true
  [ -n "$bin" ] || return 0
  chmod 755 "$work"
  mkdir -p "$work/pg"
  if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || useradd --system postgres
    chown postgres "$work/pg"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
  fi
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo $((20000 + RANDOM % 20000)))
  if [ -s "$work/pg/data/PG_VERSION" ] || (cd "$work" && $as "$bin/initdb" -D "$work/pg/data" -U guantong --auth=trust -E UTF8 --locale=C >"$work/initdb.log" 2>&1); then
    (cd "$work" && exec $as "$bin/postgres" -D "$work/pg/data" -h 127.0.0.1 -p "$port" -k "$work/pg" -c max_connections=200 -c wal_level=logical -c max_replication_slots=40 -c max_wal_senders=40 "$@" >"$work/pg.log" 2>&1) &
    pg_pid=$!
    for _ in $(seq 100); do
      "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" && break
      sleep 0.1
    done
    export GUANTONG_TEST_POSTGRES="postgres://guantong@127.0.0.1:$port/postgres"
  else
    cat "$work/initdb.log" >&2
  fi
}
