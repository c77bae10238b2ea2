#!/bin/sh
# Sets up what the project's targets need. Every step is done once: it says nothing and takes no time when there is
# nothing to do, and two starts at once do the work once.
#
#   setup.sh STEP...      do these steps: node (npm packages), cluster, fleet, worker (a node of Kubernetes), ansible, oscal, prometheus, browser, shells, time, faketime, or the name of a program in programs.tsv
#   setup.sh where STEP   do the step, then print the folder that it made on standard output
#
# Progress goes to standard error. What is made lies outside the work tree, in HOLDFAST_CACHE (default:
# ${XDG_CACHE_HOME:-~/.cache}/holdfast), and can be deleted at any time.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
cache=${HOLDFAST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/holdfast}

. "$here/progress.sh"
. "$here/debian.sh"
. "$here/node.sh"
. "$here/go.sh"
. "$here/ansible.sh"
. "$here/oscal.sh"

# Does one step; leaves the folder that it made in $made.
step() {
  made=
  case $1 in
    node) node_packages ;;
    cluster)
      debian_packages openssl util-linux
      go_program controlplane
      ;;
    fleet)
      debian_packages systemd-container debootstrap rpm dnf createrepo-c openssh-client openssh-server iproute2
      ;;
    worker) debian_packages containerd runc containernetworking-plugins nftables iptables conntrack ;;
    ansible) ansible_environment ;;
    oscal) oscal_schema ;;
    prometheus)
      debian_packages prometheus
      made=$(dirname "$(command -v promtool)")
      ;;
    browser) debian_packages chromium ;;
    shells) debian_packages zsh fish ;;
    time) debian_packages time ;;
    faketime)
      debian_packages libfaketime
      made=$(dirname "$(dpkg-query -L libfaketime | grep '/libfaketime\.so\.1$')")
      ;;
    *) go_program "$1" ;;
  esac
}

if [ "${1-}" = where ]; then
  step "${2:?setup.sh where: specify a step}"
  [ -n "$made" ] || fail "Step '$2' has no directory; use cluster, ansible, oscal, prometheus, faketime or a program of programs.tsv."
  printf '%s\n' "$made"
else
  [ $# -gt 0 ] || fail "Specify the steps to run: node, cluster, fleet, worker, ansible, oscal, prometheus, browser, shells, time, faketime, or a program of tools/setup/programs.tsv."
  for name in "$@"; do step "$name"; done
fi
