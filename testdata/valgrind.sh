#!/bin/sh
# Runs the command under valgrind over inputs of every kind: no bad access, no leak.
# usage: valgrind.sh SECPROF
set -eu

run() {
    status=0
    valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all "$@" \
        > /dev/null 2> "$log" || status=$?
    if [ "$status" = 99 ]; then
        echo "valgrind: $*" >&2
        cat "$log" >&2
        exit 1
    fi
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for format in text concise json; do
    run "$1" lint --format $format docker testdata/lint
done
run "$1" lint --list-rules
run "$1" lint /nowhere.json --select SP9999
run "$1" explain bpf clone CAP_SYS_ADMIN SP101 @mount ENOSYS 435 fstatat umont
run "$1" explain --format json socket
run "$1" help lint
echo 'valgrind: clean'
