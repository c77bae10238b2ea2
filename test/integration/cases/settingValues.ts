/** Situations of `setting` in which it depends on the reader what a value is. */
import type { HostCase } from './case.ts';
import { ini, is, plain, put } from './texts.ts';

const github = 'https://github.com';

export const settingValues: readonly HostCase[] = [
  {
    name: 'nor does it where the value is another either way',
    declare: plain('/etc/hf/a.conf', 'max_connections', '100'),
    given: put('/etc/hf/a.conf', 'max_connections = 200 # a\\n'),
    found: ['value is 200 # a (line 1 of /etc/hf/a.conf), not 100'],
    corrected: is('/etc/hf/a.conf', 'max_connections = 100\\n'),
    cleared: 'rm -r /etc/hf',
  },
  {
    name: 'nor whether quotes are a part of it',
    declare: plain('/etc/hf/a.conf', 'port', '514'),
    given: put('/etc/hf/a.conf', 'port = "514"\\n'),
    found: [/^unknown: line 1 of \/etc\/hf\/a\.conf has its value in quotes/],
    cleared: 'rm -r /etc/hf',
  },
  {
    name: 'a value of TOML in its quotes is written',
    declare: ini('/etc/containers/containers.conf', 'engine', 'events_logger', '"journald"'),
    given: put('/etc/containers/containers.conf', '[engine]\\nevents_logger = "file"\\n'),
    found: ['value is "file" (line 2 of /etc/containers/containers.conf), not "journald"'],
    corrected: is('/etc/containers/containers.conf', '[engine]\\nevents_logger = "journald"\\n'),
    cleared: 'rm /etc/containers/containers.conf',
  },
  {
    name: 'arguments of the kernel that it was started with count',
    declare: { setting: { path: '/etc/default/grub', key: 'GRUB_TIMEOUT', value: '1' } },
    given: put('/etc/default/grub', 'GRUB_TIMEOUT=1\\n'),
    found: [],
    cleared: 'rm /etc/default/grub',
  },
  {
    name: 'it depends on the reader whether a value ends at a comment',
    source: `${github}/kellyjonbrazil/jc/issues/548`,
    declare: plain('/etc/hf/a.conf', 'max_connections', '100'),
    given: put('/etc/hf/a.conf', 'max_connections = 100\\t\\t# (change requires restart)\\n'),
    found: [/^unknown: line 1 of \/etc\/hf\/a\.conf has a comment sign behind its value/],
    cleared: 'rm -r /etc/hf',
  },
  {
    name: 'a value of TOML without quotes is not written',
    source: `${github}/podman-container-tools/podman/issues/12234`,
    declare: ini('/etc/containers/containers.conf', 'engine', 'events_logger', 'journald'),
    given: put('/etc/containers/containers.conf', '[engine]\\nevents_logger = "file"\\n'),
    found: ['value is "file" (line 2 of /etc/containers/containers.conf), not journald'],
    manual: /is TOML, in which a text is in quotes/,
    cleared: 'rm /etc/containers/containers.conf',
  },
  {
    name: 'nor a list of several lines cut',
    declare: ini('/etc/containers/containers.conf', 'containers', 'default_capabilities', '["CHOWN"]'),
    given: put('/etc/containers/containers.conf', '[containers]\\ndefault_capabilities = [\\n"CHOWN",\\n"KILL"\\n]\\n'),
    found: [/^unknown: line 2 of \/etc\/containers\/containers\.conf begins a list that continues below/],
    cleared: 'rm /etc/containers/containers.conf',
  },
  {
    name: 'a file in which blanks lack around a sign is not read at all',
    source: `${github}/linux-application-whitelisting/fapolicyd/blob/main/src/library/daemon-config.c`,
    declare: plain('/etc/fapolicyd/fapolicyd.conf', 'permissive', '0'),
    given: put('/etc/fapolicyd/fapolicyd.conf', '# a\\npermissive=0\\nnice_val = 14\\n'),
    found: [/^unknown: line 2 of \/etc\/fapolicyd\/fapolicyd\.conf has no blanks around its equals sign/],
    cleared: 'rm -r /etc/fapolicyd',
  },
  {
    name: 'a setting of a module that no stack of PAM has',
    declare: plain('/etc/security/pwhistory.conf', 'remember', '24'),
    given: `${put('/etc/security/pwhistory.conf', 'remember = 24\\n')}; ${put('/etc/pam.d/system-auth', 'password sufficient pam_unix.so\\n')}`,
    found: [/^unknown: no PAM stack in \/etc\/pam\.d uses pam_pwhistory\.so/],
    cleared: 'rm /etc/security/pwhistory.conf /etc/pam.d/system-auth',
  },
  {
    name: 'arguments of the kernel that it was not started with',
    source: `${github}/rhboot/grub2/pull/126`,
    declare: { setting: { path: '/etc/default/grub', key: 'GRUB_CMDLINE_LINUX', value: 'audit=1 hf=1' } },
    given: put('/etc/default/grub', 'GRUB_CMDLINE_LINUX="audit=1 hf=1"\\n'),
    found: [/^unknown: the kernel was started without audit=1 hf=1: run `grubby --update-kernel=ALL/],
    cleared: 'rm /etc/default/grub',
  },
];
