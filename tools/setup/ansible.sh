# Ansible in a Python environment of its own, as the image of runs has it: images/runner/.

ansible_environment() {
  # The environment stays where it is made, since its programs name their interpreter by its path.
  made=$cache/ansible-$(cat "$root"/images/runner/install.sh "$root"/images/runner/requirements.txt | sha256sum | cut -c1-16)
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
  "$root/images/runner/install.sh" "$made" "$python" && : >"$made/complete"
}
