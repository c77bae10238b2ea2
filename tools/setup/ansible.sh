# Ansible in a Python environment of its own: the packages of ansible.requirements.txt, and the two collections that the
# corrections use. Collections come in the PyPI package `ansible`, 211 MB of a hundred collections; only two are kept.

ansible_collections_package=ansible==12.3.0 # the release made with ansible-core 2.19

ansible_environment() {
  # The environment stays where it is made, since its programs name their interpreter by its path.
  made=$cache/ansible-$({ echo $ansible_collections_package; cat "$here/ansible.requirements.txt"; } | sha256sum | cut -c1-16)
  ansible_complete && return
  ansible_python || { debian_packages python3 python3-venv && ansible_python; } ||
    fail 'Ansible needs Python 3.11 or later with venv: install python3 and python3-venv, then run this again.'
  locked ansible ansible_make
}

# The interpreter is a link to the machine's Python, which may have gone since.
ansible_complete() { [ -f "$made/complete" ] && [ -x "$made/bin/python" ]; }

ansible_python() {
  for python in python3 python3.13 python3.12 python3.11; do
    "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
  done
  return 1
}

ansible_make() {
  ansible_complete && return
  long ansible 'installing Ansible' 'about 30 s' ansible_install
}

ansible_install() {
  set -e
  rm -rf "$made"
  "$python" -m venv "$made"
  "$made/bin/pip" install --disable-pip-version-check --no-deps --requirement "$here/ansible.requirements.txt"
  "$made/bin/pip" check
  "$made/bin/pip" download --disable-pip-version-check --no-cache-dir --no-deps --only-binary :all: \
    --dest "$made/wheel" "$ansible_collections_package"
  "$made/bin/python" "$here/extractCollections.py" "$made"/wheel/*.whl ansible/posix community/general
  rm -r "$made/wheel"
  : >"$made/complete"
}
