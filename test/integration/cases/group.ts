/** Situations of `group`. */
import { clean, given, issue, kept } from './accounts.ts';
import type { HostCase } from './case.ts';
import { hostile } from './hostile.ts';
import { sourcesOfGroups } from './accountSources.ts';

const exclusive = { name: 'hf-admins', members: ['hf-a'], exclusive: true };

export const group: readonly HostCase[] = [
  {
    name: 'another number, for the accounts whose first group it is too',
    declare: { group: { name: 'hf-group', gid: 1700 } },
    ...given('groupadd -g 1701 hf-group; useradd -M -g hf-group hf-a'),
    found: ['gid is 1701, not 1700'],
    corrected: 'test "$(id -g hf-a)" = 1700',
  },
  {
    name: 'no other number where files would be nobody’s',
    declare: { group: { name: 'hf-group', gid: 1700 } },
    ...given('groupadd -g 1701 hf-group; touch /srv/hf-out; chgrp 1701 /srv/hf-out'),
    found: ['gid is 1701, not 1700'],
    refused: /files belong to its ID 1701 \(\/srv\/hf-out\)/,
  },
  {
    name: 'a member that is named twice, and one that is no account, go and come back',
    source: 'https://github.com/mondoohq/mql/pull/9449',
    declare: { group: exclusive },
    ...given('groupadd hf-admins; useradd hf-a; sed -i "s/^hf-admins:.*/&hf-a,ghost,ghost/" /etc/group'),
    found: ['members is ghost, not no other member'],
    corrected: 'getent group hf-admins | grep -qx "hf-admins:x:[0-9]*:hf-a"',
  },
  {
    name: 'a member in /etc/gshadow alone is one, because newgrp lets it in',
    source: issue('shadow-maint/shadow/issues/261'),
    declare: { group: exclusive },
    ...given(
      'groupadd hf-admins; useradd hf-a; gpasswd -a hf-a hf-admins; sed -i "s/^hf-admins:.*/&,nobody/" /etc/gshadow',
    ),
    found: ['members is nobody through /etc/gshadow, not no other member'],
    manual: /^newgrp accepts nobody, which only its line in \/etc\/gshadow names: .*vigr -s/,
  },
  {
    name: 'so is who knows its password',
    source: issue('shadow-maint/shadow/issues/1242'),
    declare: { group: exclusive },
    ...given(
      'groupadd hf-admins; useradd hf-a; gpasswd -a hf-a hf-admins; sed -i "s/^hf-admins:!/hf-admins:\\$6\\$a\\$b/" /etc/gshadow',
    ),
    found: ['members is anyone who knows the password of the group, not no other member'],
    manual: /gpasswd -r hf-admins/,
  },
  {
    name: 'a group without a line in /etc/gshadow gets one, which goes again',
    source: issue('shadow-maint/shadow/issues/1124'),
    declare: { group: { name: 'hf-group', members: ['holdfast'] } },
    ...given('groupadd hf-group; sed -i /^hf-group:/d /etc/gshadow'),
    found: ['members is not a member, not holdfast'],
    corrected: 'grep -q "^hf-group:" /etc/gshadow',
  },
  {
    name: 'a group is made, with members',
    declare: { group: { name: 'hf-group', gid: 1710, members: ['holdfast', 'nobody'] } },
    ...given('true'),
    found: ['state is absent, not present'],
    corrected: 'getent group hf-group | grep -qx "hf-group:x:1710:holdfast,nobody"',
  },
  {
    name: 'a group goes, and comes back with its members and its password',
    declare: { group: { name: 'hf-group', state: 'Absent' } },
    ...given(
      'groupadd -g 1720 hf-group; groupadd hf-after; gpasswd -a holdfast hf-group; gpasswd -A nobody hf-group; sed -i "s/^hf-group:!/hf-group:\\$6\\$a\\$b/" /etc/gshadow',
    ),
    found: ['state is present, not absent'],
  },
  {
    name: 'the first group of an account stays',
    source: issue('ansible/ansible/issues/74827'),
    declare: { group: { name: 'hf-group', state: 'Absent' } },
    ...given('groupadd hf-group; useradd -M -g hf-group hf-a'),
    found: ['state is present, not absent'],
    refused: /cannot remove the primary group of user 'hf-a'/,
  },
  {
    name: 'of two groups of one number the right one goes',
    source: issue('ansible/ansible/issues/7817'),
    declare: { group: { name: 'hf-twin', state: 'Absent' } },
    ...given('groupadd -g 6100 hf-group; groupadd -o -g 6100 hf-twin'),
    found: ['state is present, not absent'],
    corrected: 'getent group hf-group',
  },
  {
    name: 'two lines of a name are no answer',
    declare: { group: { name: 'hf-group', gid: 1700 } },
    ...given('groupadd -g 1700 hf-group; echo "hf-group:x:0:" >>/etc/group'),
    found: ['unknown: /etc/group has several lines for hf-group: fix it with grpck'],
  },
  {
    name: 'whoever is not declared is taken out of an exclusive group, and put back where it was',
    declare: { group: exclusive },
    ...given('groupadd hf-admins; for u in hf-a hf-eve hf-b; do useradd -M $u; done; gpasswd -M hf-eve,hf-b hf-admins'),
    found: [
      'members is not a member, not hf-a',
      'members is hf-eve, not no other member',
      'members is hf-b, not no other member',
    ],
    corrected: 'getent group hf-admins | grep -q ":hf-a$"',
  },
  {
    name: 'members with blanks, capitals and backslashes are members',
    source: issue('inspec/inspec/issues/238'),
    declare: { group: { name: 'hf admins', members: ['DOM\\Bob', 'hf app'], exclusive: true } },
    ...given(
      "printf '%s\\n' 'DOM\\Bob:x:9001:9001::/:/bin/sh' 'hf app:x:9002:9002::/:/bin/sh' >>/etc/passwd; echo 'hf admins:x:9100:DOM\\Bob,hf app,Eve Extra' >>/etc/group; echo 'hf admins:!::DOM\\Bob,hf app,Eve Extra' >>/etc/gshadow",
    ),
    found: ['members is Eve Extra, not no other member'],
    corrected: "getent group 'hf admins' | grep -q ':DOM.Bob,hf app$'",
  },
  {
    name: 'a first group makes a member whom no line names',
    declare: { group: exclusive },
    ...given('groupadd hf-admins; useradd -M -g hf-admins hf-eve; useradd -M -G hf-admins hf-a'),
    found: ['members is hf-eve through its primary group, not no other member'],
    manual: /hf-eve is in it through its primary group/,
  },
  {
    name: 'so does another group of its number',
    declare: { group: exclusive },
    ...given(
      'groupadd -g 6100 hf-admins; groupadd -o -g 6100 hf-twin; useradd -M -G hf-admins hf-a; useradd -M -G hf-twin hf-eve',
    ),
    found: ['members is hf-eve through another group with the same GID, not no other member'],
    manual: /through another group with the same GID/,
  },
  {
    name: 'whose first group it is needs no line',
    declare: { group: exclusive },
    ...given('groupadd hf-admins; useradd -M -g hf-admins hf-a'),
    found: [],
  },
  {
    name: 'a group that must be empty is emptied',
    declare: { group: { name: 'hf-admins', members: [], exclusive: true } },
    ...given('groupadd hf-admins; useradd -M -G hf-admins hf-eve'),
    found: ['members is hf-eve, not no other member'],
  },
  {
    name: 'the account that Holdfast logs in as stays in its group',
    declare: { group: { name: 'wheel', members: [], exclusive: true } },
    found: ['members is holdfast, not no other member'],
    manual: /Holdfast does not remove holdfast from it/,
  },
  {
    name: 'an account that is not there becomes no member',
    declare: { group: { name: 'wheel', members: ['hf-none'] } },
    found: ['members is not a member, not hf-none'],
    refused: /there is no account hf-none on this host/,
  },
  {
    name: 'a member that came since stays when the group is put back',
    declare: { group: exclusive },
    ...given('groupadd hf-admins; for u in hf-a hf-eve hf-late; do useradd -M $u; done; gpasswd -M hf-eve hf-admins'),
    found: ['members is not a member, not hf-a', 'members is hf-eve, not no other member'],
    meanwhile: 'gpasswd -a hf-late hf-admins',
    undone: 'getent group hf-admins | grep -q ":hf-late,hf-eve$"',
  },
  {
    name: 'a group whose members changed after the look is left alone',
    declare: { group: exclusive },
    ...given('groupadd hf-admins; for u in hf-a hf-eve; do useradd -M $u; done; gpasswd -M hf-eve hf-admins'),
    found: ['members is not a member, not hf-a', 'members is hf-eve, not no other member'],
    between: 'gpasswd -a holdfast hf-admins',
    refused: /has changed since Holdfast evaluated it/,
  },
  {
    name: 'the group of root stays',
    declare: { group: { name: 'root', state: 'Absent' } },
    found: ['state is present, not absent'],
    manual: /it is the group of root/,
  },
  {
    name: 'so does a group by which the account that Holdfast logs in as uses sudo',
    source: 'https://github.com/pyllyukko/harden.yml/issues/56',
    declare: { group: { name: 'hf-admins', state: 'Absent' } },
    given: `${kept}; groupadd hf-admins; gpasswd -a holdfast hf-admins`,
    found: ['state is present, not absent'],
    between: "cp -p /etc/sudoers.d/holdfast /root/; echo '%hf-admins ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/holdfast",
    refused: /with \/etc\/group changed this way, holdfast could no longer use sudo as Holdfast does/,
    cleared: `mv /root/holdfast /etc/sudoers.d/; ${clean}`,
  },
  {
    name: 'and one by which sshd lets it in',
    declare: { group: { name: 'hf-admins', state: 'Absent' } },
    given: `${kept}; groupadd hf-admins; gpasswd -a holdfast hf-admins; cp -p /etc/ssh/sshd_config /root/; sed -i '1i AllowGroups hf-admins' /etc/ssh/sshd_config`,
    found: ['state is present, not absent'],
    refused: /holdfast must not be removed from hf-admins, which AllowGroups of sshd names: Holdfast logs in/,
    cleared: `mv /root/sshd_config /etc/ssh/; ${clean}`,
  },
  {
    name: 'a file of groups that cannot be read names none',
    declare: { group: { name: 'hf-none', state: 'Absent' } },
    given: 'mv /etc/group /root/group.kept',
    found: [/^unknown: \/etc\/group cannot be read/],
    cleared: 'mv /root/group.kept /etc/group',
  },
  ...hostile({
    tool: '/usr/bin/getent',
    declare: { group: { name: 'hf-none', state: 'Absent' } },
    unknown: /^unknown: /,
  }),
  ...hostile({
    tool: '/usr/bin/getent',
    declare: { group: { name: 'wheel', members: ['holdfast'], exclusive: true } },
    unknown: /^unknown: /,
    half: '[ $# -gt 1 ] && exec /usr/bin/getent.hf-real "$@"; /usr/bin/getent.hf-real "$@" | head -c 20',
  }),
  ...hostile({ tool: '/usr/bin/cut', declare: { group: { name: 'hf-none', state: 'Absent' } }, unknown: /^unknown: / }),
  ...sourcesOfGroups,
];
