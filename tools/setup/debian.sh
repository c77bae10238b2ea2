# Debian packages by name, installed only if missing.

debian_packages() {
  debian_installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || :)
  debian_missing=
  for package in "$@"; do
    echo "$debian_installed" | grep -qxF "installed $package" || debian_missing="$debian_missing $package"
  done
  [ -n "$debian_missing" ] || return 0
  command -v apt-get >/dev/null ||
    fail "These Debian packages are needed, but this machine has no apt-get; install their programs manually:$debian_missing"
  [ "$(id -u)" -eq 0 ] ||
    fail "Debian packages are missing, and only root can install them. Run: sudo apt-get install$debian_missing"
  # Unquoted on purpose: one word a package.
  # shellcheck disable=SC2086
  locked debian debian_install $debian_missing
}

debian_install() {
  long debian "installing Debian packages: $*" 'about 1 min' debian_apt "$@"
}

debian_apt() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update || echo 'Continuing with the existing package lists.'
  apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}
