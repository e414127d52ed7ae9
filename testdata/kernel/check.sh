#!/bin/bash
# Compares filters with the kernel: programs written by hand, and what `secprof apply` would load for
# Docker's default in environments that differ.
# usage: check.sh HARNESS PROBE SECPROF
set -eu

harness=$1 probe=$2 secprof=$3
program=$(mktemp)
trap 'rm -f "$program"' EXIT

"$harness" "$probe"
while read -r options; do
    # The options are words of ours, split on purpose.
    # shellcheck disable=SC2086
    "$secprof" apply $options --print bpf > "$program"
    result=$("$harness" "$probe" "$program")
    echo "docker $options: $result"
done << 'END'
--runtime runc
--runtime runc@1.1.5
--runtime crun
--caps none
--caps all
--cap-add SYS_ADMIN
--kernel 4.7
END
