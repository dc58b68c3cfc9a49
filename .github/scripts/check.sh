#!/usr/bin/env bash
# Validates the configs that a change touches and compares them with the change's merge base. Runs at the repository's root; never fails for
# what it finds: that is the last step's part, after the comment.
#
#   GQLGEN                   the binary
#   GQLGEN_PATHS             configs or directories, one a line
#   GQLGEN_ALLOW_OUTSIDE     true: configs may name files outside of their folders
#   GQLGEN_BASE              revision to compare with; empty: that of the event
#   GQLGEN_FAIL_ON           least impact of a difference that counts
#   GQLGEN_FAIL_ON_FINDINGS  least level of a finding that counts
#   EVENT_BASE, EVENT_HEAD   the pull request's commits, as the event gives them
#
# Outputs: report and comment (files in Markdown), touched (true, or false where the change touches no config), validate-code and diff-code.
# Annotations go to the log, the report to the step's summary.
set -euo pipefail

: "${GQLGEN:?}"
output=${GITHUB_OUTPUT:-/dev/stdout}
folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/gqlgen-check.XXXXXX")
# Characters of a comment that GitHub takes, less room for its first line.
longest=65400

fail() { echo "::error title=gqlgen::$*"; exit 2; }

# In a container the checkout belongs to another user. File names are names, not patterns.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$PWD" GIT_LITERAL_PATHSPECS=1

commit() { git rev-parse --verify --quiet --end-of-options "$1^{commit}"; }

# The commit that the change starts from. A pull request's checkout is its merge with the base branch, whose first parent is what the
# branch holds now: compared with an older base, the differences of others would show too.
merge_base() {
  local wanted=${GQLGEN_BASE:-} shallow="the checkout is too shallow: give actions/checkout a fetch-depth of 0"
  if [ -z "$wanted" ]; then
    if [ -n "${EVENT_HEAD:-}" ] && [ "$(commit 'HEAD^2' || true)" = "$EVENT_HEAD" ]; then
      commit 'HEAD^1' || fail "$shallow"
      return
    fi
    wanted=${EVENT_BASE:-}
    [ -n "$wanted" ] || fail "this event has no base to compare with: give the input base"
  fi
  wanted=$(commit "$wanted" || commit "origin/$wanted") || fail "there is no such base in the checkout; $shallow"
  git merge-base "$wanted" HEAD || fail "the base and the head have no common commit here; $shallow"
}

# Configs among the names that come with NUL between them.
configs() {
  local name
  while IFS= read -r -d '' name; do
    case $name in gqlgen.yaml | */gqlgen.yaml | *.gqlgen.yaml) printf '%s\0' "$name" ;; esac
  done
}

# No text of others begins a line of the log: there it could be read as a command to the runner.
told() { sed 's/^/| /' "$1"; }

# A file's name as code that ends nowhere else.
shown() { printf "\`%s\`" "$(tr -c '[:alnum:]._/ -' '?' <<< "$1" | sed 's/?$//')"; }

base=$(merge_base) || { echo "$base"; exit 2; }
echo "compared with $base"

paths=()
gone=()
while IFS= read -r path; do
  path=${path%$'\r'}
  [ -n "$path" ] || continue
  # A folder whose last config has gone has nothing left to validate.
  if [ -n "$(git ls-files -z -- "$path" | configs | tr -d '\0')" ]; then paths+=("$path"); fi
  while IFS= read -r -d '' name; do gone+=("$name"); done < <(git diff --name-only --no-renames --diff-filter=D -z "$base" HEAD -- "$path" | configs)
done <<< "${GQLGEN_PATHS:-.}"

which=(--changed-since "$base")
[ "${GQLGEN_ALLOW_OUTSIDE:-false}" != true ] || which+=(--allow-outside)
validate=(--quiet validate "${which[@]}" --fail-on "${GQLGEN_FAIL_ON_FINDINGS:-error}")
diff=(--quiet diff "${which[@]}" --against "git:$base" --fail-on "${GQLGEN_FAIL_ON:-refused}")
validate_code=0 diff_code=0
touched=false
: > "$folder/findings.md"
: > "$folder/diff.md"
if [ ${#paths[@]} -gt 0 ]; then
  "$GQLGEN" "${validate[@]}" --format github -- "${paths[@]}" 2> "$folder/errors" || validate_code=$?
  told "$folder/errors"
  "$GQLGEN" "${validate[@]}" --format markdown -- "${paths[@]}" > "$folder/findings.md" 2> /dev/null || true
  [ -z "$("$GQLGEN" --quiet render "${which[@]}" -o - -- "${paths[@]}" 2>&1 | head -c 1)" ] || touched=true
fi
[ ${#gone[@]} -eq 0 ] || touched=true
if [ $touched = true ]; then
  "$GQLGEN" "${diff[@]}" --format markdown -- ${paths[@]+"${paths[@]}"} ${gone[@]+"${gone[@]}"} > "$folder/diff.md" 2> "$folder/errors" || diff_code=$?
  told "$folder/errors"
fi

rest() {
  if [ "$touched" = false ]; then
    printf '### gqlgen: this change touches no config\n'
    return
  fi
  cat "$folder/diff.md"
  [ "$diff_code" -lt 2 ] || printf '\nThe differences could not be worked out: the log of the step says why.\n'
  [ ${#gone[@]} -eq 0 ] || printf '\nGone, and no longer compared:\n\n'
  for name in ${gone[@]+"${gone[@]:0:20}"}; do printf -- '- %s: what it deployed stays until it is uninstalled\n' "$(shown "$name")"; done
  [ ${#gone[@]} -le 20 ] || printf -- '- and %d more\n' $((${#gone[@]} - 20))
}

# Findings that fail nothing are folded away.
folded() {
  if [ "$validate_code" -ne 0 ] || [ "$(wc -l < "$folder/findings.md")" -lt 2 ]; then
    cat "$folder/findings.md"
  else
    head -n 1 "$folder/findings.md"
    printf '\n<details><summary>What was found, and what was not checked</summary>\n'
    tail -n +2 "$folder/findings.md"
    printf '\n</details>\n'
  fi
}

rest > "$folder/rest.md"
[ "$touched" = true ] || : > "$folder/findings.md"
{ cat "$folder/rest.md"; [ ! -s "$folder/rest.md" ] || echo; folded; } > "$folder/report.md"
cp "$folder/report.md" "$folder/comment.md"
if [ "$(LC_ALL=C.UTF-8 wc -m < "$folder/comment.md")" -gt $longest ]; then
  { head -n 1 "$folder/findings.md"; printf '\nAll findings are in the summary of the check.\n\n'; cat "$folder/rest.md"; } > "$folder/comment.md"
fi
cat "$folder/report.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
{
  echo "report=$folder/report.md"
  echo "comment=$folder/comment.md"
  echo "touched=$touched"
  echo "validate-code=$validate_code"
  echo "diff-code=$diff_code"
} >> "$output"
