#!/usr/bin/env bash
# Keeps one comment on a pull request: made where there is none, else updated.
#
#   GITHUB_API_URL, GITHUB_REPOSITORY  where; GITHUB_TOKEN  as whom
#   PULL_REQUEST    its number
#   COMMENT_FILE    the text, in Markdown
#   COMMENT_CREATE  false: only an existing comment is updated
#   COMMENT_KEY     tells apart the comments of several checks
#   COMMENT_AUTHOR  only comments of this account are touched: anybody can write the mark by which ours is known
#
# A token that may not write, as for a pull request from a fork, is a warning: the report is in the step's summary all the same.
set -euo pipefail

fail() { echo "::error title=gqlgen::$*"; exit 2; }

: "${GITHUB_TOKEN:?}" "${COMMENT_FILE:?}" "${COMMENT_AUTHOR:=github-actions[bot]}" "${COMMENT_KEY:=default}"
api=${GITHUB_API_URL:-https://api.github.com}
[[ ${PULL_REQUEST:-} =~ ^[0-9]+$ ]] || fail "PULL_REQUEST is a number"
[[ $COMMENT_KEY =~ ^[A-Za-z0-9_.-]+$ ]] || fail "comment-key takes letters, digits, and . _ -"
[[ ${GITHUB_REPOSITORY:-} =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]] || fail "GITHUB_REPOSITORY is owner/name"
# The token goes nowhere in the clear.
case $api in https://* | http://127.0.0.1:* | http://localhost:*) ;; *) fail "GITHUB_API_URL is not a https URL" ;; esac

repository=$api/repos/$GITHUB_REPOSITORY
mark="<!-- gqlgen-check: $COMMENT_KEY -->"
folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/gqlgen-comment.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# Sets `status`; the answer is in $folder/answer. Only a reading request is tried again: a second POST could be a second comment.
# The token comes by standard input, where no list of processes shows it.
request() { # METHOD URL [BODY]
  local arguments=(--silent --show-error --max-time 60 --output "$folder/answer" --write-out '%{http_code}' --request "$1")
  [ "$1" != GET ] || arguments+=(--retry 3)
  [ $# -lt 3 ] || arguments+=(--header 'Content-Type: application/json' --data-binary "@$3")
  status=$(printf 'Authorization: Bearer %s\n' "$GITHUB_TOKEN" | curl "${arguments[@]}" --header @- \
    --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' --url "$2") || fail "the API at $api cannot be reached"
  case $status in
    2??) ;;
    401 | 403)
      echo "::warning title=gqlgen::The token may not comment ($status): the report is in the summary. The job needs pull-requests: write."
      exit 0
      ;;
    *) fail "the API answers $status to $1 for the comment" ;;
  esac
}

# Sets `ours`: the ids of our comments, the oldest first.
list() {
  local page=1
  ours=()
  while :; do
    request GET "$repository/issues/$PULL_REQUEST/comments?per_page=100&page=$page"
    while IFS= read -r id; do ours+=("$id"); done < <(jq -r --arg mark "$mark" --arg author "$COMMENT_AUTHOR" \
      '.[] | select(.user.login == $author and ((.body // "") | startswith($mark))) | .id' "$folder/answer" | tr -d '\r')
    [ "$(jq length "$folder/answer" | tr -d '\r')" -eq 100 ] || return 0
    page=$((page + 1))
  done
}

# Two runs at once can each find no comment and make one. The oldest stays.
single() {
  local id
  [ ${#ours[@]} -gt 0 ] || return 0
  request PATCH "$repository/issues/comments/${ours[0]}" "$folder/body"
  for id in "${ours[@]:1}"; do request DELETE "$repository/issues/comments/$id"; done
}

# GitHub takes 65,536 characters.
jq -Rs --arg mark "$mark" '{body: ($mark + "\n" + .)[0:65500]}' "$COMMENT_FILE" > "$folder/body"
list
if [ ${#ours[@]} -gt 0 ]; then
  single
  echo "updated the comment ${ours[0]}"
elif [ "${COMMENT_CREATE:-true}" = true ]; then
  request POST "$repository/issues/$PULL_REQUEST/comments" "$folder/body"
  echo "made the comment $(jq .id "$folder/answer")"
  list
  [ ${#ours[@]} -le 1 ] || single
else
  echo "nothing to say, and no comment to update"
fi
