#!/bin/sh
# Runs in a container and under `secprof apply`: programs that people run, and calls whose answers are
# printed, so that the two outputs can be compared.  Everything lies in /programs.
cd /programs || exit 125
export HOME=/programs PATH=/usr/local/bin:/usr/bin:/bin LC_ALL=C

said() {
    echo "$1: exit $2"
}

printf '#include <stdio.h>\nint main(void) { puts("built here"); return 3; }\n' > hello.c
gcc -O2 hello.c -o hello && ./hello
said gcc $?

if command -v python3 > /dev/null; then
    /usr/bin/python3 calls.py
    said python3 $?
fi
if command -v git > /dev/null; then
    git init --quiet tree && cd tree && echo text > file && git add file &&
        git -c user.name=a -c user.email=a@b commit --quiet --message first && git log --format=%s
    said git $?
    cd ..
fi
if command -v node > /dev/null; then
    node -e '
        const { execSync } = require("child_process");
        const { Worker } = require("worker_threads");
        console.log(execSync("echo child").toString().trim());
        new Worker("1", { eval: true }).on("exit", (code) => console.log("worker", code));'
    said node $?
fi
if [ -x int80 ]; then
    ./int80
    said '32-bit program' $?
fi
unshare -U true 2> /dev/null
said 'unshare -U' $?
unshare -m true 2> /dev/null
said 'unshare -m' $?
