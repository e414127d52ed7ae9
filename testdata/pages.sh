#!/bin/sh
# The pages of docs/rules/ are made by the command from the knowledge base.
# usage: pages.sh SECPROF write|check
set -eu

secprof=$1
target=docs/rules
if [ "$2" = check ]; then
    target=$(mktemp -d)
    trap 'rm -rf "$target"' EXIT
fi
mkdir -p "$target"

{
    echo '# The rules of the linter'
    echo
    echo 'Made by `make docs` from `data/rules/`. `secprof explain CODE` prints the same.'
    echo
    echo '| code | name | severity | finds |'
    echo '|---|---|---|---|'
} > "$target/README.md"
for file in data/rules/SP*.yaml; do
    name=$(basename "$file" .yaml)
    code=${name%%-*}
    "$secprof" explain --format markdown "$code" > "$target/$name.md"
    severity=$(sed -n 's/^Severity: \([a-z]*\)\..*/\1/p' "$target/$name.md")
    summary=$(sed -n 3p "$target/$name.md")
    echo "| [$code]($name.md) | ${name#*-} | $severity | $summary |" >> "$target/README.md"
done

if [ "$2" = check ] && ! diff -r "$target" docs/rules; then
    echo 'pages: docs/rules is not what `make docs` would write' >&2
    exit 1
fi
