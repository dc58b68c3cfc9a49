#!/usr/bin/env bash
# The action's own steps, as action.yml has them, on throw-away repositories with a change; a server on loopback stands for the forge.
# shellcheck source=tests/delivery/lib.sh
. "$(dirname "$0")/lib.sh"
need python3 curl jq git tar
python3 -c 'import yaml' 2> /dev/null || skip "PyYAML is not installed"
gqlgen_binary
own_git
lay_release "$work/releases"

others="sed -i 's/5m/7m/' gamma.gqlgen.yaml"

config() { # NAME
  printf '%s\n' 'apiVersion: gqlgen/v1' 'extends: base.yaml' "release: $1" "namespace: $1" "schema: $1.json" \
    'ingress: { class: alb, scheme: internal, hosts: [graphql.example.com], stickiness: 5m }'
}
repository() { # FOLDER: three configs and what they share, on main
  local name
  rm -rf "$1"
  git init -q "$1"
  cd "$1"
  printf '%s\n' 'scalardb: "3.8"' 'database: { storage: dynamo, contactPoints: ap-northeast-1, credentials: { existingSecret: login } }' > base.yaml
  for name in alpha beta gamma; do
    config $name > $name.gqlgen.yaml
    echo '{"shop.item": {"transaction": true, "partition-key": ["id"], "columns": {"id": "TEXT", "n": "INT"}}}' > $name.json
  done
  git add . && git commit -qm "Three deployments"
}

# The pull request of branch `change`: main goes on meanwhile, and the checkout is the merge of both, two commits deep, as the forge and
# actions/checkout make it.
pull_request() { # FOLDER
  local base head
  cd "$1"
  base=$(git rev-parse main) head=$(git rev-parse change)
  git switch -q main
  eval "$others"
  git commit -qam "Another's change" --allow-empty
  git switch -q -c merge && git merge -q --no-ff -m merge change
  git clone -q --depth 2 --branch merge "file://$1" "$work/checkout"
  cd "$work/checkout"
  printf '{"pull_request": {"number": 7, "base": {"sha": "%s"}, "head": {"sha": "%s"}}}' "$base" "$head" > "$work/event.json"
}
change() { # COMMAND: in a new repository, on the branch `change`; then the pull request
  rm -rf "$work/checkout"
  repository "$work/repository"
  git switch -q -c change
  eval "$1"
  git add -A . && git commit -qm "A change"
  pull_request "$work/repository"
}
# Exit code in `code`, the log in $work/log, the summary in $work/summary.
action() { # INPUT=VALUE...
  code=0
  rm -rf "$work/temp" && mkdir "$work/temp"
  : > "$work/summary"
  : > "$work/requests"
  env RUNNER_TEMP="$work/temp" GITHUB_STEP_SUMMARY="$work/summary" GITHUB_API_URL="$url" GITHUB_REPOSITORY=owner/shop \
    python3 "$here/run_action.py" --action "$root" --event "$work/event.json" "mirror=$url/releases" "$@" \
    > "$work/log" 2>&1 || code=$?
}
asked() { jq -r "select(.method == \"$1\") | .path" "$work/requests"; }
writes() { jq -r 'select(.method == "POST" or .method == "PATCH" or .method == "DELETE") | .method' "$work/requests" | xargs; }
body() { jq -r 'select(.body) | .body.body' "$work/requests" > "$work/body"; }

echo "-- a change of one config, and the same again"
serve "$work/releases"
change "sed -i 's/internal/internet-facing/' alpha.gqlgen.yaml"
action fail-on=never fail-on-findings=error
equal "nothing fails the check" "$code" 0
equal "the first run makes a comment" "$(writes)" POST
body
has "it is ours by its first line" "$work/body" "<!-- gqlgen-check: default -->"
has "it says what is destroyed" "$work/body" "replace"
has "it names the changed deployment" "$work/body" alpha
has_not "not what another changed on main" "$work/body" gamma
has_not "nor what nobody changed" "$work/body" beta
has "the summary has the report" "$work/summary" alpha
equal "the token goes in a header" "$(jq -r 'select(.method == "POST") | .authorization' "$work/requests")" "Bearer a-token"
action fail-on=never
equal "the second run updates it" "$(writes)" PATCH
equal "the comment that it made" "$(asked PATCH)" /repos/owner/shop/issues/comments/1
action fail-on=replace
equal "fail-on: replace fails the check" "$code" 1
has "and says why" "$work/log" "::error title=gqlgen::the change has an impact of replace or graver"
equal "the comment is there before that" "$(writes)" PATCH
action fail-on=refused
equal "fail-on: refused does not" "$code" 0
action fail-on=never comment=false
equal "comment: false asks the forge nothing" "$(asked GET | grep -c comments || true)" 0
action fail-on=sometimes
equal "a fail-on that is none fails" "$code" 1

echo "-- through extends, and through a table"
change "sed -i 's/\"3.8\"/\"3.9\"/' base.yaml"
action fail-on=never
body
for name in alpha beta gamma; do has "a base file touches $name" "$work/body" $name; done
change "sed -i 's/\"INT\"/\"INT\", \"more\": \"TEXT\"/' beta.json"
action fail-on=never
body
has "a table touches the config that names it" "$work/body" beta
has_not "and no other" "$work/body" alpha

echo "-- a misspelt key"
change "echo 'replica: 4' >> alpha.gqlgen.yaml"
action fail-on=never
equal "it fails the check" "$code" 1
has "it is annotated at its line" "$work/log" "::error file=alpha.gqlgen.yaml,line=7"
body
has "the comment has it" "$work/body" "CFG"

echo "-- nothing that concerns a config"
change "echo hello > README"
action
equal "the check passes" "$code" 0
has "an earlier comment is brought up to date" "$work/requests" "this change touches no config"
serve "$work/releases"
action
equal "where there is none, none is made" "$(writes)" ""

echo "-- configs that go and come"
change "git rm -q alpha.gqlgen.yaml; config new > new.gqlgen.yaml; cp beta.json new.json"
action fail-on=never
equal "the check passes" "$code" 0
body
has "what goes is named" "$work/body" "alpha"
has "what comes is named" "$work/body" "new"
others=true
change "git rm -q ./*.gqlgen.yaml"
action fail-on=never
equal "the last configs may go" "$code" 0

echo "-- what is shared lies outside"
change "mkdir one; config one | sed 's#base.yaml#../base.yaml#' > one/gqlgen.yaml; cp beta.json one/one.json"
action fail-on=never
equal "it is refused" "$code" 1
action fail-on=never allow-outside=true
equal "allow-outside allows it" "$code" 0

echo "-- names that would like to be commands"
# shellcheck disable=SC2016
change 'mkdir "x\`\$(touch hacked)\`"; printf "::stop-commands::x\n" > "x\`\$(touch hacked)\`/gqlgen.yaml"; git rm -q beta.gqlgen.yaml'
action fail-on=never
equal "the check fails, the file being no config" "$code" 1
equal "nothing was run" "$(find "$work" -name hacked | wc -l)" 0
equal "no line of the log begins with the file's command" "$(grep -cE '^\s*::stop' "$work/log" || true)" 0

echo "-- other comments"
jq -n '[range(1; 251) | {id: ., user: {login: (if . == 3 then "mallory" else "github-actions[bot]" end)},
  body: (if . == 3 or . == 230 then "<!-- gqlgen-check: default -->\nold" elif . == 4 then "<!-- gqlgen-check: other -->" else "hello" end)}]' > "$work/comments.json"
serve "$work/releases" --comments "$work/comments.json"
change "sed -i 's/5m/6m/' alpha.gqlgen.yaml"
action fail-on=never
equal "ours is found on the third page" "$(asked PATCH)" /repos/owner/shop/issues/comments/230
action fail-on=never comment-key=staging
equal "another key has a comment of its own" "$(writes)" POST
serve "$work/releases" --race
action fail-on=never
equal "of two runs at once one comment stays" "$(writes)" "POST PATCH DELETE"
equal "the older" "$(asked PATCH)" /repos/owner/shop/issues/comments/1
serve "$work/releases" --read-only
action fail-on=never
equal "a token that may not write fails nothing" "$code" 0
has "but is told" "$work/log" "::warning title=gqlgen::The token may not comment (403)"

echo "-- checkouts"
git -C "$work/checkout" checkout -q --detach HEAD^2
action fail-on=never
has "one that is too shallow says what to do" "$work/log" "fetch-depth of 0"
git -C "$work/checkout" fetch -q --unshallow origin change main:refs/remotes/origin/main
action fail-on=never
equal "the head alone, with its history, is compared with the merge base" "$code" 0
has_not "and not with what came to main since" "$work/summary" gamma
action fail-on=never base=origin/main
equal "a base can be named" "$code" 0
done_
