#!/usr/bin/env bash
# Installs gqlgen for the action: a release's archive whose SHA-256 is checked before anything of it is unpacked, or built from source.
#
#   GQLGEN_SOURCE   folder with gqlgen's source at the action's own revision
#   GQLGEN_VERSION  release to install, `build`, or empty for the source's own version
#   GQLGEN_SHA256   SHA-256 that the archive must have; empty: what the release's SHA256SUMS says
#   GQLGEN_MIRROR   URL below which releases lie; empty: the releases of the `repository` in the source's Cargo.toml, for what the runner says of
#                   the action's own repository is not promised inside of a composite action
#
# Gives `gqlgen`, the path of the binary, as the step's output.
set -euo pipefail

# A field of the source's Cargo.toml.
field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$GQLGEN_SOURCE/Cargo.toml" | head -n 1; }
fail() { echo "::error title=gqlgen::$*"; exit 2; }

: "${GQLGEN_SOURCE:?}"
version=${GQLGEN_VERSION:-}
folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/gqlgen.XXXXXX")

target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

sha256() {
  if command -v sha256sum > /dev/null; then sha256sum < "$1"; else shasum -a 256 < "$1"; fi | cut -d ' ' -f 1
}

# A redirect may not leave HTTPS; plain HTTP is for this machine alone.
download() { # URL FILE
  local protocol='=https'
  case $1 in
    http://127.0.0.1:* | http://localhost:*) protocol='=http' ;;
    https://*) ;;
    *) fail "not a https URL: ${1%%:*}" ;;
  esac
  curl --silent --show-error --fail --location --proto "$protocol" --proto-redir "$protocol" --retry 3 --max-time 300 --output "$2" "$1" \
    || fail "could not be fetched: $1"
}

build() {
  command -v cargo > /dev/null || fail "version: build needs cargo on the runner"
  cargo install --quiet --locked --path "$GQLGEN_SOURCE" --root "$folder" || fail "gqlgen could not be built"
  mv "$folder/bin/$binary" "$folder/$binary"
}

release() {
  local target archive base wanted found
  target=$(target) || fail "there is no release for $(uname -s) on $(uname -m): use version: build"
  archive=gqlgen-$version-$target.tar.gz
  [[ $target != *windows* ]] || archive=gqlgen-$version-$target.zip
  base=${GQLGEN_MIRROR:-}
  if [ -z "$base" ]; then
    base=$(field repository)
    [ -n "$base" ] || fail "this source's Cargo.toml names no repository to fetch a release from: give the input mirror, or version: build"
    base=${base%/}/releases/download
  fi
  base=${base%/}/$version
  download "$base/$archive" "$folder/$archive"
  wanted=${GQLGEN_SHA256:-}
  if [ -z "$wanted" ]; then
    download "$base/SHA256SUMS" "$folder/SHA256SUMS"
    wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
  fi
  [[ $wanted =~ ^[0-9a-fA-F]{64}$ ]] || fail "there is no SHA-256 for $archive"
  found=$(sha256 "$folder/$archive")
  if [ "$found" != "$(tr 'A-F' 'a-f' <<< "$wanted")" ]; then
    rm -rf "$folder"
    fail "$archive is refused: its SHA-256 is $found, not $wanted"
  fi
  if [[ $archive == *.zip ]]; then unzip -q "$folder/$archive" "$binary" -d "$folder"; else tar -xzf "$folder/$archive" -C "$folder" "$binary"; fi
}

binary=gqlgen
case "$(uname -s)" in MINGW* | MSYS*) binary=gqlgen.exe ;; esac
[ -n "$version" ] || version=$(field version)
if [ "$version" = build ]; then
  build
else
  version=v${version#v}
  [[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$ ]] || fail "version is a release such as v0.1.0, or build"
  release
fi
"$folder/$binary" --version
echo "gqlgen=$folder/$binary" >> "${GITHUB_OUTPUT:-/dev/stdout}"
