#!/usr/bin/env bash
# The real pre-commit runs both hooks with `try-repo` in a throw-away repository: passes, fails, fixes.
#
# `language: rust` compiles this crate, and try-repo would compile it anew each time, with whatever dependencies are newest today. A
# stand-in before cargo therefore adds `--locked`, and installs what was built the first time. Nothing is optimised, and what was compiled
# stays in the cache, so that a first run takes some minutes and a later one less than one.
# shellcheck source=tests/delivery/lib.sh
. "$(dirname "$0")/lib.sh"
need pre-commit git cargo
gqlgen_binary
export PRE_COMMIT_HOME=$work/pre-commit PRE_COMMIT_COLOR=never
export CARGO_TARGET_DIR=${GQLGEN_CACHE:-$root/target}/pre-commit
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256
mkdir "$work/stand-in"
cat > "$work/stand-in/cargo" << CARGO
#!/usr/bin/env bash
# pre-commit's words: cargo install --bins --root FOLDER --path .
if [ "\$1 \$2 \$3 \$5 \$6" != "install --bins --root --path ." ]; then
  exec "$(command -v cargo)" "\$@"
elif [ -x "$work/hook" ]; then
  mkdir -p "\$4/bin" && cp "$work/hook" "\$4/bin/gqlgen"
else
  "$(command -v cargo)" "\$@" --locked && cp "\$4/bin/gqlgen" "$work/hook"
fi
CARGO
chmod +x "$work/stand-in/cargo"
PATH=$work/stand-in:$PATH
pre-commit validate-manifest "$root/.pre-commit-hooks.yaml" && ok "the manifest is valid"

# pre-commit clones the committed state, and with a shadow commit what is changed beside it.
source=$(cd "$root" && git rev-parse --show-toplevel)
own_git
git init -q "$work/shop"
cd "$work/shop"
"$GQLGEN" --quiet init -o gqlgen.yaml
git add -A

try() { # exit code in `code`, what it said in $work/said
  local from=$SECONDS
  code=0
  pre-commit try-repo "$source" --verbose --all-files > "$work/said" 2>&1 || code=$?
  echo "        ($((SECONDS - from)) s)"
}
verdict() { grep -E "^$1\.+(Passed|Failed|\(no files)" "$work/said" | sed 's/.*\.\.\.*//' | head -n 1; }

echo "-- a new config, not rendered yet"
try
equal "gqlgen-validate passes" "$(verdict 'gqlgen validate')" Passed
equal "gqlgen-render fails" "$(verdict 'gqlgen render')" Failed
has "it names what it made" "$work/said" "created rendered/dev/manifests.yaml"

echo "-- what it made is staged, then edited by hand"
git add -A
try
equal "both pass" "$(verdict 'gqlgen validate') $(verdict 'gqlgen render') $code" "Passed Passed 0"
cp rendered/dev/manifests.yaml "$work/manifests.yaml"
echo '# by hand' >> rendered/dev/manifests.yaml
git add -A

echo "-- a misspelt key"
sed -i 's/^replicas: 3/replica: 3/' gqlgen.yaml
git add -A
try
equal "gqlgen-validate fails" "$(verdict 'gqlgen validate')" Failed
has "it says where" "$work/said" "gqlgen.yaml:13:1"
equal "gqlgen-render fails, and writes nothing" "$(verdict 'gqlgen render') $(tail -n 1 rendered/dev/manifests.yaml)" "Failed # by hand"

# The rest needs no compiler: the hooks as the manifest has them, with the binary that there is.
echo "-- which files run which hook"
{
  echo 'repos: [{repo: local, hooks: ['
  python3 - "$root/.pre-commit-hooks.yaml" << 'PYTHON'
import json, sys, yaml
for hook in yaml.safe_load(open(sys.argv[1])):
    hook["language"] = "system"
    print(json.dumps(hook) + ",")
PYTHON
  echo ']}]'
} > .pre-commit-config.yaml
mkdir "$work/bin"
ln -s "$GQLGEN" "$work/bin/gqlgen"
PATH=$work/bin:$PATH
git checkout -q -- . && sed -i 's/^replica: 3/replicas: 3/' gqlgen.yaml && git add -A
run() { # FILE...
  code=0
  pre-commit run --verbose --files "$@" > "$work/said" 2>&1 || code=$?
}
run gqlgen.yaml
equal "a generated file that was edited by hand is repaired, and the hook fails" "$(verdict 'gqlgen render') $(diff -q rendered/dev/manifests.yaml "$work/manifests.yaml" && echo as before)" "Failed as before"
git add -A
for file in base.yaml tables.json shop.gqlgen.yml; do echo '{}' > $file; done
for file in base.yaml tables.json; do
  run $file
  equal "$file runs both" "$(verdict 'gqlgen validate') $(verdict 'gqlgen render')" "Passed Passed"
done
run rendered/prod/schema-loader/run.sh
equal "a generated file runs gqlgen-render alone" "$(grep -c 'gqlgen validate.*Skipped' "$work/said") $(verdict 'gqlgen render')" "1 Passed"
echo hello > notes.md
run notes.md
equal "other files run neither" "$(grep -c Skipped "$work/said")" 2

echo "-- how long a hook takes, with ten configs of two environments"
for i in 0 1 2 3 4 5 6 7 8; do sed "s/^release: .*/release: shop-$i/" gqlgen.yaml > "shop-$i.gqlgen.yaml"; done
rm -f shop.gqlgen.yml
for command in "validate ." "render --fail-on-change ." "render --fail-on-change ."; do
  from=$(date +%s%N)
  # shellcheck disable=SC2086
  "$GQLGEN" --quiet $command > /dev/null 2>&1 || true
  echo "        gqlgen $command: $((($(date +%s%N) - from) / 1000000)) ms"
done
done_
