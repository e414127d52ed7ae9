#!/bin/sh
# Installs the packages named as arguments that are not there yet.
set -eu

if ! command -v apt-get > /dev/null; then
    echo "make deps knows Debian and Ubuntu only; install what these packages hold:" >&2
    echo "    $*" >&2
    exit 1
fi

missing=
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q ' installed$' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
fi
echo "installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing
