#!/usr/bin/env bash
# Real clients against a broker and a document store, one line a client: run.sh AMQP_URL MANAGEMENT_URL [CLIENT...]. Exit code 1 if one
# fails. Clients of the broker: amqplib_promise, amqplib_callback, rabbitmq_client, rascal, pika, librabbitmq, amqp_tools, and, where
# PREMORTEM_CONTROL_URL says that the broker is a fake that can be told to fail, fault_rules. Of the store, where PREMORTEM_MONGODB_URL
# says which: mongodb_crud, mongodb_namespaces, mongodb_transactions, mongodb_failpoints, mongodb_change_streams, mongodb_elections, mongoose, mongosh,
# libmongoc, and likewise mongodb_fault_rules. Those whose packages are missing are NOT RUN, which is a failure too, unless PREMORTEM_CLIENTS_OPTIONAL is set.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if (($# < 2)); then
  echo "usage: run.sh AMQP_URL MANAGEMENT_URL [CLIENT...]" >&2
  exit 2
fi
export PREMORTEM_AMQP_URL=$1 PREMORTEM_MANAGEMENT_URL=$2
shift 2
clients=("$@")
of_the_broker=(amqplib_promise amqplib_callback rabbitmq_client rascal pika librabbitmq amqp_tools ${PREMORTEM_CONTROL_URL:+fault_rules})
of_the_store=()
[[ -z ${PREMORTEM_MONGODB_URL:-} ]] || of_the_store=(mongodb_{crud,namespaces,transactions,failpoints,change_streams,elections} mongoose mongosh libmongoc
  ${PREMORTEM_CONTROL_URL:+mongodb_fault_rules})
((${#clients[@]})) || clients=("${of_the_broker[@]}" ${of_the_store[@]+"${of_the_store[@]}"})
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# npm's packages of folder $1, where they are not as the lock file says.
packages() {
  local installed=$1/node_modules/.package-lock.json
  [[ $installed -nt $1/package-lock.json ]] || { npm ci --prefix "$1" --no-audit --no-fund --ignore-scripts && touch "$installed"; }
}

# Debian's python3-pika belongs to Debian's python3, which need not be the first in the path.
python_with_pika() {
  local python
  for python in python3 /usr/bin/python3; do
    "$python" -c "import pika" 2>/dev/null && echo "$python" && return
  done
  echo "python3-pika is not installed" && return 77
}

run_client() {
  local python
  case $1 in
    amqplib_promise | amqplib_callback | rabbitmq_client | rascal | fault_rules) packages amqp && node --test "amqp/$1.test.mjs" ;;
    mongodb_* | mongoose) packages mongo && node --test "mongo/$1.test.mjs" ;;
    mongosh) packages mongo && packages mongo/mongosh && node --test "mongo/$1.test.mjs" ;;
    pika) python=$(python_with_pika) || { echo "$python"; return 77; } && "$python" amqp/pika_client.py ;;
    librabbitmq)
      [[ -e /usr/include/amqp.h ]] || { echo "librabbitmq-dev is not installed"; return 77; }
      cc -std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror -o "$scratch/client" amqp/librabbitmq_client.c -lrabbitmq && "$scratch/client"
      ;;
    amqp_tools)
      command -v amqp-publish >/dev/null || { echo "amqp-tools is not installed"; return 77; }
      amqp/amqp_tools.sh
      ;;
    libmongoc)
      pkg-config --exists libmongoc-1.0 || { echo "libmongoc-dev is not installed"; return 77; }
      # Its headers are the system's: they do not convert as strictly as we do.
      # shellcheck disable=SC2046  # Several words each.
      cc -std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror $(pkg-config --cflags libmongoc-1.0 | sed 's/-I/-isystem /g') \
        -o "$scratch/client" mongo/libmongoc_client.c $(pkg-config --libs libmongoc-1.0) && "$scratch/client"
      ;;
    *) echo "there is no client $1" && return 2 ;;
  esac
}

export scratch
export -f packages python_with_pika run_client

failed=0
for client in "${clients[@]}"; do
  started=$SECONDS
  # A client that waits for ever for what the broker does not send is a failure, not a wait.
  timeout 300 bash -c 'run_client "$1"' run_client "$client" >"$scratch/log" 2>&1
  status=$?
  case $status in
    0) printf '%-22s ok      %4d s\n' "$client" $((SECONDS - started)) ;;
    77) printf '%-22s NOT RUN  %s\n' "$client" "$(tail -n 1 "$scratch/log")" && [[ -n ${PREMORTEM_CLIENTS_OPTIONAL:-} ]] || failed=1 ;;
    *)
      printf '%-22s FAILED  %4d s, exit code %d; its output:\n' "$client" $((SECONDS - started)) "$status"
      grep -vE '^# Subtest|duration_ms|^ +(---|\.\.\.)$|^(ok|TAP)' "$scratch/log" | tail -n 80 | cut -c 1-240 | sed 's/^/    | /'
      failed=1
      ;;
  esac
done
exit "$failed"
