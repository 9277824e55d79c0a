#!/usr/bin/env bash
# The steps of action.yml. What a workflow says comes in variables, INPUT_…, and is never a part of a script.
set -euo pipefail

stop() {
  echo "::error title=sotto::$*"
  exit 1
}

closed() {
  stop "the secrets could not be decrypted; what was wrong stands above."
}

# The lines of an input into the array lines, without blanks around them and without empty ones.
lines_of() {
  local line
  lines=()
  while read -r line; do
    line=${line%$'\r'}
    [ -z "$line" ] || lines+=("$line")
  done <<<"$1"
}

install() {
  SOTTO_VERSION=${INPUT_VERSION:-$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$ACTION_PATH/package.json")}
  SOTTO_SHA256=$INPUT_SHA256
  [ -n "$SOTTO_SHA256" ] || [ ! -f "$ACTION_PATH/ci/SHA256SUMS" ] || SOTTO_SHA256=$(cat "$ACTION_PATH/ci/SHA256SUMS")
  SOTTO_DOWNLOAD=${INPUT_DOWNLOAD:-$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/v$SOTTO_VERSION}
  SOTTO_FOLDER=$RUNNER_TEMP/sotto
  export SOTTO_VERSION SOTTO_SHA256 SOTTO_DOWNLOAD SOTTO_FOLDER
  sh "$ACTION_PATH/ci/install.sh" || stop "sotto was not installed; what was wrong stands above"
  echo "$SOTTO_FOLDER" >>"$GITHUB_PATH"
}

# Which values of which files become variables, and what they are called: the arrays flags and files.
read_inputs() {
  local line
  flags=()
  lines_of "$INPUT_ONLY"
  for line in ${lines[@]+"${lines[@]}"}; do flags+=("--only=$line"); done
  lines_of "$INPUT_MAP"
  for line in ${lines[@]+"${lines[@]}"}; do
    [[ $line =~ ^[A-Za-z_][A-Za-z0-9_]*=. ]] || stop "map has lines such as PGPASSWORD=database.password"
    flags+=("--map=$line")
  done
  [[ $INPUT_PREFIX =~ ^([A-Za-z_][A-Za-z0-9_]*)?$ ]] || stop "prefix has letters, digits and _"
  [ -z "$INPUT_PREFIX" ] || flags+=("--prefix=$INPUT_PREFIX")
  lines_of "$INPUT_FILES"
  files=(${lines[@]+"${lines[@]}"})
}

# Decrypted files: all of them, or none. What was written is in the array written, and goes when the script ends.
decrypt() {
  local line source target
  umask 077
  written=()
  trap '[ "${#written[@]}" = 0 ] || rm -f -- "${written[@]}"' EXIT
  lines_of "$INPUT_DECRYPT"
  for line in ${lines[@]+"${lines[@]}"}; do
    source=${line%% -> *} target=${line##* -> }
    [ "$source -> $target" = "$line" ] || stop "decrypt has lines such as secrets.enc.yaml -> secrets.yaml"
    # Also not what a link leads to, even if nothing is there: only the link would go when something fails.
    [ ! -e "$target" ] && [ ! -L "$target" ] || stop "decrypt would overwrite $target"
    # A program that shows the file shows no secret then. The prefix makes a name of whatever stands there.
    sotto export --format github-mask --prefix V --case keep --separator . --include-clear -- "$source" || closed
    mkdir -p -- "$(dirname -- "$target")"
    written+=("$target")
    sotto decrypt --output "$target" -- "$source" || closed
  done
}

# The command gets values and files; the key, and what else is said here, it does not get.
run() {
  local line command=(bash --noprofile --norc -eo pipefail -c "$INPUT_RUN")
  unset "${!INPUT_@}"
  if [ "${#files[@]}" = 0 ]; then
    unset SOPS_AGE_KEY
    "${command[@]}"
  else
    for line in "${files[@]}"; do flags+=("--file=$line"); done
    sotto run "${flags[@]}" -- "${command[@]}"
  fi
}

secrets() {
  # One that is empty is named by sotto, which then says what a fork gets.
  export SOPS_AGE_KEY=${INPUT_AGE_KEY:-${SOPS_AGE_KEY-}}
  read_inputs
  decrypt
  if [ -n "$INPUT_RUN" ]; then
    run
    exit
  fi
  [ "${#files[@]}" = 0 ] || sotto export --format github ${flags[@]+"${flags[@]}"} -- "${files[@]}" || closed
  # Decrypted files are for the steps that follow.
  trap - EXIT
}

"$1"
