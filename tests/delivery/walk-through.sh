#!/usr/bin/env bash
# The README's steps from an empty repository to a red check, word for word, and timed; then the GitLab example's lines. What speaks to a
# forge (gh, git push) is left out: the pull request's checkout is made here, and the action's steps run as a runner runs them.
# shellcheck source=tests/delivery/lib.sh
. "$(dirname "$0")/lib.sh"
need python3 curl jq git tar
python3 -c 'import yaml' 2> /dev/null || skip "PyYAML is not installed"
gqlgen_binary
own_git
lay_release "$work/releases"
serve "$work/releases"
mkdir "$work/bin"
ln -s "$GQLGEN" "$work/bin/gqlgen"
PATH=$work/bin:$PATH

# Steps of the walk-through as a script, its file in place of the block that shows it, and the inputs that it gives the action.
python3 - "$root/README.md" "$work" << 'PYTHON'
import pathlib, re, sys, textwrap, yaml
text = pathlib.Path(sys.argv[1]).read_text()
section = re.search(r"^### The check, from an empty.*?(?=^### )", text, re.S | re.M)[0]
script = []
for kind, block in re.findall(r"^ *```(\w+)\n(.*?)^ *```", section, re.S | re.M):
    block = textwrap.dedent(block)
    if kind == "yaml":
        name = block.split("\n", 1)[0].removeprefix("# ")
        script.append(f"mkdir -p {pathlib.PurePath(name).parent}\ncat > {name} <<'BLOCK'\n{block}BLOCK\n")
        steps = yaml.safe_load(block)["jobs"]["check"]["steps"]
        inputs = [f"{key}={value}" for key, value in steps[-1].get("with", {}).items()]
    else:
        script.append("".join(line + "\n" for line in block.splitlines() if not re.match(r"gh |git push", line)))
pathlib.Path(sys.argv[2], "steps").write_text("set -e\n" + "".join(script))
pathlib.Path(sys.argv[2], "inputs").write_text("\n".join(inputs) + "\n")
PYTHON
from=$(date +%s%N)
cd "$work"
if bash "$work/steps" > "$work/said" 2>&1; then ok "the steps run"; else bad "the steps run"; cat "$work/said"; fi
if [ -x "$(command -v actionlint)" ]; then
  if actionlint "$work/shop/.github/workflows/gqlgen.yml"; then ok "actionlint takes the workflow"; else
    # Its placeholder for the commit is one.
    bad "actionlint takes the workflow"
  fi
fi
cd "$work/shop"
base=$(git rev-parse main) head=$(git rev-parse HEAD)
git switch -q -c merge main && git merge -q --no-ff -m merge "$head"
git clone -q --depth 2 --branch merge "file://$work/shop" "$work/checkout"
printf '{"pull_request": {"number": 1, "base": {"sha": "%s"}, "head": {"sha": "%s"}}}' "$base" "$head" > "$work/event.json"
cd "$work/checkout"
mapfile -t inputs < "$work/inputs"
code=0
env RUNNER_TEMP="$work" GITHUB_STEP_SUMMARY="$work/summary" GITHUB_API_URL="$url" GITHUB_REPOSITORY=owner/shop \
  python3 "$here/run_action.py" --action "$root" --event "$work/event.json" "mirror=$url/releases" "${inputs[@]}" \
  > "$work/log" 2>&1 || code=$?
echo "        all steps and the check: $((($(date +%s%N) - from) / 1000000)) ms of the machine's time"
equal "the check is red" "$code" 1
has "for its impact" "$work/log" "an impact of replace or graver"
has_not "not for a finding" "$work/log" "::error file="
jq -r 'select(.method == "POST") | .body.body' "$work/requests" > "$work/comment"
has "the comment says what is destroyed" "$work/comment" "DNS name"
[ $failures -eq 0 ] || cat "$work/log" "$work/comment"

echo "-- the GitLab example"
printf '#!/bin/sh\n' > "$work/bin/apk"
chmod +x "$work/bin/apk"
python3 - "$root/fixtures/examples/gitlab-ci.yml" "$work/job" << 'PYTHON'
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))["gqlgen"]
variables = "".join(f": \"${{{key}={value}}}\"; export {key}\n" for key, value in job["variables"].items())
open(sys.argv[2], "w").write("set -e\n" + variables + "\n".join(job["before_script"] + job["script"]) + "\n")
PYTHON
gitlab() { code=0; env CI_MERGE_REQUEST_DIFF_BASE_SHA="$base" GQLGEN_VERSION="$version" GQLGEN_RELEASES="$url/releases" "$@" sh "$work/job" > "$work/said" 2>&1 || code=$?; }
cd "$work/shop"
gitlab
equal "the job fails for the impact" "$code" 1
has "its report is there" gqlgen.md "DNS name"
gitlab GQLGEN_FAIL_ON=refused
equal "and passes where that is allowed" "$code" 0
echo "$(sha256sum < /dev/null | cut -d ' ' -f 1)  gqlgen-$version-$(uname -m)-unknown-linux-musl.tar.gz" > "$work/releases/$version/SHA256SUMS"
gitlab
has "an archive with another SHA-256 is not used" "$work/said" "FAILED"
done_
