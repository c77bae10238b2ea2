#!/bin/sh
# Makes the root directory under the images of the test bed, in the place of the UBI that the Containerfiles begin with: Debian with what they install.
# Usage: base.sh FOLDER, as root, in a mount namespace of its own, so that what debootstrap mounts is gone when this ends, however it ends.
set -eu
root=$1
suite=bookworm

# Debian's mirror as this machine knows it, so that one that reaches it by a proxy or has a copy of it works too.
mirror=${HOLDFAST_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages' |
  awk -v suite="$suite" '$2 == suite { print $1; exit }')}
if [ -z "$mirror" ]; then
  echo "This machine's apt has no source of Debian $suite: add one, or set HOLDFAST_DEBIAN_MIRROR to its URL." >&2
  exit 1
fi
debootstrap --variant=minbase --include=openssh-client,python3,python3-venv,ca-certificates "$suite" "$root" "$mirror"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale
rm -rf "$root"/dev "$root"/var/log/*
mkdir "$root/dev"
echo 'holdfast:x:1001:0:Holdfast:/tmp:/sbin/nologin' >>"$root/etc/passwd"
