#!/bin/sh
# Write down what Coach runs on, byte for byte: .ci/requirements.lock, .ci/build.lock, docs/sbom.json, docs/licences.md.
# usage: sh .ci/lock.sh [python3.11]      after a change of the dependencies in pyproject.toml
#
# The locks hold for Linux, Windows and macOS and for every Python that Coach supports, each file with its sha256.
# The bill of materials and the licences are those of Linux with Python 3.11, as they were installed from the lock.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3.11}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check uv==0.13.9 cyclonedx-bom
lock() {
    "$work/tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$@"
}
lock pyproject.toml -o .ci/requirements.lock
printf 'hatchling>=1.27\neditables\n' >"$work/build.in"
lock "$work/build.in" -o .ci/build.lock

"$python" -m venv --without-pip "$work/run"
"$work/tools/bin/pip" --python "$work/run/bin/python" install --quiet --disable-pip-version-check \
    --require-hashes -r .ci/requirements.lock
"$work/tools/bin/cyclonedx-py" environment "$work/run/bin/python" --output-reproducible -o docs/sbom.json
"$work/run/bin/python" .ci/licences.py docs/sbom.json >"$work/licences.md"
mv "$work/licences.md" docs/licences.md
