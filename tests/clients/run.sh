#!/usr/bin/env bash
# Real clients against a broker, one line a client: run.sh AMQP_URL MANAGEMENT_URL [CLIENT...]. Exit code 1 if one fails.
# Clients: amqplib_promise, amqplib_callback, rabbitmq_client, rascal, pika, librabbitmq, amqp_tools, and, where PREMORTEM_CONTROL_URL
# says that the broker is a fake that can be told to fail, fault_rules. Those whose packages are
# missing are NOT RUN, which is a failure too, unless PREMORTEM_CLIENTS_OPTIONAL is set.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/amqp"
if (($# < 2)); then
  echo "usage: run.sh AMQP_URL MANAGEMENT_URL [CLIENT...]" >&2
  exit 2
fi
export PREMORTEM_AMQP_URL=$1 PREMORTEM_MANAGEMENT_URL=$2
shift 2
clients=("$@")
((${#clients[@]})) || clients=(amqplib_promise amqplib_callback rabbitmq_client rascal pika librabbitmq amqp_tools ${PREMORTEM_CONTROL_URL:+fault_rules})
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# npm's packages, where they are not as the lock file says.
packages() {
  local installed=node_modules/.package-lock.json
  [[ $installed -nt package-lock.json ]] || { npm ci --no-audit --no-fund --ignore-scripts && touch "$installed"; }
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
    amqplib_promise | amqplib_callback | rabbitmq_client | rascal | fault_rules) packages && node --test "$1.test.mjs" ;;
    pika) python=$(python_with_pika) || { echo "$python"; return 77; } && "$python" pika_client.py ;;
    librabbitmq)
      [[ -e /usr/include/amqp.h ]] || { echo "librabbitmq-dev is not installed"; return 77; }
      cc -std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror -o "$scratch/client" librabbitmq_client.c -lrabbitmq && "$scratch/client"
      ;;
    amqp_tools)
      command -v amqp-publish >/dev/null || { echo "amqp-tools is not installed"; return 77; }
      ./amqp_tools.sh
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
  timeout 120 bash -c 'run_client "$1"' run_client "$client" >"$scratch/log" 2>&1
  status=$?
  case $status in
    0) printf '%-18s ok      %4d s\n' "$client" $((SECONDS - started)) ;;
    77) printf '%-18s NOT RUN  %s\n' "$client" "$(tail -n 1 "$scratch/log")" && [[ -n ${PREMORTEM_CLIENTS_OPTIONAL:-} ]] || failed=1 ;;
    *)
      printf '%-18s FAILED  %4d s, exit code %d; its output:\n' "$client" $((SECONDS - started)) "$status"
      grep -vE '^# Subtest|duration_ms|^ +(---|\.\.\.)$|^(ok|TAP)' "$scratch/log" | tail -n 80 | cut -c 1-240 | sed 's/^/    | /'
      failed=1
      ;;
  esac
done
exit "$failed"
