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

# One drill: strategy $5 of scenario $2, in which a program plays system $3: as simulated, as real, real once more, and again without it.
# $1 names its output, $4 is what is compared, $6 the program, by $7=value... in its environment.
play() {
  local name=$1 scenario=$2 system=$3 judge=$4 strategy=$5 program=$6 run=$out/$1 turn status simulated real
  shift 6
  "$premortem" run "$scenario" --strategy "$strategy" --json >"$run.simulated.json" || fail "$name: simulated, exit code $?"
  for turn in first second; do
    # The first line says where what listens; the result follows.
    env "$@" "$premortem" serve "$scenario" --strategy "$strategy" --external "$system" --speed max --json \
      --session "$run.$turn.jsonl" --log "$run.$turn.log" -- node "$program" 2>"$run.$turn.err" | tail -n +2 >"$run.$turn.json"
    status=${PIPESTATUS[0]}
    ((status == 0)) || { fail "$name: real, exit code $status" && cat "$run.$turn.err" "$run.$turn.log" | tail -n 20; }
  done
  simulated=$("$judge" "$run.simulated.json") real=$("$judge" "$run.first.json")
  [[ $simulated == "$real" ]] || fail "$name: simulated $simulated, real $real"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.second.json") ]] || fail "$name: two runs with two digests"
  "$premortem" run --replay "$run.first.jsonl" --json >"$run.replayed.json" || fail "$name: replayed, exit code $?"
  [[ $(jq -r .digest "$run.first.json") == $(jq -r .digest "$run.replayed.json") ]] || fail "$name: replayed to another digest"
  printf '%-28s real %s, simulated %s\n' "$name" "$(counts "$run.first.json")" "$(counts "$run.simulated.json")"
}

# The broker's half of the incident: strategy $1, with the exporter in mode $2.
esr_broker() { play "broker-$1" esr-broker/esr-broker.jsonc exporter verdicts "$1" esr-broker/exporter.mjs "MODE=$2"; }

# The whole exporter in the incident itself, fourteen days of it: strategy $1, by $2=value... in its environment.
esr_exporter() {
  local strategy=$1
  shift
  play "exporter-$strategy" ../../scenarios/incidents/esr-export-write-conflict.jsonc exporter committed_verdicts "$strategy" \
    esr-exporter/exporter.mjs "$@"
}

# A program whose store falls: SCRAM, an election, a service over HTTP. The driver's own clock must not let time run away.
shop() { play shop shop/shop.jsonc shop verdicts as-happened shop/shop.mjs; }

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
