/** Situations of `user` and `group` in which the sources of /etc/nsswitch.conf say different things. */
import { clean, issue, kept } from './accounts.ts';
import type { HostCase } from './case.ts';

/** A getent that tells what sed makes of its lines, as other sources would. */
const telling = (sed: string): string =>
  `mv /usr/bin/getent /usr/bin/getent.hf; printf '#!/bin/sh\\ngetent.hf "$@" | sed "${sed}"\\n' >/usr/bin/getent; chmod 755 /usr/bin/getent`;
const cleared = `mv /usr/bin/getent.hf /usr/bin/getent; ${clean}`;
const lost = `${kept}; groupadd hf-g; useradd -M -G hf-g hf-a; ${telling('s/^(hf-g:x:[0-9]*:).*/\\\\1/').replace('sed "', 'sed -E "')}`;

export const sourcesOfGroups: readonly HostCase[] = [
  ...[{ exclusive: true }, { members: ['hf-a'] }].map((declared): HostCase => ({
    name: `a member that the name service loses leaves nothing known (${Object.keys(declared).join('')})`,
    source: issue('SSSD/sssd/issues/5170'),
    declare: { group: { name: 'hf-g', ...declared } },
    given: lost,
    found: [/^unknown: .etc.group has hf-a in hf-g, and the name service does not report that: /],
    cleared,
  })),
  {
    name: 'members may come from a directory that does not answer',
    source: issue('SSSD/sssd/issues/8844'),
    declare: { group: { name: 'hf-g', exclusive: true } },
    given: `${kept}; groupadd hf-g; mkdir -p /etc/sssd; echo '[sssd]' >/etc/sssd/sssd.conf; cp -p /etc/nsswitch.conf /root/; sed -i 's/^group:.*/group: files [SUCCESS=merge] sss/' /etc/nsswitch.conf`,
    found: ['unknown: hf-g may have members that come from sssd, which does not respond'],
    cleared: `mv /root/nsswitch.conf /etc/; rm -r /etc/sssd; ${clean}`,
  },
  {
    name: 'another source has another group of the name',
    source: issue('SSSD/sssd/pull/8246'),
    declare: { group: { name: 'hf-g', gid: 4711 } },
    given: `${kept}; groupadd hf-g; ${telling('s/^hf-g:x:[0-9]*:/hf-g:*:4711:/')}`,
    found: [/^unknown: another source in .etc.nsswitch.conf has hf-g too, with another GID than .etc.group/],
    cleared,
  },
];

export const sourcesOfUsers: readonly HostCase[] = [
  {
    name: 'another source has another account of the name, of which /etc/shadow does not say whether it is locked',
    source: issue('SSSD/sssd/issues/7996'),
    declare: { user: { name: 'hf-a', locked: true } },
    given: `${kept}; useradd -M hf-a; ${telling('s/^hf-a:x:[0-9]*:/hf-a:*:4711:/')}`,
    found: [/^unknown: another source in .etc.nsswitch.conf has hf-a too, with other properties than .etc.passwd/],
    cleared,
  },
];
