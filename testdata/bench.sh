#!/bin/bash
# Measures the main commands: instructions (they repeat exactly) and processor time of many runs.
# usage: bench.sh SECPROF FOLDER MEANING_BENCH
set -eu

secprof=$1
folder=$2
meaning=$3
runs=200

# Instructions of one run, start-up and all, as callgrind counts them.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# Processor time of one run in microseconds, the mean of many.
cpu_time() {
    local TIMEFORMAT='%U %S'
    { time for ((i = 0; i < runs; i++)); do "$@" > /dev/null 2>&1 || true; done; } 2>&1 |
        awk -v runs=$runs '{ printf "%.0f", ($1 + $2) * 1e6 / runs }'
}

# The control: a program that links the same libraries and does nothing.
mkdir -p "$folder"
echo 'int main(void) { return 0; }' > "$folder/empty.c"
cc -O2 -Wl,--no-as-needed "$folder/empty.c" -lcjson -lyaml -o "$folder/empty"

row() {
    local name=$1
    shift
    printf '%-44s %8s us %12s instructions\n' "$name" "$(cpu_time "$@")" "$(instructions "$@")"
}

# The command with these words.
of() {
    row "secprof $*" "$secprof" "$@"
}

# Docker's default in another format, whatever it loses.
emit() {
    row "secprof emit --format $1 docker" "$secprof" emit --allow-loss --format "$1" docker
}

row 'empty program, same libraries' "$folder/empty"
of --version
of explain bpf
of explain CAP_SYS_ADMIN
of explain --format json clone
of explain SP101
of lint docker
of lint testdata/tour/web.json
of lint testdata/formats/minijail/rich.policy
of emit docker
of emit docker@1.13.0
for format in oci spo systemd minijail kafel firejail c bpf; do
    emit $format
done

# What a profile means, measured inside one process; the limits are goals of the design.
for question in one all; do
    "$meaning" $question || failed=1
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=ask_once \
        "$meaning" $question once 2>&1 > /dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p' |
        awk '{ printf "%-44s %24s instructions\n", "", $1 }'
done
exit "${failed:-0}"
