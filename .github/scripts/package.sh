#!/usr/bin/env bash
# Packs target/TARGET/release/gqlgen as the release's archive: gqlgen-vVERSION-TARGET.tar.gz, .zip for Windows.
#
#   package.sh TARGET FOLDER
#
# On a tag's run the tag must be the crate's version, and the crate's `repository` this one: cargo binstall looks there.
set -euo pipefail

target=${1:?} folder=${2:?}
field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" Cargo.toml | head -n 1; }
version=v$(field version)

if [ "${GITHUB_REF_TYPE:-}" = tag ]; then
  [ "$version" = "${GITHUB_REF_NAME:?}" ] || { echo "the tag is $GITHUB_REF_NAME, the crate's version $version" >&2; exit 2; }
  wanted=${GITHUB_SERVER_URL:?}/${GITHUB_REPOSITORY:?}
  [ "$(field repository)" = "$wanted" ] || { echo "Cargo.toml has to say: repository = \"$wanted\"" >&2; exit 2; }
fi

binary=gqlgen archive=gqlgen-$version-$target.tar.gz
if [[ $target == *windows* ]]; then binary=gqlgen.exe archive=gqlgen-$version-$target.zip; fi
mkdir -p "$folder"
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp "${CARGO_TARGET_DIR:-target}/$target/release/$binary" LICENSE README.md "$staging"
if [[ $archive == *.zip ]]; then
  # Git's shell on Windows has no zip.
  (cd "$staging" && 7z a -bso0 "$archive" "$binary" LICENSE README.md) && mv "$staging/$archive" "$folder"
else
  tar -czf "$folder/$archive" -C "$staging" "$binary" LICENSE README.md
fi
echo "$folder/$archive"
