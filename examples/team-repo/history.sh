#!/bin/sh
# The first week of a team in one repository, in the working folder, which is empty: from `git init` to a merge conflict.
# Needs sotto and git on the PATH. Keys, and all else outside of the repository, stay in this folder, too.
set -eu
HOME=$PWD/home
export HOME GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE GIT_COMMITTER_DATE
mkdir -p "$HOME"
git config --global init.defaultBranch main
git config --global user.name Ann
git config --global user.email ann@example.org

say() { printf '\n# %s\n' "$1"; }
# A commit of its own second, as in real life.
second=0
commit() {
  second=$((second + 1))
  GIT_AUTHOR_DATE=$(printf '2026-11-02T10:00:%02dZ' "$second")
  GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
  git commit -qam "$1"
}

say "Ann begins: one command, and the first secret"
git init -q shop
cd shop
sotto init --yes --key new --name ann --files 'secrets/**' >/dev/null
mkdir secrets
printf 'db:\n  host: db.internal\n  password: hunter2\n  port: 5432\napi:\n  token: t-1\n  url: https://api.example.org\n' >secrets/prod.yaml
git add -A
if git commit -qm "Add the production values" 2>/dev/null; then exit 1; fi
echo "the hook stops a secret in clear"
sotto encrypt -i secrets/prod.yaml
git add -A
commit "Add the production values"
echo "committed: $(git log --oneline | wc -l | tr -d ' ') commit"

say "Two branches change two values: git merges without a word"
git checkout -qb password
printf 'n3w' | sotto set --stdin secrets/prod.yaml db.password
commit "Change the password"
git checkout -q main
printf 't-2' | sotto set --stdin secrets/prod.yaml api.token
commit "Change the token"
git merge -q --no-edit password >/dev/null
echo "db.password $(sotto get secrets/prod.yaml db.password), api.token $(sotto get secrets/prod.yaml api.token)"

say "Two branches change one value: only that is asked about"
git checkout -qb theirs
printf 't-theirs' | sotto set --stdin secrets/prod.yaml api.token
commit "Take a token of theirs"
git checkout -q main
printf 't-ours' | sotto set --stdin secrets/prod.yaml api.token
commit "Take a token of ours"
if git merge -q theirs >/dev/null 2>&1; then exit 1; fi
sotto resolve --list || test $? = 1
sotto resolve --take 'api.token=theirs' secrets/prod.yaml 2>/dev/null
commit "Merge theirs"
echo "api.token $(sotto get secrets/prod.yaml api.token)"

say "A reviewer without a key sees what changed, and what is wrong"
SOPS_AGE_KEY_FILE=/nowhere sotto diff HEAD~3..HEAD | sed 's/  *$//'
SOPS_AGE_KEY_FILE=/nowhere sotto check --no-keys && echo "nothing is wrong"
