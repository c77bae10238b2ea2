#!/bin/sh
# Makes the root directory of a test host: Debian's systemd, OpenSSH, rpm and dnf, dressed as RHEL 9.4, with an offline
# dnf repository of small packages. Usage: build.sh <new directory>. Run it as root, in a mount namespace of its own,
# so that what debootstrap mounts is gone when this ends, however it ends.
set -eu
root=$1
recipe=$(cd "$(dirname "$0")" && pwd)
suite=bookworm

# Debian's mirror as this machine knows it, so that one that reaches it by a proxy or has a copy of it works too.
mirror=${HOLDFAST_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages' |
  awk -v suite="$suite" '$2 == suite { print $1; exit }')}
if [ -z "$mirror" ]; then
  echo "This machine's apt has no source of Debian $suite: add one, or set HOLDFAST_DEBIAN_MIRROR to its URL." >&2
  exit 1
fi

debootstrap --variant=minbase --include="\
systemd,systemd-sysv,dbus,openssh-server,sudo,rpm,dnf,procps,kmod,iproute2,\
python3,python3-rpm,python3-dnf,python3-selinux,acl" "$suite" "$root" "$mirror"

echo 'Building the RPM packages'
# Debian's rpm keeps each user's database in the home directory; RHEL's is the system's.
mkdir -p "$root/etc/rpm" "$root/etc/yum.repos.d" "$root/etc/dnf"
echo '%_dbpath /var/lib/rpm' > "$root/etc/rpm/macros"
rpms=$root/srv/repo
build() { # spec, then rpmbuild options; for the architecture $target
  spec=$1; shift
  rpmbuild --quiet -bb --target "${target:-noarch}" --define "_topdir $root/tmp/rpm" --define "_dbpath $root/tmp/rpm/db" \
    --define "_rpmdir $rpms" \
    --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' "$@" "$recipe/packages/$spec.spec"
}
for version in 1.0 1.2 2.0; do build hf-tool --define "tool_version $version"; done
for release in 11 18; do build hf-named --define "named_release $release"; done
for version in 5.14.0 5.14.1; do build hf-kernel --define "kernel_version $version"; done
for version in 1.0 2.0; do
  for target in x86_64 i686; do build hf-wide --define "wide_version $version"; done
done
target=
for name in telnet agentd lib app data old new fails lacking; do build "hf-$name"; done
build openssh-server
build redhat-release
createrepo_c --quiet "$rpms"

echo 'Installing redhat-release'
cat > "$root/etc/yum.repos.d/holdfast.repo" <<'END'
[holdfast]
name=Packages for tests
baseurl=file:///srv/repo
enabled=1
gpgcheck=0
END
printf '[main]\ngpgcheck=1\nclean_requirements_on_remove=True\nbest=True\n' > "$root/etc/dnf/dnf.conf"
rm "$root/etc/os-release" "$root/usr/lib/os-release" "$root/etc/debian_version"
chroot "$root" dnf --quiet --assumeyes --releasever=9 install redhat-release
chroot "$root" dnf --quiet makecache

echo 'Setting up users, sshd and units'
chroot "$root" groupadd --system wheel
# A password of "*" bars passwords without locking the account, which sshd would refuse when PAM is off.
chroot "$root" useradd --uid 1000 --create-home --shell /bin/bash --groups wheel --password '*' holdfast
printf 'holdfast ALL=(ALL) NOPASSWD: ALL\n' > "$root/etc/sudoers.d/holdfast"
chmod 0440 "$root/etc/sudoers.d/holdfast"
# Key exchange as RHEL 9's crypto policy has it: Debian's first choice would triple the cost of a connection.
ecdh=curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521
cat > "$root/etc/ssh/sshd_config.d/50-holdfast.conf" <<END
KexAlgorithms $ecdh,diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256
MaxStartups 100:30:200
MaxSessions 100
UseDNS no
END
rm -f "$root"/etc/ssh/ssh_host_*

# RHEL's name of the unit, as baselines will say it. /run/sshd outlives the service, so that `sshd -T` always works.
rm -f "$root/etc/systemd/system/sshd.service" "$root/etc/systemd/system/multi-user.target.wants/ssh.service"
sed -e '/^RuntimeDirectory/d' -e '/^Alias=/d' -e '/^EnvironmentFile=/d' -e 's/ \$SSHD_OPTS//' \
  "$root/lib/systemd/system/ssh.service" > "$root/lib/systemd/system/sshd.service"
rm "$root"/lib/systemd/system/ssh*.socket "$root/lib/systemd/system/ssh.service" "$root"/etc/init.d/ssh
echo 'd /run/sshd 0755 root root' > "$root/usr/lib/tmpfiles.d/sshd.conf"

mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/selinux" "$root/etc/sysconfig"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > "$root/etc/systemd/journald.conf.d/volatile.conf"
printf 'SELINUX=enforcing\nSELINUXTYPE=targeted\n' > "$root/etc/selinux/config"
ln -s ../selinux/config "$root/etc/sysconfig/selinux"
systemctl --root="$root" --quiet enable sshd.service systemd-networkd.service
systemctl --root="$root" --quiet disable systemd-networkd-wait-online.service systemd-pstore.service \
  e2scrub_reap.service
systemctl --root="$root" --quiet mask console-getty.service container-getty@.service getty@.service getty.target \
  systemd-tmpfiles-clean.timer fstrim.timer e2scrub_all.timer

echo 'Removing what no RHEL host has'
# apt and dpkg would make Ansible and scanners take the host for Debian.
cd "$root"
rm -rf usr/bin/apt* usr/bin/dpkg* usr/sbin/dpkg-preconfigure usr/lib/apt usr/lib/dpkg etc/apt etc/dpkg var/lib/apt \
  var/lib/dpkg var/cache/apt var/cache/debconf lib/systemd/system/apt-daily* lib/systemd/system/dpkg-db-backup* \
  etc/systemd/system/timers.target.wants
rm -rf usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/* usr/share/lintian var/log/*.log var/log/apt \
  tmp/* etc/hostname etc/hosts etc/machine-id
: > etc/resolv.conf
