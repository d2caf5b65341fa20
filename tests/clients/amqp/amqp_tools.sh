#!/usr/bin/env bash
# The command line tools of librabbitmq: amqp-declare-queue, amqp-publish, amqp-get, amqp-consume, amqp-delete-queue.
# PREMORTEM_AMQP_URL says which broker.
set -euo pipefail

queue="clients.$$.$RANDOM.tools"
# To these tools amqp://host/ means the vhost without a name, where other clients mean the usual one.
address=${PREMORTEM_AMQP_URL:?says which broker is to be tested}
address=${address%/}
url=(--url="$address")
scratch=$(mktemp -d)
trap 'amqp-delete-queue "${url[@]}" -q "$queue" >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

expect() {
  [[ $2 == "$3" ]] && return
  printf 'FAILED: %s: expected "%s", got "%s"\n' "$1" "$2" "$3"
  exit 1
}

expect "a queue is declared, and its name is printed" "$queue" "$(amqp-declare-queue "${url[@]}" -d -q "$queue")"

amqp-publish "${url[@]}" -r "$queue" -p -b "one"
printf 'two\nthree\n' | amqp-publish "${url[@]}" -r "$queue" -l
expect "the oldest message first" "one" "$(amqp-get "${url[@]}" -q "$queue")"
expect "two lines are two messages, for as many runs of a command" $'two\nthree' \
  "$(amqp-consume "${url[@]}" -q "$queue" -c 2 -p 1 -- cat)"

status=0
amqp-get "${url[@]}" -q "$queue" >"$scratch/nothing" || status=$?
expect "an empty queue: exit code 2" 2 "$status"

head -c 1048576 /dev/zero | tr '\0' a >"$scratch/large"
amqp-publish "${url[@]}" -r "$queue" <"$scratch/large"
amqp-get "${url[@]}" -q "$queue" >"$scratch/back"
cmp "$scratch/large" "$scratch/back"

amqp-publish "${url[@]}" -r "$queue" -b "left"
expect "deleting says how many messages went" "1" "$(amqp-delete-queue "${url[@]}" -q "$queue")"

status=0
amqp-get "${url[@]}" -q "$queue" 2>"$scratch/error" || status=$?
expect "a queue that is not there: exit code 1" 1 "$status"
grep -qF "NOT_FOUND - no queue '$queue' in vhost '/'" "$scratch/error" || { cat "$scratch/error"; exit 1; }

status=0
amqp-get --url="${address/guest:guest/guest:wrong}" -q "$queue" 2>"$scratch/error" || status=$?
expect "a wrong password: exit code 1" 1 "$status"
grep -qF "ACCESS_REFUSED - Login was refused" "$scratch/error" || { cat "$scratch/error"; exit 1; }
