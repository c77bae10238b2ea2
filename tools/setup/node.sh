# The npm packages of package-lock.json, Node 24 among them (node_modules/.bin/node): the Node that is found on the
# machine, of any version, only runs npm.

node_packages() {
  node_stale || return 0
  command -v npm >/dev/null || debian_packages nodejs npm
  locked node node_install
}

# npm writes its own record of what it installed there last.
node_stale() {
  [ ! -f "$root/node_modules/.package-lock.json" ] ||
    [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]
}

# `install --no-save`, which keeps to the lock file and leaves it as it is, since `npm ci` refuses a lock file that lacks
# the optional packages of other systems.
node_install() {
  node_stale || return 0
  long node 'installing npm packages' 'about 30 s' \
    npm install --no-save --prefix "$root" --include=dev --include=optional --no-audit --no-fund
  [ -x "$root/node_modules/.bin/node" ] ||
    fail "npm did not install Node 24: no package node-<system>-<processor> of package.json matches $(uname -sm). Add the matching one to optionalDependencies."
  touch "$root/node_modules/.package-lock.json"
}
