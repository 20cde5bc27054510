#!/usr/bin/env bash
# Checks the model of publishing and clean-up with Spin: every state of the protocol, and an error for each fault.
# Usage: tests/Model/check.sh. Needs spin and gcc, 2 GB of memory a processor, and one to two minutes.
set -uo pipefail
model=$(cd "$(dirname "$0")" && pwd)/cleanup.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export model work

# Runs one search: check <holds|fails> <title> <options>
check() {
  local expected=$1 title=$2 options=$3 folder found states seconds=$SECONDS
  folder=$(mktemp -d -p "$work") && cd "$folder" || return 1
  # shellcheck disable=SC2086 # options are several words
  spin -a $options "$model" >spin.log 2>&1 && gcc -O2 -w -DSAFETY -DMEMLIM=4000 -o pan pan.c 2>>spin.log || {
    echo "ERROR  $title: the model does not compile"
    cat spin.log
    return 1
  }
  timeout 600 ./pan -E -m15000000 -w23 >pan.log 2>&1
  states=$(sed -nE 's/^ *([0-9.e+]+) states, stored.*/\1/p' pan.log)
  if grep -q 'assertion violated' pan.log; then
    found=fails
  elif grep -q 'errors: 0' pan.log && ! grep -qiE 'search not completed|too small|out of memory' pan.log; then
    found=holds
  else
    found='is incomplete'
  fi
  seconds=$((SECONDS - seconds))
  if [ "$found" = "$expected" ]; then
    printf 'ok     %-72s %s, %9s states, %3d s\n' "$title" "$found" "$states" "$seconds"
  else
    echo "ERROR  $title: the search $found, and should find that it $expected"
    tail -n 40 pan.log
    # The steps to the error
    if [ -f cleanup.pml.trail ]; then
      # shellcheck disable=SC2086
      spin -t -p -g $options -k cleanup.pml.trail "$model" 2>/dev/null | tail -n 60
    fi
    return 1
  fi
}
export -f check

small='-DPURGES=1'
# The largest searches first.
searches() {
  cat <<LIST
holds|folder: 2 writers, 2 purges, 2 batches at a time|
holds|bucket: 2 writers, 2 purges, 2 batches at a time, late requests|-DBUCKET
holds|folder: 2 objects|$small -DWRITERS=1 -DOBJECTS=2
holds|bucket: 2 objects|$small -DWRITERS=1 -DOBJECTS=2 -DBUCKET
holds|folder: a reader finds every object|$small -DWRITERS=1 -DBATCHES=3 -DREADER
holds|bucket: a reader finds every object|$small -DWRITERS=1 -DBATCHES=3 -DREADER -DBUCKET
holds|without intents, check after commit, no crash: folder|$small -DCHECK_TWICE -DNO_CRASH
holds|without intents, check after commit, no crash: bucket|$small -DCHECK_TWICE -DNO_CRASH -DBUCKET
fails|without intents, crash after commit|$small -DCHECK_TWICE
fails|without intents, no check after commit|$small -DCHECK_TWICE -DNO_CRASH -DNO_SECOND_CHECK
fails|without intents, inventory read after versions|$small -DCHECK_TWICE -DNO_CRASH -DINVENTORY_LATE
fails|objects checked before the intent|$small -DCHECK_BEFORE_INTENT
fails|commit of a void intent|$small -DIGNORE_VOID
fails|purge leaves intents open|$small -DNO_VOID
fails|intents made void after versions were read|$small -DVOID_LATE
fails|inventory read after versions|$small -DINVENTORY_LATE
fails|trash listed after versions were read|$small -DNO_INVENTORY
fails|object moved again to a batch with an inventory|$small -DMOVE_AGAIN
fails|bucket: inventory while a delete can still be executed|$small -DBUCKET -DEARLY_INVENTORY
fails|reader that looks only once|$small -DWRITERS=1 -DREADER -DPASSES=0
LIST
}

# An argument of a search is a line; processors share the lines.
searches | tr '\n' '\0' |
  xargs -0 -P "$(nproc)" -I{} bash -c 'IFS="|" read -r expected title options <<<"$1"; check "$expected" "$title" "$options"' _ {}
