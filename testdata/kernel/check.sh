#!/bin/bash
# Compares filters with the kernel: programs written by hand, what `secprof apply` would load for
# default profiles in environments that differ, and what profiles mean, default and generated.
# usage: check.sh HARNESS PROBE SECPROF
set -eu

harness=$1 probe=$2 secprof=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

while read -r options; do
    # The options are words of ours, split on purpose.
    # shellcheck disable=SC2086
    "$secprof" apply $options --print bpf > "$folder/apply $options.bpf"
done << 'END'
--runtime runc
--runtime runc@1.1.5
--runtime crun
--caps none
--caps all
--cap-add SYS_ADMIN
--kernel 4.7
--profile podman --engine podman --runtime crun
END
"$harness" "$probe" programs "$folder"/*.bpf docker podman generated
