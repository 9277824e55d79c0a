#!/bin/sh
# Puts sotto into the folder SOTTO_FOLDER. The archive for this system comes from the address SOTTO_DOWNLOAD, and has to
# have the SHA-256 sum that SOTTO_SHA256 has for it: lines as in SHA256SUMS, or one sum.
set -eu

stop() {
  echo "sotto: $*" >&2
  exit 1
}

case "$SOTTO_VERSION" in
  '' | *[!0-9A-Za-z.+-]*) stop "SOTTO_VERSION is no version" ;;
esac
case "$(uname -s)" in
  Linux) system=linux ;;
  Darwin) system=darwin ;;
  MINGW* | MSYS* | CYGWIN*) system=win32 ;;
  *) stop "there is no program for $(uname -s)" ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) system=$system-x64 ;;
  aarch64 | arm64) system=$system-arm64 ;;
  *) stop "there is no program for a processor $(uname -m)" ;;
esac
case "$system $(ldd --version 2>&1 || true)" in
  linux-*musl*) system=$system-musl ;;
esac
archive=sotto-$SOTTO_VERSION-$system.tar.gz
case "$system" in
  win32-*) program=sotto.exe ;;
  *) program=sotto ;;
esac

sum=$(printf '%s\n' "$SOTTO_SHA256" | awk -v name="$archive" 'NF == 1 || $2 == name { print $1 }')
printf '%s\n' "$sum" | awk '!/^[0-9a-f]+$/ || length != 64 { bad = 1 } END { exit bad || NR != 1 }' ||
  stop "there has to be one SHA-256 sum for $archive"

mkdir -p "$SOTTO_FOLDER"
cd "$SOTTO_FOLDER"
new=$(mktemp -d new.XXXXXX)
trap 'rm -rf "$new"' EXIT
# One that an earlier step has left is as good: it is the sum that counts.
if [ -f "$archive" ]; then
  cp "$archive" "$new"
elif command -v curl >/dev/null; then
  curl --fail --silent --show-error --location --retry 3 --output "$new/$archive" "$SOTTO_DOWNLOAD/$archive"
else
  wget -q -O "$new/$archive" "$SOTTO_DOWNLOAD/$archive"
fi || stop "could not get $SOTTO_DOWNLOAD/$archive"
if command -v sha256sum >/dev/null; then found=$(sha256sum <"$new/$archive"); else found=$(shasum -a 256 <"$new/$archive"); fi
found=${found%% *}
if [ "$found" != "$sum" ]; then
  rm -f "$archive"
  stop "$archive has the SHA-256 sum $found, and not $sum: it is not what was released"
fi
tar -xzf "$new/$archive" -C "$new" "$program"
mv "$new/$archive" "$new/$program" .
"./$program" --version
