#!/bin/sh
# Pages and profiles that the command makes from the knowledge base.
# usage: pages.sh SECPROF write|check
set -eu

secprof=$1
if [ "$2" = check ]; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
else
    root=.
fi
mkdir -p "$root/docs/rules" "$root/profiles"

# ---- docs/rules ------------------------------------------------------------------------------------

index=$root/docs/rules/README.md
{
    echo '# The rules of the linter'
    echo
    echo 'Made by `make docs` from `data/rules/`. `secprof explain CODE` prints the same.'
    echo
    echo '| code | name | severity | finds |'
    echo '|---|---|---|---|'
} > "$index"
for file in data/rules/SP*.yaml; do
    name=$(basename "$file" .yaml)
    code=${name%%-*}
    page=$root/docs/rules/$name.md
    "$secprof" explain --format markdown "$code" > "$page"
    severity=$(sed -n 's/^Severity: \([a-z]*\)\..*/\1/p' "$page")
    summary=$(sed -n 3p "$page")
    echo "| [$code]($name.md) | ${name#*-} | $severity | $summary |" >> "$index"
done

# ---- profiles --------------------------------------------------------------------------------------

table=$root/releases
{
    echo '| profile | release | since |'
    echo '|---|---|---|'
} > "$table"
for name in docker podman containerd; do
    "$secprof" emit "$name" -o "$root/profiles/$name-default.json"
    "$secprof" emit --list "$name" | awk -F '  +' -v name="$name" \
        'NR == 1 { n = split($2, releases, / to |, /)
                   printf "| `%s-default.json` | %s | %s |\n", name, releases[n], $1 }' >> "$table"
done
awk -v table="$table" '
    /<!-- end of releases -->/ { inside = 0 }
    !inside { print }
    /<!-- releases -->/ { inside = 1; while ((getline line < table) > 0) print line }
' profiles/README.md > "$root/profiles/README.new"
mv "$root/profiles/README.new" "$root/profiles/README.md"
rm "$table"

# ---- the check -------------------------------------------------------------------------------------

if [ "$2" = check ]; then
    for folder in docs/rules profiles; do
        if ! diff -r "$root/$folder" "$folder"; then
            echo "pages: $folder is not what \`make docs\` would write" >&2
            exit 1
        fi
    done
fi
