#!/usr/bin/env bash
# One run, one digest: whatever compiler, optimisation level, processor features and thread count.
#   tests/determinism/compare_digests.sh [PRESETS]
# Builds the command by further presets (unless others are given, unoptimised: g++ -O0; and clang: clang++ -O3
# -march=native; CI gives clang and asan, clang++ -O1, which it has built already), and compares the digests of every
# incident and three seeds with those of build/release/premortem; then 20 runs of one; then `compare` over one and two
# threads. Exits with 0 if all are equal, 1 if one differs, 77 if there is no command to ask.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

presets=("$@")
[[ $# -gt 0 ]] || presets=(unoptimised clang)
seeds=(1 2 3)
repetitions=20
release=build/release/premortem

if [[ ! -x $release ]]; then
  echo "NOT RUN: there is no $release; ./dev build makes it"
  exit 77
fi
for preset in "${presets[@]}"; do
  echo "building premortem as preset $preset says"
  cmake --preset "$preset" --log-level=WARNING >/dev/null
  cmake --build "build/$preset" --parallel "$(nproc)" --target premortem | tail -n 1
done

shopt -s nullglob
scenarios=(scenarios/incidents/*.jsonc)
if [[ ${#scenarios[@]} == 0 ]]; then
  echo "error: there is no scenario in scenarios/incidents: nothing was compared"
  exit 1
fi

compared=0 different=0

# The digest of one run. A verdict other than 0 still has one: 1 is "different", 3 "not exercised".
digest_of() {
  local command=$1 file=$2 seed=$3 output status=0 digest
  output=$("$command" run "$file" --seed "$seed" --json) || status=$?
  digest=$(jq -r '.digest // empty' <<<"$output" || true)
  if [[ ! $digest =~ ^[0-9a-f]{32}$ ]]; then
    echo "error: $command run $file --seed $seed --json ended with $status and has no digest of 32 hex digits" >&2
    return 1
  fi
  printf '%s\n' "$digest"
}

# Says aloud whether $2 (of $3) equals $1 (of the release build).
expect_equal() {
  compared=$((compared + 1))
  [[ $1 == "$2" ]] && return
  different=$((different + 1))
  echo "DIFFERENT: $3"
  echo "    $release: $1"
  echo "    there: $2"
}

for file in "${scenarios[@]}"; do
  for seed in "${seeds[@]}"; do
    expected=$(digest_of "$release" "$file" "$seed")
    echo "$expected  $file --seed $seed"
    for preset in "${presets[@]}"; do
      found=$(digest_of "build/$preset/premortem" "$file" "$seed")
      expect_equal "$expected" "$found" "build/$preset/premortem run $file --seed $seed --json"
    done
  done
done

# Another seed must give another digest, or the comparisons above compare a constant.
if [[ $(digest_of "$release" "${scenarios[0]}" 1) == $(digest_of "$release" "${scenarios[0]}" 2) ]]; then
  echo "DIFFERENT from what it should be: seeds 1 and 2 of ${scenarios[0]} have one digest"
  different=$((different + 1))
fi

expected=$(digest_of "$release" "${scenarios[0]}" 1)
for ((run = 1; run <= repetitions; ++run)); do
  found=$(digest_of "$release" "${scenarios[0]}" 1)
  expect_equal "$expected" "$found" "run $run of $repetitions of ${scenarios[0]}"
done

# Everything that `compare` says is made of its runs: with two threads it must say the same, byte by byte.
said_by_compare() {
  local output status=0
  output=$("$release" compare "$1" --threads "$2" --runs 8 --no-store --json) || status=$?
  if ! jq -e . >/dev/null 2>&1 <<<"$output"; then
    echo "error: $release compare $1 --threads $2 --json ended with $status and wrote no JSON" >&2
    return 1
  fi
  sha256sum <<<"$output" | cut -c 1-32
}
for file in "${scenarios[@]}"; do
  one=$(said_by_compare "$file" 1)
  two=$(said_by_compare "$file" 2)
  echo "$one  compare $file"
  expect_equal "$one" "$two" "compare $file --threads 2 --json"
done

echo "$compared digests compared, $different different"
((different == 0))
