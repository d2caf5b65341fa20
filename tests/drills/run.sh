#!/usr/bin/env bash
# The drills: real programs live through a scenario, and end as the simulated ones do. run.sh PREMORTEM FOLDER-FOR-OUTPUT
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
premortem=$1 out=$2
mkdir -p "$out"
failed=0

fail() { echo "FAILED: $*" && failed=1; }

# npm's packages of drill $1, where they are not as the lock file says.
packages() {
  local installed=$1/node_modules/.package-lock.json
  [[ $installed -nt $1/package-lock.json ]] && return
  npm ci --prefix "$1" --no-audit --no-fund --ignore-scripts && touch "$installed"
}

# What a run says of its checks; and with for how many items they are broken, which may differ: a simulated worker has what it was
# sent ahead to itself.
verdicts() { jq -c '.checks | map({(.name): .verdict}) | add' "$1"; }
# The same without what the scenario leaves open ("either"): there luck decides, and a real program's round trips are not the simulated
# one's draws. Such is none-missed under dead-letter-redrive: a record with a start in three days is lost if its only export is one of
# the day's nine that lose, and simulated runs differ in it by their seeds, too.
committed_verdicts() { jq -c '.checks | map(select(.expected != "either") | {(.name): .verdict}) | add' "$1"; }
counts() { jq -c '.checks | map({(.name): (.verdict + (if .verdict == "broken" then " for \(."broken-for")" else "" end))}) | add' "$1"; }

# The exporter of drill esr-broker in mode $2, under strategy $1: as simulated, as real, real once more, and again without it.
esr_broker() {
  local strategy=$1 mode=$2 scenario=esr-broker/esr-broker.jsonc run=$out/$1 turn simulated real
  "$premortem" run "$scenario" --strategy "$strategy" --json >"$run.simulated.json" || fail "$strategy: simulated, exit code $?"
  for turn in first second; do
    # The first line says where what listens; the result follows.
    MODE=$mode "$premortem" serve "$scenario" --strategy "$strategy" --external exporter --speed max --json \
      --session "$run.$turn.jsonl" --log "$run.$turn.log" -- node esr-broker/exporter.mjs 2>"$run.$turn.err" |
      tail -n +2 >"$run.$turn.json"
    local status=${PIPESTATUS[0]}
    ((status == 0)) || { fail "$strategy: real, exit code $status" && cat "$run.$turn.err" "$run.$turn.log" | tail -n 20; }
  done
  simulated=$(verdicts "$run.simulated.json") real=$(verdicts "$run.first.json")
  [[ $simulated == "$real" ]] || fail "$strategy: simulated $simulated, real $real"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.second.json") ]] || fail "$strategy: two runs with two digests"
  "$premortem" run --replay "$run.first.jsonl" --json >"$run.replayed.json" || fail "$strategy: replayed, exit code $?"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.replayed.json") ]] || fail "$strategy: replayed to another digest"
  printf '%-14s real %s, simulated %s\n' "$strategy" "$(counts "$run.first.json")" "$(counts "$run.simulated.json")"
}

# The whole exporter in the incident itself, fourteen days of it: strategy $1 as simulated and as real, by $2=value... in the real
# one's environment.
esr_exporter() {
  local strategy=$1 scenario=../../scenarios/incidents/esr-export-write-conflict.jsonc run=$out/exporter-$1 turn simulated real status
  shift
  "$premortem" run "$scenario" --strategy "$strategy" --json >"$run.simulated.json" || fail "$strategy: simulated, exit code $?"
  for turn in first second; do
    env "$@" "$premortem" serve "$scenario" --strategy "$strategy" --external exporter --speed max --json \
      --session "$run.$turn.jsonl" --log "$run.$turn.log" -- node esr-exporter/exporter.mjs 2>"$run.$turn.err" |
      tail -n +2 >"$run.$turn.json"
    status=${PIPESTATUS[0]}
    ((status == 0)) || { fail "$strategy: real, exit code $status" && cat "$run.$turn.err" "$run.$turn.log" | tail -n 20; }
  done
  simulated=$(committed_verdicts "$run.simulated.json") real=$(committed_verdicts "$run.first.json")
  [[ $simulated == "$real" ]] || fail "$strategy: simulated $simulated, real $real"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.second.json") ]] || fail "$strategy: two runs with two digests"
  "$premortem" run --replay "$run.first.jsonl" --json >"$run.replayed.json" || fail "$strategy: replayed, exit code $?"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.replayed.json") ]] || fail "$strategy: replayed to another digest"
  printf '%-20s real %s, simulated %s\n' "$strategy" "$(counts "$run.first.json")" "$(counts "$run.simulated.json")"
}

# A program whose store falls: SCRAM, an election, a service over HTTP. The driver's own clock must not let time run away.
shop() {
  local run=$out/shop turn status simulated real
  "$premortem" run shop/shop.jsonc --json >"$run.simulated.json" || fail "shop: simulated, exit code $?"
  for turn in first second; do
    "$premortem" serve shop/shop.jsonc --external shop --speed max --json --session "$run.$turn.jsonl" --log "$run.$turn.log" \
      -- node shop/shop.mjs 2>"$run.$turn.err" | tail -n +2 >"$run.$turn.json"
    status=${PIPESTATUS[0]}
    ((status == 0)) || { fail "shop: real, exit code $status" && cat "$run.$turn.err" "$run.$turn.log" | tail -n 20; }
  done
  simulated=$(verdicts "$run.simulated.json") real=$(verdicts "$run.first.json")
  [[ $simulated == "$real" ]] || fail "shop: simulated $simulated, real $real"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.second.json") ]] || fail "shop: two runs with two digests"
  "$premortem" run --replay "$run.first.jsonl" --json >"$run.replayed.json" || fail "shop: replayed, exit code $?"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.replayed.json") ]] || fail "shop: replayed to another digest"
  printf '%-20s real %s, simulated %s\n' shop "$real" "$simulated"
}

# How often the driver was told of a conflict, by MongoDB's code and label.
conflicts() { grep -c 'rejected, WriteConflict (112), TransientTransactionError' "$out/exporter-$1.first.log" || true; }

packages esr-broker && packages esr-exporter || exit 1
esr_broker as-happened reject
esr_broker ack-on-receipt ack-on-receipt
esr_broker retry retry
esr_broker ack-lost retry
esr_broker dead-letter dead-letter
esr_exporter as-happened MODE=reject
(($(conflicts as-happened) >= 60)) || fail "as-happened: the driver was told of $(conflicts as-happened) conflicts"
esr_exporter driver-retries MODE=with-transaction
esr_exporter one-consumer MODE=reject WORKERS=1
esr_exporter claim MODE=claim
esr_exporter dead-letter-redrive MODE=reject
shop
exit "$failed"
