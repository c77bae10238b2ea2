/** Situations of `selinux`. The kernel of the test hosts has none: what is in effect is told by recorded answers in the unit tests. */
import type { SelinuxCheck } from '../../../operator/api/v1alpha1/systemChecks.ts';
import type { HostCase } from './case.ts';

const config = '/etc/selinux/config';
const back = `mv /root/selinux ${config}; umount /proc/cmdline 2>/dev/null; rm -rf /etc/selinux/targeted /boot/loader /boot/grub2 /run/ostree; true`;

/** A file, the kernel's arguments and what comes of them at the next boot. */
function next(
  name: string,
  mode: SelinuxCheck['mode'],
  file: string,
  found: HostCase['found'],
  more: { cmdline?: string; given?: string } & Partial<HostCase> = {},
): HostCase {
  const { cmdline = 'ro quiet', given = ':', ...rest } = more;
  return {
    name,
    declare: { selinux: { mode, scope: 'Persisted' } },
    given: `cp -p ${config} /root/selinux; printf '${file}' >${config}; mkdir -p /etc/selinux/targeted/policy; touch /etc/selinux/targeted/policy/policy.33; echo '${cmdline}' >/root/cmdline; mount --bind /root/cmdline /proc/cmdline; ${given}`,
    found,
    cleared: back,
    ...rest,
  };
}
/** The kernel knows SELinux, so that a host without the policy would not boot. */
const known = `printf 'nodev\\tselinuxfs\\n' >/root/filesystems; mount --bind /root/filesystems /proc/filesystems`;
const isNow = (word: string) =>
  `python3 -c 'import selinux; print(selinux.selinux_getenforcemode())' 2>/dev/null; grep -qx 'SELINUX=${word}' ${config}`;
const persisted = (is: string, not: string) => [`persisted is ${is}, not ${not}`];

export const selinux: readonly HostCase[] = [
  {
    name: 'a host without SELinux is disabled, and it takes a reboot to turn it on',
    declare: { selinux: { mode: 'Enforcing', scope: 'Live' } },
    found: ['live is Disabled, not Enforcing'],
    manual: /reboot: SELinux can be turned on only at boot/,
  },
  next('blanks behind the words do not matter', 'Enforcing', 'SELINUX=enforcing  \\nSELINUXTYPE=targeted \\n', [], {
    source: 'https://github.com/finalduty/cis-benchmarks-audit/issues/15',
  }),
  next(
    'the first line that tells a mode is changed, and nothing else of the file',
    'Enforcing',
    '# SELINUX=disabled\\nSELINUX=permissive\\nSELINUXTYPE=targeted\\nSELINUX=enforcing\\n',
    persisted('Permissive', 'Enforcing'),
    {
      source: 'https://github.com/mizzy/serverspec/issues/137',
      corrected: `test "$(sed -n 2p ${config})" = SELINUX=enforcing && test "$(sed -n 4p ${config})" = SELINUX=enforcing && test -e /.autorelabel`,
    },
  ),
  next('a blank before the mode is passed over', 'Enforcing', 'SELINUX= enforcing\\nSELINUXTYPE=targeted\\n', []),
  next('so is the case, and what follows', 'Enforcing', 'SELINUX=Enforcing # note\\n', []),
  next(
    'a comment behind the policy is a part of its name, by which there is none',
    'Enforcing',
    'SELINUX=enforcing\\nSELINUXTYPE=targeted # note\\n',
    ['policy is not installed, not targeted # note'],
    {
      source: 'https://github.com/plus3it/ash-linux-formula/issues/84',
      given: known,
      cleared: `umount /proc/filesystems; ${back}`,
      manual: /no policy is installed for SELINUXTYPE=targeted # note/,
    },
  ),
  next(
    'the policy is named in any case, with blanks before and behind it, and by the last line',
    'Enforcing',
    'SELINUX=enforcing\\nSELINUXTYPE=mls\\n selinuxtype= \\ttargeted \\r\\n# SELINUXTYPE=minimum\\n',
    [],
    { given: known, cleared: `umount /proc/filesystems; ${back}` },
  ),
  next('a line of Windows will do', 'Enforcing', 'SELINUX=enforcing\\r\\n', []),
  next(
    'a line that does not begin with the word is none',
    'Enforcing',
    ' SELINUX=enforcing\\n',
    persisted('Permissive', 'Enforcing'),
    { corrected: isNow('enforcing') },
  ),
  next(
    'nor is one with a blank before the sign',
    'Enforcing',
    'SELINUX =enforcing\\n',
    persisted('Permissive', 'Enforcing'),
  ),
  next('nor one in quotes', 'Enforcing', 'SELINUX="enforcing"\\n', persisted('Permissive', 'Enforcing')),
  next('a mode that does not exist is passed over', 'Enforcing', 'SELINUX=bogus\\nSELINUX=enforcing\\n', []),
  next(
    'a comment is none',
    'Enforcing',
    '#SELINUX=enforcing\\nSELINUX=disabled\\n',
    persisted('Disabled', 'Enforcing'),
    { corrected: isNow('enforcing') },
  ),
  next(
    'a file that tells no mode leaves SELinux permissive',
    'Disabled',
    'SELINUXTYPE=targeted\\n',
    persisted('Permissive', 'Disabled'),
    { corrected: isNow('disabled') },
  ),
  next(
    'disabled in the file stays so, whatever the kernel is told',
    'Enforcing',
    'SELINUX=disabled\\n',
    persisted('Disabled', 'Enforcing'),
    {
      source: 'https://github.com/oamg/leapp-repository/pull/1530',
      cmdline: 'ro enforcing=1',
      corrected: isNow('enforcing'),
    },
  ),
  next(
    'the first of two arguments enforcing= counts',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Permissive', 'Enforcing'),
    { cmdline: 'ro enforcing=0 enforcing=1', manual: /remove-args="enforcing"/ },
  ),
  next('and the last of two selinux=', 'Enforcing', 'SELINUX=enforcing\\n', [], { cmdline: 'selinux=0 selinux=1' }),
  next(
    'so that the other order turns it off',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Disabled', 'Enforcing'),
    { cmdline: 'selinux=1 selinux=0', manual: /remove-args="selinux"/ },
  ),
  next('a word alone is no argument', 'Enforcing', 'SELINUX=permissive\\n', persisted('Permissive', 'Enforcing'), {
    cmdline: 'ro enforcing xenforcing=1',
  }),
  next(
    'another security module leaves it off',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Disabled', 'Enforcing'),
    { cmdline: 'ro security=apparmor', manual: /security=apparmor/ },
  ),
  next(
    'so does a list of modules without it',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Disabled', 'Enforcing'),
    { cmdline: 'ro lsm=lockdown,yama,bpf', manual: /lsm=lockdown/ },
  ),
  next(
    'the entry that boots next counts, not what runs',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Permissive', 'Enforcing'),
    {
      source: 'https://github.com/linux-system-roles/selinux/issues/274',
      given: `mkdir -p /boot/loader/entries /boot/grub2; printf 'title x\\noptions root=/dev/x ro enforcing=0\\n' >/boot/loader/entries/m-5.14.0.conf; printf 'options ro\\n' >/boot/loader/entries/m-4.conf; printf 'saved_entry=m-5.14.0\\n' >/boot/grub2/grubenv`,
      manual: /grubby --update-kernel=ALL/,
    },
  ),
  next(
    'an entry may have several lines of arguments, and none',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Permissive', 'Enforcing'),
    {
      source:
        'https://uapi-group.org/specifications/specs/boot_loader_specification/#type-1-boot-loader-specification-entries',
      given: `mkdir -p /boot/loader/entries /boot/grub2; printf 'title x\\n' >/boot/loader/entries/a.conf; printf 'options ro\\noptions enforcing=0\\n' >/boot/loader/entries/b.conf; printf 'saved_entry=b\\n' >/boot/grub2/grubenv`,
      manual: /grubby --update-kernel=ALL/,
    },
  ),
  next('an argument of this boot alone is gone at the next', 'Enforcing', 'SELINUX=enforcing\\n', [], {
    cmdline: 'ro enforcing=0',
    given: `mkdir -p /boot/loader/entries /boot/grub2; printf 'options $kernelopts $tuned_params\\n' >/boot/loader/entries/a.conf; printf 'saved_entry=a\\nkernelopts=root=/dev/x ro\\n' >/boot/grub2/grubenv`,
  }),
  next(
    'a variable that nothing tells leaves the next boot unknown',
    'Enforcing',
    'SELINUX=enforcing\\n',
    [/^unknown: the next boot entry uses a variable/],
    {
      given: `mkdir -p /boot/loader/entries; printf 'options ro $kernelopts\\n' >/boot/loader/entries/a.conf`,
    },
  ),
  next('of deployments of ostree the latest boots', 'Enforcing', 'SELINUX=enforcing\\n', [], {
    source: 'https://github.com/ComplianceAsCode/content/issues/11220',
    given: `mkdir -p /boot/loader/entries; printf 'options ro enforcing=0\\n' >/boot/loader/entries/ostree-9.conf; printf 'options ro\\n' >/boot/loader/entries/ostree-10.conf`,
  }),
  next(
    'and not another that was kept for going back',
    'Enforcing',
    'SELINUX=enforcing\\n',
    persisted('Permissive', 'Enforcing'),
    {
      source: 'https://github.com/ComplianceAsCode/content/issues/5285',
      given: `mkdir -p /boot/loader/entries; printf 'options ro\\n' >/boot/loader/entries/ostree-1-rhel.conf; printf 'options ro enforcing=0\\n' >/boot/loader/entries/ostree-2-rhel.conf`,
      manual: /grubby --update-kernel=ALL/,
    },
  ),
  next(
    'a deployment that is written when the host shuts down leaves the next boot unknown',
    'Enforcing',
    'SELINUX=enforcing\\n',
    [/^unknown: .* another deployment is staged, and is written when the host shuts down; reboot the host first$/],
    {
      source: 'https://github.com/coreos/fedora-coreos-tracker/issues/963',
      given: `mkdir -p /boot/loader/entries /run/ostree; touch /run/ostree/staged-deployment; printf 'options ro\\n' >/boot/loader/entries/ostree-1.conf`,
    },
  ),
  next(
    'a boot loader without entries leaves it unknown too',
    'Enforcing',
    'SELINUX=enforcing\\n',
    [/^unknown: the kernel arguments of the next boot are unknown/],
    {
      given: 'mkdir -p /boot/grub2; touch /boot/grub2/grub.cfg',
    },
  ),
  next(
    'without a policy nothing is made to enforce',
    'Enforcing',
    'SELINUX=permissive\\nSELINUXTYPE=mls\\n',
    persisted('Permissive', 'Enforcing'),
    {
      source: 'https://github.com/plus3it/ash-linux-formula/issues/84',
      manual: /no policy is installed for SELINUXTYPE=mls/,
    },
  ),
  next(
    'the mode is no lower than declared',
    'Permissive',
    'SELINUX=enforcing\\n',
    persisted('Enforcing', 'Permissive'),
    { corrected: isNow('permissive') },
  ),
  {
    name: 'an enforce of nothing, without a policy in the kernel, is disabled',
    source: 'https://github.com/kubevirt/kubevirt/issues/5298',
    declare: { selinux: { mode: 'Permissive', scope: 'Live' } },
    given: 'mount -t tmpfs t /sys/fs; mkdir /sys/fs/selinux; printf 0 >/sys/fs/selinux/enforce',
    found: ['live is Disabled, not Permissive'],
    manual: /reboot/,
    cleared: 'umount /sys/fs',
  },
  {
    name: 'a link in the place of the file is left alone',
    declare: { selinux: { mode: 'Permissive', scope: 'Persisted' } },
    given: `mkdir -p /etc/selinux/targeted/policy; touch /etc/selinux/targeted/policy/policy.33; cp -p ${config} /root/selinux; mv ${config} /etc/selinux/real; ln -s real ${config}; echo ro >/root/cmdline; mount --bind /root/cmdline /proc/cmdline`,
    found: persisted('Enforcing', 'Permissive'),
    manual: /not a regular file/,
    cleared: `rm /etc/selinux/real; ${back}`,
  },
];
