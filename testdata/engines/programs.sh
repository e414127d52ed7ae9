#!/bin/bash
# The same programs in a real container under Docker's default profile and under `secprof apply`: what
# they print must be the same, line by line.  Called by check.sh, with its dockerd and its folder.
# usage: programs.sh SECPROF WORK
set -eu

secprof=$1 work=$2
folder=$(dirname "$(realpath "$0")")/programs

if ! command -v gcc > /dev/null; then
    echo "programs: gcc is not installed: nothing was run"
    exit 0
fi

# What a container by Docker does not get.
dropped=AUDIT_CONTROL,AUDIT_READ,BLOCK_SUSPEND,BPF,CHECKPOINT_RESTORE,DAC_READ_SEARCH,IPC_LOCK
dropped+=,IPC_OWNER,LEASE,LINUX_IMMUTABLE,MAC_ADMIN,MAC_OVERRIDE,NET_ADMIN,NET_BROADCAST,PERFMON
dropped+=,SYSLOG,SYS_ADMIN,SYS_BOOT,SYS_MODULE,SYS_NICE,SYS_PACCT,SYS_PTRACE,SYS_RAWIO
dropped+=,SYS_RESOURCE,SYS_TIME,SYS_TTY_CONFIG,WAKE_ALARM

# A tree that shows this machine's programs.
root=$work/programs
mkdir -p "$root"/{usr,etc,tmp,proc,sys,dev,var,programs,secprof}
for name in bin sbin lib lib32 lib64; do
    [ ! -e "/usr/$name" ] || ln -s "usr/$name" "$root/$name"
done
tar -C "$root" -c . | docker import - programs > /dev/null

furnish() {
    mkdir "$1"
    cp "$folder/inside.sh" "$folder/calls.py" "$1"
    gcc -m32 -nostdlib -static -fno-pie -no-pie -O1 -fno-stack-protector "$folder/int80.c" \
        -o "$1/int80" 2> /dev/null || echo "programs: no 32-bit program can be built here"
}

version() {
    "$1" --version | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1
}

furnish "$work/inside"
docker run --rm --network none --security-opt seccomp="$work/docker.json" \
    --volume /usr:/usr:ro --volume /etc:/etc:ro --volume "$work/inside:/programs" \
    programs /bin/sh /programs/inside.sh > "$work/inside.txt" 2> "$work/inside.err" || true

furnish "$work/applied"
for pair in /usr:usr /etc:etc /dev:dev "$work/applied:programs" "$(dirname "$secprof"):secprof"; do
    mount --bind "${pair%:*}" "$root/${pair##*:}"
done
mount -t proc proc "$root/proc"
chroot "$root" "/secprof/$(basename "$secprof")" apply --engine "docker@$(version dockerd)" \
    --runtime "runc@$(version runc)" --cap-drop "$dropped" -- /bin/sh /programs/inside.sh \
    > "$work/applied.txt" 2> "$work/applied.err" || true
umount --lazy "$root"/{usr,etc,dev,programs,secprof,proc}

lines=$(wc -l < "$work/inside.txt")
if [ "$lines" -gt 0 ] && diff -u "$work/inside.txt" "$work/applied.txt"; then
    echo "programs: $lines lines alike in a container and under apply"
    echo "1 passed, 0 failed"
else
    tail -n 3 "$work/inside.err" "$work/applied.err"
    echo "programs: a container and apply differ"
    echo "0 passed, 1 failed"
    exit 1
fi
