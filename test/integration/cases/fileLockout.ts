/** Situations of `file` and `line` after which Holdfast could no longer come to the host, or become root there. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';

export const lockingFiles: readonly HostCase[] = [
  {
    name: 'sudo keeps the bit by which it becomes root',
    source: `${github}/konstruktoid/hardening/issues/544`,
    declare: { file: { path: '/usr/bin/sudo', maxMode: '0755' } },
    found: [/^mode is 4/],
    refused: /holdfast could no longer use sudo as Holdfast does \(.*setuid.*\), so the change was reverted/,
  },
  {
    name: 'a stack of PAM that keeps the account from sudo is taken back',
    source: `${github}/dev-sec/chef-os-hardening/issues/225`,
    declare: { file: { path: '/etc/pam.d/sudo', content: 'account required pam_deny.so\n' } },
    found: [/^content is/],
    refused: /holdfast could no longer use sudo as Holdfast does/,
  },
  {
    name: 'so is what keeps it from logging in',
    source: 'https://man7.org/linux/man-pages/man8/pam_nologin.8.html',
    declare: { file: { path: '/etc/nologin', content: 'maintenance\n' } },
    found: ['state is absent, not present'],
    refused: /holdfast could no longer log in by SSH \(.*\), so the change was reverted/,
  },
  {
    name: 'so is a configuration with which sshd would not start',
    source: `${github}/geerlingguy/ansible-role-security/issues/28`,
    declare: { file: { path: '/etc/ssh/sshd_config', content: 'PermitRootLogins no\n' } },
    found: [/^content is/],
    refused: /sshd could no longer start \(.*PermitRootLogins.*\), so the change was reverted/,
  },
];
