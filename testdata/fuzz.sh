#!/bin/sh
# Runs one fuzz target for some seconds, from the test data as seeds.
# usage: fuzz.sh TARGET SECONDS FOLDER
set -eu

name=$(basename "$1")
corpus=$3/corpus-$name
mkdir -p "$corpus"
seeds=testdata/json
case $name in
yaml*) seeds=testdata/yaml ;;
json*) ;;
*_read) [ ! -d "testdata/formats/${name%_read}" ] || seeds=testdata/formats/${name%_read} ;;
lint*) seeds="testdata/json testdata/lint/form testdata/lint/names testdata/lint/args testdata/engines/traps" ;;
esac
# shellcheck disable=SC2086 # a list of folders
"$1" -max_total_time="$2" -timeout=60 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$3/crash-$name-" "$corpus" $seeds
