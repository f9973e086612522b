#!/bin/sh
# Installs the checked-out commit beside the versions that are there, and makes it the one that services take at their next start:
#     deploy/install.sh [FOLDER]
# A running process keeps the version that it was started with, with everything that it may still import.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-/opt/hidden-hill}
version=$(git rev-parse --short=12 HEAD)
target=$folder/$version

if [ ! -e "$target/complete" ]; then
    rm -rf "$target"
    mkdir -p "$folder"
    "${PYTHON:-python3}" -m venv "$target"
    mkdir "$target/src"
    git archive HEAD | tar -x -C "$target/src"
    "$target/bin/pip" install --quiet --require-hashes --requirement "$target/src/requirements-production.txt"
    "$target/bin/pip" install --quiet --no-deps --no-build-isolation "$target/src"
    touch "$target/complete"
fi
ln -sfn "$version" "$folder/current.new"
mv -T "$folder/current.new" "$folder/current"
echo "$folder/current is $version."
