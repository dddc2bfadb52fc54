#!/usr/bin/env bash
# Written by nnedu export gradescope. Gradescope runs it once, as root, when the image is built.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${NNEDU_VENV:-/opt/nnedu} # not in /autograder/source, which nobody but root may read
python=${NNEDU_PYTHON:-}

for one in python3.13 python3.12 python3.11 python3; do
    if [ -z "$python" ] && command -v "$one" > /dev/null &&
        "$one" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
        python=$one
    fi
done
if [ -z "$python" ]; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3.11 python3.11-venv
    python=python3.11
fi

"$python" -m venv --clear "$venv"
# nnedu itself comes from the wheel in the zip, what it needs from the index, in the versions of the zip.
pip=(${NNEDU_PIP:-"$venv/bin/python" -m pip install --no-cache-dir --disable-pip-version-check})
"${pip[@]}" -r "$here/requirements.txt" "$here"/nnedu-*.whl
"$venv/bin/python" -I -c 'import nnedu'
