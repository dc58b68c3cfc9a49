# shellcheck shell=bash disable=SC2034
# What the scripts of this folder share; each sources it first. GQLGEN names the binary (target/release/gqlgen otherwise). Nothing here needs
# a forge: a server on loopback stands for it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tests/delivery
work=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

skip() { echo "skipped: $*"; exit 77; }
need() { for program; do command -v "$program" > /dev/null || skip "$program is not installed"; done; }

failures=0
ok() { echo "ok      $1"; }
bad() { echo "FAILED  $1"; failures=$((failures + 1)); }
equal() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: $2, wanted $3"; fi; }
has() { if grep -qF -- "$3" "$2"; then ok "$1"; else bad "$1: no «$3» in"; sed 's/^/        /' "$2" | tail -n 40; fi; }
has_not() { if grep -qF -- "$3" "$2"; then bad "$1: «$3» in $2"; else ok "$1"; fi; }
done_() {
  local code=0
  [ $failures -eq 0 ] || { echo "$failures failed"; code=1; }
  exit $code
}

gqlgen_binary() {
  GQLGEN=${GQLGEN:-$root/target/release/gqlgen}
  [ -x "$GQLGEN" ] || skip "there is no $GQLGEN"
  GQLGEN=$(cd "$(dirname "$GQLGEN")" && pwd)/$(basename "$GQLGEN")
}

# A git of its own: no configuration of this machine, no signing, fixed names.
own_git() {
  export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_SYSTEM=/dev/null
  cat > "$GIT_CONFIG_GLOBAL" << 'CONFIG'
[user]
  name = A user
  email = user@example.com
[init]
  defaultBranch = main
[advice]
  detachedHead = false
CONFIG
}

# Starts the stand-in of forge and release server. Sets `url`; what it is asked stands in $work/requests, one JSON object a line.
serve() { # FOLDER [OPTION...]
  [ -z "$server" ] || kill "$server"
  rm -f "$work/port" "$work/requests"
  python3 "$here/fake_forge.py" --port-file "$work/port" --log "$work/requests" --releases "$@" &
  server=$!
  for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
  url=http://127.0.0.1:$(cat "$work/port")
}

# Lays out a release of the binary as the release workflow does, for this machine's kind. Sets `version`.
lay_release() { # FOLDER
  local target
  target=$(uname -m)-unknown-linux-musl
  version=v$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
  mkdir -p "$work/build/$target/release" "$1/$version"
  cp "$GQLGEN" "$work/build/$target/release/gqlgen"
  (cd "$root" && CARGO_TARGET_DIR=$work/build .github/scripts/package.sh "$target" "$1/$version" > /dev/null)
  (cd "$1/$version" && sha256sum -- *.tar.gz > SHA256SUMS)
}
