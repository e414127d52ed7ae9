#!/bin/bash
# Checks what the compiler does not: floors, who includes whom, exported names, the top level.
# usage: tree.sh LIBSECPROF.so
set -eu

failed=0
fail() {
    echo "tree: $*" >&2
    failed=1
}

# A file includes only its own floor and lower ones.
declare -A floor=([base]=0 [text]=1 [kb]=2 [model]=3 [format]=4 [sem]=4 [lint]=5 [ops]=5
    [report]=6 [api]=7)
for file in lib/*/*.[ch]; do
    own=$(cut -d/ -f2 <<< "$file")
    [ "$own" = include ] && continue
    [ -n "${floor[$own]:-}" ] || fail "$file: the floor '$own' is not in the plan"
    while read -r other; do
        # Tests may use the test floor and name their own header from anywhere.
        [ -n "${floor[$other]:-}" ] || continue
        if [ "${floor[$other]}" -gt "${floor[$own]}" ]; then
            fail "$file includes $other/, a floor above its own ($own)"
        fi
    done < <(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file")
done
for file in cmd/*.[ch]; do
    case $file in *_test.c) continue ;; esac
    if grep -nE '#include "[a-z]+/' "$file"; then
        fail "$file looks into the library; the command sees only <secprof.h>"
    fi
done

# A third-party header appears in one file, two at most (tests apart).
for header in yaml.h cJSON.h 'cjson/cJSON.h' seccomp.h pcre2.h; do
    count=$(grep -lE "#include <$header>" lib/*/*.c cmd/*.c | grep -cvE '_test\.c|_fuzz\.c' || true)
    [ "$count" -le 2 ] || fail "<$header> is included by $count files"
done

# Every header stands on its own feet.
for header in lib/*/*.h; do
    ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -fsyntax-only -Ilib -Ilib/include -x c "$header" ||
        fail "$header does not compile alone"
done

# What the header declares, the map exports, the library has, and a comment explains.
declared=$(sed -n 's/^\(secprof_[a-z_]*\)(.*/\1/p' lib/include/secprof.h | sort)
mapped=$(sed -n 's/^ *\(secprof_[a-z_]*\);/\1/p' lib/libsecprof.map | sort)
exported=$(nm -D --defined-only "$1" | sed -n 's/.* T \([a-z_]*\).*/\1/p' | sort)
[ "$declared" = "$mapped" ] || fail "secprof.h and libsecprof.map differ"
[ "$declared" = "$exported" ] || fail "secprof.h and the exported names differ"
awk '/^SECPROF_EXPORT/ && before !~ /\*\/$/ && before != "" { print FILENAME ":" FNR; bad = 1 }
     { before = $0 } END { exit bad }' lib/include/secprof.h ||
    fail "an exported function without a comment"

# Nothing but the house at the top.
if command -v git > /dev/null && git rev-parse --git-dir > /dev/null 2>&1; then
    stray=$(git ls-files | cut -d/ -f1 | sort -u |
        grep -vxE 'cmd|lib|data|profiles|testdata|docs|GNUmakefile|README\.md|LICENSE|\..*' || true)
    [ -z "$stray" ] || fail "the top level holds $stray"
fi

exit $failed
