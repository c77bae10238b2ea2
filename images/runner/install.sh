#!/bin/sh
# Makes a Python environment with Ansible, ansible-runner and the two collections that corrections use: the image has it, and so has the test bed.
# Collections come in the PyPI package `ansible`, 211 MB of a hundred collections; only two are kept.
#
#   install.sh FOLDER PYTHON [WHEELS]
#
# FOLDER is made anew; it stays where it is made, since its programs name their interpreter by its path. WHEELS is a folder with all packages, for
# where there is no network.
set -eu
folder=$1 python=$2 wheels=${3-}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
collections=ansible==12.3.0 # the release made with ansible-core 2.19

pip() {
  command=$1
  shift
  "$folder/bin/python" -m pip --disable-pip-version-check "$command" ${wheels:+--no-index --find-links="$wheels"} --no-deps "$@"
}

rm -rf "$folder"
"$python" -m venv "$folder"
pip install --requirement "$here/requirements.txt"
"$folder/bin/python" -m pip --disable-pip-version-check check
pip download --no-cache-dir --only-binary :all: --dest "$folder/wheel" "$collections"
"$folder/bin/python" "$here/extractCollections.py" "$folder"/wheel/*.whl ansible/posix community/general
rm -r "$folder/wheel"
