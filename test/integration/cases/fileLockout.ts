/** Situations of `file` and `line` after which Holdfast could no longer come to the host, or become root there. */
import type { HostCase } from './case.ts';

const github = 'https://github.com';

const sleeper = `python3 -c "import fcntl,time; f=open('/etc/.pwd.lock','r+'); fcntl.lockf(f,fcntl.LOCK_EX); open('/run/hf-locked','w'); time.sleep(600)" >/dev/null 2>&1 & echo $! >/run/hf-locker; until [ -e /run/hf-locked ]; do :; done`;

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
  {
    name: 'a file of accounts is not replaced below a tool that changes it',
    source: `${github}/uutils/shadow/issues/240`,
    declare: { line: { path: '/etc/passwd', line: '+::::::', state: 'Absent' } },
    given: `cp -p /etc/passwd /root/hf-passwd; echo '+::::::' >>/etc/passwd; ${sleeper}`,
    found: [/^line is /],
    refused: /someone else is changing accounts right now/,
    cleared: 'kill $(cat /run/hf-locker); rm /run/hf-lock*; mv /root/hf-passwd /etc/passwd',
  },
  {
    name: 'a file that somebody made immutable since is named when undoing',
    source: `${github}/ansible/ansible/issues/48886`,
    declare: { file: { path: '/etc/hf-file', content: 'b\n' } },
    given: 'echo a >/etc/hf-file',
    found: [/^content is/],
    meanwhile: 'chattr +i /etc/hf-file',
    lost: /^\/etc\/hf-file is immutable \(see lsattr\)/,
    cleared: 'chattr -i /etc/hf-file; rm /etc/hf-file',
  },
  {
    name: 'so is a directory when it is corrected',
    source: `${github}/ansible/ansible/issues/3335`,
    declare: { file: { path: '/etc/hf-folder', type: 'Directory', mode: '0700' } },
    given: 'mkdir -m 755 /etc/hf-folder; chattr +i /etc/hf-folder',
    found: ['mode is 0755, not 0700'],
    refused: /^\/etc\/hf-folder is immutable \(see lsattr\)/,
    cleared: 'chattr -i /etc/hf-folder; rmdir /etc/hf-folder',
  },
  {
    name: 'and a file system that is read-only',
    source: `${github}/ansible/ansible/issues/13128`,
    declare: { file: { path: '/srv/hf-ro/file', content: 'b\n' } },
    given:
      'mkdir -p /srv/hf-ro; mount -t tmpfs -o mode=755 none /srv/hf-ro; echo a >/srv/hf-ro/file; mount -o remount,ro /srv/hf-ro',
    found: [/^content is/],
    refused: /^\/srv\/hf-ro\/file cannot be written: Read-only file system/,
    cleared: 'umount /srv/hf-ro; rmdir /srv/hf-ro',
  },
];
