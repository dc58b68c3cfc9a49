#!/usr/bin/env bash
# The action's install step, as it stands: an archive that was built here, fetched from loopback, with the right and with a wrong SHA-256.
# shellcheck source=tests/delivery/lib.sh
. "$(dirname "$0")/lib.sh"
need python3 curl tar sha256sum
gqlgen_binary
lay_release "$work/releases"
archive=gqlgen-$version-$(uname -m)-unknown-linux-musl.tar.gz
serve "$work/releases"

# Exit code in `code`, what it said in $work/said.
install() { # NAME=VALUE...
  code=0
  mkdir -p "$work/temp"
  : > "$work/output"
  env RUNNER_TEMP="$work/temp" GITHUB_OUTPUT="$work/output" GQLGEN_SOURCE="$root" \
    GQLGEN_MIRROR="$url/releases" "$@" bash "$root/.github/scripts/install.sh" > "$work/said" 2>&1 || code=$?
}

install
equal "the source's own version is installed" "$code" 0
installed=$(sed -n 's/^gqlgen=//p' "$work/output")
equal "the archive's binary is the one that was packed" "$(sha256sum < "$installed")" "$(sha256sum < "$GQLGEN")"

install GQLGEN_SHA256="$(sha256sum "$work/releases/$version/$archive" | cut -d ' ' -f 1 | tr 'a-f' 'A-F')" GQLGEN_VERSION="${version#v}"
equal "a pinned SHA-256 that fits is taken" "$code" 0

install GQLGEN_SHA256="$(sha256sum < /dev/null | cut -d ' ' -f 1)"
equal "a pinned SHA-256 that does not fit is refused" "$code" 2
has "the refusal says so" "$work/said" "is refused: its SHA-256 is"
equal "a refused archive gives no binary" "$(cat "$work/output")" ""

mkdir "$work/source"
printf 'version = "%s"\nrepository = "%s"\n' "${version#v}" "$url" > "$work/source/Cargo.toml"
ln -s . "$work/releases/download"
install GQLGEN_MIRROR= GQLGEN_SOURCE="$work/source"
equal "without a mirror the releases are those of the source's repository" "$code" 0

sed -i '/^repository/d' "$work/source/Cargo.toml"
install GQLGEN_MIRROR= GQLGEN_SOURCE="$work/source"
equal "a source that names no repository has none" "$code" 2
has "and says what to do" "$work/said" "give the input mirror, or version: build"

echo "$(sha256sum < /dev/null | cut -d ' ' -f 1)  $archive" > "$work/releases/$version/SHA256SUMS"
rm -rf "$work/temp"
install
equal "a release whose SHA256SUMS does not fit is refused" "$code" 2
equal "nothing of it was unpacked" "$(find "$work/temp" -name gqlgen -type f | wc -l)" 0

: > "$work/releases/$version/SHA256SUMS"
install
has "a release that does not list the archive is refused" "$work/said" "there is no SHA-256 for $archive"

install GQLGEN_VERSION=v99.0.0
equal "a release that is not there fails" "$code" 2
# shellcheck disable=SC2016
install GQLGEN_VERSION='$(touch hacked)'
has "a version that is none is refused" "$work/said" "version is a release such as"
install GQLGEN_MIRROR=http://example.com
has "plain HTTP is refused" "$work/said" "not a https URL"
done_
