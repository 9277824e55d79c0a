#!/bin/sh
# A release script as many have one. It was written for sops; nothing in it knows of sotto.
#
#   sh release.sh KEY_FILE      an age identity, as age-keygen makes it
set -eu
SOPS_AGE_KEY_FILE=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
export SOPS_AGE_KEY_FILE
recipient=$(sed -n 's/^# public key: //p' "$SOPS_AGE_KEY_FILE")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

version=$(sops --version --disable-version-check | sed -n '1s/^sops \([0-9.]*\).*/\1/p')
case $version in
  3.*) echo "sops $version" ;;
  *) echo "sops 3 is needed" >&2; exit 1 ;;
esac

# The flags of old, in place, with the recipient from .sops.yaml.
printf 'creation_rules:\n  - age: %s\n' "$recipient" > .sops.yaml
printf 'DB_USER=shop\nDB_PASSWORD=s3cret\n' > production.env
sops --encrypt --in-place production.env

# What is committed has to be encrypted, and to open.
sops filestatus production.env
sops --decrypt production.env > /dev/null

# A new password for each release; nothing to do is status 200 in an editor, and no failure.
sops set production.env '["DB_PASSWORD"]' '"n3w"'
status=0
EDITOR=true sops production.env 2> messages || status=$?
echo "$status: $(cat messages)"

# Other tools take JSON; the program itself takes variables, or a file.
sops --decrypt --output-type json production.env
sops exec-env production.env 'echo "$DB_USER logs in with $DB_PASSWORD"'
sops exec-file --no-fifo --filename app.env production.env 'wc -l < {} | tr -d " "'

# Errors are told by status and text.
status=0
SOPS_AGE_KEY_FILE=/nowhere sops --decrypt production.env 2> messages || status=$?
echo "$status: $(head -n 1 messages)"
