#!/bin/sh
# Makes the layer of the runner image: the environment that images/runner/install.sh makes, on the base. Usage: runner.sh BASE FOLDER PIP
set -eu
base=$1 folder=$2 pip=$3
images=$(CDPATH='' cd -- "$(dirname -- "$0")/../../../images/runner" && pwd)
# Not in the network of the base: what this machine's pip is set to, a proxy or an index of its own, counts.
"$pip" download --disable-pip-version-check --no-deps --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none \
  --platform manylinux_2_34_x86_64 --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 --platform any \
  --requirement "$images/requirements.txt" --dest "$folder.wheels" "$(sed -n 's/^collections=\([^ ]*\).*/\1/p' "$images/install.sh")"
mkdir "$folder" "$folder.work" "$folder.root"
mount -t overlay -o "lowerdir=$base,upperdir=$folder,workdir=$folder.work" overlay "$folder.root"
mkdir "$folder.root/tmp/runner" "$folder.root/tmp/wheels"
mount --bind "$images" "$folder.root/tmp/runner"
mount --bind "$folder.wheels" "$folder.root/tmp/wheels"
chroot "$folder.root" /tmp/runner/install.sh /opt/ansible /usr/bin/python3 /tmp/wheels
umount "$folder.root/tmp/runner" "$folder.root/tmp/wheels"
rmdir "$folder.root/tmp/runner" "$folder.root/tmp/wheels"
umount "$folder.root"
rm -rf "$folder.work" "$folder.wheels" "$folder.root" "$folder/tmp"
