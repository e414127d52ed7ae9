#!/bin/bash
# Starts real containers under profiles and compares what they are answered with what we say
# that they are.  Needs root; uses what is installed of runc, crun and dockerd.
# usage: check.sh HARNESS PROBE SECPROF [WORD-FOR-THE-HARNESS...]
set -eu

folder=$(dirname "$0")

if [ "$(id -u)" != 0 ]; then
    echo "containers are started as root only" >&2
    exit 1
fi

# In namespaces of our own: whatever is started or mounted here ends with us, and crun gets a
# cgroup tree that is not half version 1 and half version 2.
if [ -z "${SECPROF_ENGINES_INSIDE:-}" ]; then
    export SECPROF_ENGINES_INSIDE=1
    exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi
harness=$(realpath "$1") probe=$(realpath "$2") secprof=$(realpath "$3")
mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified

work=$(mktemp -d)
daemon=
# shellcheck disable=SC2317  # called by trap
clean() {
    if [ -n "$daemon" ]; then
        kill "$daemon"
        wait "$daemon" || true
    fi
    umount --lazy --recursive "$work"/docker* 2> /dev/null || true
    rm -rf "$work"
}
trap clean EXIT
mkdir -p "$work"/rootfs/{proc,dev,sys,etc}
touch "$work/rootfs/io"
install -m 755 "$probe" "$work/rootfs/probe"
chmod 755 "$work"

# The first version in "Docker version 20.10.24+dfsg1, build 5d6db84".
version() {
    "$1" --version | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1
}

engines=()
for engine in runc crun dockerd; do
    if command -v "$engine" > /dev/null; then
        engines+=("${engine%d}=$(version "$engine")")
    else
        echo "$engine is not installed: what it does is left out"
    fi
done
if [ ${#engines[@]} = 0 ]; then
    echo "no engine is installed: nothing was compared" >&2
    exit 1
fi

if command -v dockerd > /dev/null; then
    dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs \
        --data-root "$work/docker" --exec-root "$work/docker-exec" \
        --pidfile "$work/docker.pid" --host "unix://$work/docker.sock" \
        > "$work/docker.log" 2>&1 &
    daemon=$!
    export DOCKER_HOST="unix://$work/docker.sock"
    for _ in $(seq 100); do
        docker version > /dev/null 2>&1 && break
        sleep 0.2
    done
    if ! tar -C "$work/rootfs" -c . | docker import - probe > /dev/null; then
        tail -n 5 "$work/docker.log" >&2
        exit 2
    fi
fi

status=0
"$harness" "$folder" "$work" "${engines[@]}" "${@:4}" || status=$?
if [ -n "$daemon" ]; then
    "$folder/programs.sh" "$secprof" "$work" || status=1
fi
exit $status
