/** Situations of `user`: whether its password is locked. */
import type { HostCase } from './case.ts';
import { given, hash, issue } from './accounts.ts';

export const userLocks: readonly HostCase[] = [
  ...(['!', '!!', '*', '!*', `!${hash}`] as const).map((field): HostCase => ({
    name: `${field} is locked`,
    source: issue('ComplianceAsCode/content/issues/9467'),
    declare: { user: { name: 'hf-app', locked: true } },
    ...given(`useradd -M hf-app; usermod -p "${field}" hf-app`),
    found: [],
  })),
  {
    name: 'no password at all is the worst',
    source: issue('chainguard-dev/stigs/issues/111'),
    declare: { user: { name: 'hf-app', locked: true } },
    ...given('useradd -M hf-app; usermod -p "" hf-app'),
    found: ['locked is no, and it has no password at all, not yes'],
    corrected: 'getent shadow hf-app | grep -q "^hf-app:!"',
  },
  {
    name: 'nor is it right for an account that must not be locked',
    declare: { user: { name: 'hf-app', locked: false } },
    ...given('useradd -M hf-app; usermod -p "" hf-app'),
    found: ['locked is no, and it has no password at all, not no'],
    manual: /anyone may log in/,
  },
  {
    name: 'a lock in /etc/shadow locks nothing that /etc/passwd leaves open',
    source: issue('dev-sec/linux-baseline/issues/132'),
    declare: { user: { name: 'hf-app', locked: true } },
    ...given('useradd -M hf-app; usermod -p "!" hf-app; sed -i "s/^hf-app:x:/hf-app::/" /etc/passwd'),
    found: ['locked is no, and it has no password at all, not yes'],
    corrected: 'getent passwd hf-app | grep -q "^hf-app:!"',
  },
  {
    name: 'a hash in /etc/passwd is a password',
    declare: { user: { name: 'hf-app', locked: true } },
    ...given('useradd -M hf-app; usermod -p "!" hf-app; sed -i "s/^hf-app:x:/hf-app:\\$6\\$a\\$b:/" /etc/passwd'),
    found: ['locked is no, not yes'],
    corrected: 'getent passwd hf-app | grep -q "^hf-app:!"',
  },
  {
    name: 'an expired account is not locked',
    source: issue('shadow-maint/shadow/issues/441'),
    declare: { user: { name: 'hf-app', locked: true } },
    ...given(`useradd -M -e 1 -p "${hash}" hf-app`),
    found: ['locked is no, not yes'],
  },
  {
    name: 'nobody is unlocked',
    source: issue('shadow-maint/shadow/issues/1479'),
    declare: { user: { name: 'hf-app', locked: false } },
    ...given(`useradd -M -p "!${hash}" hf-app`),
    found: ['locked is yes, not no'],
    manual: /unlock it with `usermod -U`, or set a new one with `passwd`/,
  },
  {
    name: 'without an entry in /etc/shadow nothing is known',
    source: issue('shadow-maint/shadow/issues/1587'),
    declare: { user: { name: 'hf-app', locked: true } },
    ...given('useradd -M hf-app; sed -i /^hf-app:/d /etc/shadow'),
    found: [/^unknown: \/etc\/shadow does not show whether hf-app is locked/],
  },
];
