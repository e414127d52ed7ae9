#!/bin/bash
# Starts services under real filters of systemd and compares these with what is read in their
# units.  Needs root, and a kernel that gives filters away (CONFIG_CHECKPOINT_RESTORE); a user's
# manager is started in namespaces of its own, whatever runs outside.
# usage: systemd.sh HARNESS
set -eu

skip() {
    echo "systemd is not asked: $*"
    exit 0
}

manager=/lib/systemd/systemd
[ "$(uname -m)" = x86_64 ] || skip "the units are of x86_64"
[ "$(id -u)" = 0 ] || skip "services are started as root only"
[ -x "$manager" ] || skip "$manager is not installed"
unshare --mount --pid --fork true 2> /dev/null || skip "there are no namespaces"

# Whatever is started or mounted here ends with us; but groups of processes stay until they are
# removed.
if [ -z "${SECPROF_SYSTEMD_GROUP:-}" ]; then
    export SECPROF_SYSTEMD_GROUP=secprof-$$
    status=0
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$0" "$@" ||
        status=$?
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount --propagation private sh -c 'mount -t cgroup2 cgroup2 /mnt 2> /dev/null &&
        find "/mnt/$SECPROF_SYSTEMD_GROUP" -depth -type d -exec rmdir {} +' || true
    exit $status
fi
harness=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The program must not need any call but these two.
cat > "$work/idle.c" << 'END'
void _start(void)
{
    for (;;) {
        long number = 34; /* pause */
        __asm__ volatile("syscall" : "+a"(number) : : "rcx", "r11", "memory");
    }
}
END
${CC:-cc} -O1 -nostdlib -static -fno-stack-protector "$work/idle.c" -o "$work/idle"

# Units in the home of a user who has nothing else.
export HOME=$work/home XDG_RUNTIME_DIR=/run/user/0
unset XDG_CONFIG_HOME XDG_DATA_HOME
units=$HOME/.config/systemd/user
mkdir -p "$units"
"$harness" units "$units" "$work/idle"
{
    echo '[Unit]'
    for unit in "$units"/*.service; do
        echo "Wants=$(basename "$unit")"
    done
} > "$units/all.target"

# A machine that was booted with systemd, as far as the manager can see, with a cgroup tree of its
# own and without generators.
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0
for folder in /usr/lib/systemd/user-environment-generators /usr/lib/systemd/user-generators; do
    [ ! -d $folder ] || mount -t tmpfs tmpfs $folder
done
umount --lazy --recursive /sys/fs/cgroup 2> /dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup || skip "there is no cgroup tree of version 2"
group=/sys/fs/cgroup/$SECPROF_SYSTEMD_GROUP
mkdir "$group" && echo $$ > "$group/cgroup.procs"
"$manager" --user --unit=all.target > "$work/log" 2>&1 < /dev/null &

wanted=$(printf '%s\n' "$units"/*.service | wc -l)
for _ in $(seq 100); do
    [ "$(pgrep -fc "^$work/idle u")" -lt "$wanted" ] || break
    sleep 0.1
done

passed=0 failed=0
for unit in "$units"/*.service; do
    name=$(basename "$unit" .service)
    pid=$(pgrep -f "^$work/idle $name\$") || {
        echo "$unit: does not run"
        failed=$((failed + 1))
        continue
    }
    if "$harness" compare "$unit" "$pid" > "$work/said"; then
        passed=$((passed + 1))
    else
        cat "$work/said"
        failed=$((failed + 1))
    fi
done
echo "$("$manager" --version | head -1): filters of $((passed + failed)) units"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
