/** Situations of `user`. */
import { clean, given, hash, issue, kept } from './accounts.ts';
import type { HostCase } from './case.ts';
import { hostile } from './hostile.ts';
import { laterUsers } from './userLater.ts';
import { userLocks } from './userLocks.ts';
import { sourcesOfUsers } from './accountSources.ts';

export const user: readonly HostCase[] = [
  {
    name: 'home, shell and lock differ',
    declare: { user: { name: 'hf-app', shell: '/usr/sbin/nologin', home: '/srv', locked: true } },
    ...given(`useradd -u 1501 -s /bin/bash -M -d /home/hf-app -p "${hash}" hf-app`),
    found: ['shell is /bin/bash, not /usr/sbin/nologin', 'home is /home/hf-app, not /srv', 'locked is no, not yes'],
    corrected: 'getent shadow hf-app | grep -q "^hf-app:!.6.x.y:"',
  },
  {
    name: 'a removed account comes back with its password, its groups and its place in every file',
    source: issue('canonical/authd/issues/640'),
    declare: { user: { name: 'hf-gone', state: 'Absent' } },
    ...given(
      `useradd -m -u 1600 -s /bin/sh -p "${hash}" -G wheel hf-gone; useradd hf-after; echo kept >/home/hf-gone/file`,
    ),
    found: ['state is present, not absent'],
    corrected: '! getent passwd hf-gone && ! getent group hf-gone && test -e /home/hf-gone/file',
  },
  {
    name: 'what a colleague did to other accounts since stays',
    declare: { user: { name: 'hf-gone', state: 'Absent' } },
    ...given(`useradd -m -u 1600 hf-gone; useradd -u 1601 hf-other; usermod -aG wheel hf-gone`),
    found: ['state is present, not absent'],
    meanwhile: 'usermod -s /bin/bash -aG wheel hf-other; useradd -u 1602 hf-third',
    undone:
      'id -Gn hf-gone | grep -q wheel && id -Gn hf-other | grep -q wheel && id hf-third && getent passwd hf-other | grep -q bash && grpck -qr && pwck -qr | grep -v "directory"; true',
  },
  {
    name: 'a number that was given to another since is not shared',
    source: issue('uutils/shadow/issues/243'),
    declare: { user: { name: 'hf-gone', state: 'Absent' } },
    ...given('useradd -u 1600 hf-gone'),
    found: ['state is present, not absent'],
    meanwhile: 'useradd -u 1600 hf-other',
    lost: /hf-gone cannot be restored: its ID 1600 now belongs to hf-other/,
  },
  {
    name: 'a new account is made with a home, and both go again',
    declare: { user: { name: 'hf-new', groups: ['wheel'], shell: '/bin/bash' } },
    ...given('true'),
    found: ['state is absent, not present'],
    corrected: 'test -d /home/hf-new && id -nG hf-new | grep -qw wheel',
  },
  {
    name: 'a group of its name is not joined unless that is declared',
    source: issue('ansible/ansible/issues/6210'),
    declare: { user: { name: 'hf-new' } },
    ...given('groupadd hf-new'),
    found: ['state is absent, not present'],
    refused: /there is already a group hf-new: add hf-new to `groups`/,
  },
  {
    name: 'a group of its name that is declared becomes its first',
    source: issue('bundlewrap/bundlewrap/issues/118'),
    declare: { user: { name: 'hf-new', groups: ['hf-new', 'wheel'] } },
    ...given('groupadd hf-new'),
    found: ['state is absent, not present'],
    corrected: 'test "$(id -gn hf-new)" = hf-new && id -nG hf-new | grep -qw wheel',
  },
  ...(
    [
      ['userdel', { name: 'hf-app', state: 'Absent' }, 'useradd hf-app; echo USERDEL_CMD /root/hook >>/etc/login.defs'],
      [
        'useradd',
        { name: 'hf-new' },
        'mkdir -p /etc/shadow-maint/useradd-post.d; cp /root/hook /etc/shadow-maint/useradd-post.d',
      ],
    ] as const
  ).map(([tool, declared, script]): HostCase => {
    const { given: made, cleared = ':' } = given(
      `cp -p /etc/login.defs /root/login.defs; printf '#!/bin/sh\\ntouch /root/hooked\\n' >/root/hook; chmod 755 /root/hook; ${script}`,
    );
    return {
      name: `nothing that ${tool} would run besides is run`,
      source: 'https://github.com/shadow-maint/shadow/blob/master/man/login.defs.d/USERDEL_CMD.xml',
      declare: { user: declared },
      given: made,
      found: [/^state is /],
      refused: new RegExp(`^${tool} would also run .*/hook, which cannot be undone: run ${tool} manually`),
      cleared: `cp -p /root/login.defs /etc/login.defs; rm -rf /etc/shadow-maint /root/hook; ${cleared}`,
    };
  }),
  {
    name: 'a home into which something came since stays',
    declare: { user: { name: 'hf-new' } },
    ...given('true'),
    found: ['state is absent, not present'],
    meanwhile: 'echo work >/home/hf-new/work',
    lost: /\/home\/hf-new was not removed: something in it has changed since it was created/,
  },
  {
    name: 'an account whose password was set since stays',
    declare: { user: { name: 'hf-new' } },
    ...given('true'),
    found: ['state is absent, not present'],
    meanwhile: `usermod -p "${hash}" hf-new`,
    lost: /the line for hf-new in \/etc\/shadow has since been changed by someone else/,
  },
  {
    name: 'a system account has no home',
    declare: { user: { name: 'hf-sys', uid: 870, shell: '/usr/sbin/nologin', home: '/var/lib/hf-sys', locked: true } },
    ...given('true'),
    found: ['state is absent, not present'],
    corrected: '! test -e /var/lib/hf-sys',
  },
  {
    name: 'the link of the system to the same shell is the same shell',
    declare: { user: { name: 'hf-app', shell: '/sbin/nologin' } },
    ...given('useradd -M -s /usr/sbin/nologin hf-app'),
    found: [],
  },
  {
    name: 'another program is another shell, wherever its name leads',
    declare: { user: { name: 'hf-app', shell: '/bin/bash' } },
    ...given('ln -sf bash /usr/bin/sh; useradd -M -s /bin/sh hf-app'),
    found: ['shell is /bin/sh, not /bin/bash'],
  },
  {
    name: 'no shell is /bin/sh',
    source: issue('ansible-lockdown/RHEL8-CIS/issues/148'),
    declare: { user: { name: 'hf-app', shell: '/usr/sbin/nologin' } },
    ...given('useradd -M hf-app; usermod -s "" hf-app'),
    found: ['shell is /bin/sh, not /usr/sbin/nologin'],
  },
  {
    name: 'a shell that is not there is not set',
    declare: { user: { name: 'hf-app', shell: '/bin/zsh' } },
    ...given('useradd -M -s /bin/sh hf-app'),
    found: ['shell is /bin/sh, not /bin/zsh'],
    refused: /its shell \/bin\/zsh does not exist on this host/,
  },
  {
    name: 'another number where no file is of it',
    declare: { user: { name: 'hf-app', uid: 1500 } },
    ...given('useradd -m -u 1501 hf-app'),
    found: ['uid is 1501, not 1500'],
    corrected: 'test "$(stat -c %u /home/hf-app/.bashrc)" = 1500',
  },
  {
    name: 'no other number where files would be nobody’s',
    source: issue('NixOS/nixpkgs/issues/19599'),
    declare: { user: { name: 'hf-app', uid: 1500 } },
    ...given('useradd -m -u 1501 hf-app; touch /srv/hf-out; chown 1501 /srv/hf-out'),
    found: ['uid is 1501, not 1500'],
    refused: /files belong to its ID 1501 \(\/srv\/hf-out\)/,
  },
  {
    name: 'no other number where files would become this account’s',
    declare: { user: { name: 'hf-app', uid: 1500 } },
    ...given('useradd -m -u 1501 hf-app; touch /srv/hf-out; chown 1500 /srv/hf-out'),
    found: ['uid is 1501, not 1500'],
    refused: /files with the ID 1500 already exist \(\/srv\/hf-out\)/,
  },
  {
    name: 'a number that is taken is not shared',
    declare: { user: { name: 'hf-app', uid: 1500 } },
    ...given('useradd -M -u 1501 hf-app; useradd -M -u 1500 hf-b'),
    found: ['uid is 1501, not 1500'],
    refused: /UID '1500' already exists/,
  },
  ...laterUsers,
  ...userLocks,
  {
    name: 'two lines of a name are no answer',
    source: issue('SUSE/machinery/issues/156'),
    declare: { user: { name: 'hf-app', uid: 1500 } },
    ...given('useradd -M -u 1500 hf-app; echo "hf-app:x:0:0::/root:/bin/bash" >>/etc/passwd'),
    found: ['unknown: /etc/passwd has several lines for hf-app: fix it with pwck'],
  },
  {
    name: 'a line that the name service leaves out is no absence',
    declare: { user: { name: 'hf-app', state: 'Absent' } },
    ...given('echo "hf-app:x:abc:1::/:/bin/sh" >>/etc/passwd'),
    found: [/^unknown: \/etc\/passwd has a line for hf-app that the name service does not return/],
  },
  {
    name: 'an account of a directory that does not answer may be there',
    declare: { user: { name: 'hf-app', state: 'Absent' } },
    given:
      'cp /etc/nsswitch.conf /root/nss; sed -i "s/^passwd:.*/passwd: files sss/" /etc/nsswitch.conf; mkdir -p /etc/sssd; touch /etc/sssd/sssd.conf',
    found: ['unknown: hf-app may come from sssd, which does not respond'],
    cleared: 'mv /root/nss /etc/nsswitch.conf; rm -r /etc/sssd',
  },
  {
    name: 'a directory that is not set up hides nobody',
    declare: { user: { name: 'hf-app', state: 'Absent' } },
    given: 'cp /etc/nsswitch.conf /root/nss; sed -i "s/^passwd:.*/passwd: sss files systemd/" /etc/nsswitch.conf',
    found: [],
    cleared: 'mv /root/nss /etc/nsswitch.conf',
  },
  {
    name: 'an account with a backslash and capitals is found by its name',
    source: issue('SSSD/sssd/issues/7818'),
    declare: { user: { name: 'DOM\\Bob', uid: 9001, shell: '/usr/sbin/nologin' } },
    ...given("echo 'DOM\\Bob:x:9001:9001::/home/bob:/bin/bash' >>/etc/passwd"),
    found: ['shell is /bin/bash, not /usr/sbin/nologin'],
    corrected: "getent passwd 'DOM\\Bob' | grep -q nologin",
  },
  {
    name: 'an account with a blank is found by its name',
    declare: { user: { name: 'hf app', uid: 9002, locked: true } },
    ...given("echo 'hf app:x:9002:9002::/home/x:/bin/bash' >>/etc/passwd; echo 'hf app:*:1::::::' >>/etc/shadow"),
    found: [],
  },
  {
    name: 'a number is no name',
    source: issue('systemd/systemd/issues/6237'),
    declare: { user: { name: '1000', state: 'Absent' } },
    found: [],
  },
  {
    name: 'an account whose name is a number is meant by it',
    declare: { user: { name: '7777', uid: 8888, home: '/srv' } },
    ...given("echo '5555:x:7777:7777::/:/bin/sh' >>/etc/passwd; echo '7777:x:8888:8888::/:/bin/sh' >>/etc/passwd"),
    found: [
      /^(home is \/, not \/srv|unknown: \/etc\/passwd has a line for 7777 that the name service does not return.*)$/,
    ],
  },
  {
    name: 'a group with a blank is not the word in it',
    source: issue('inspec/inspec/issues/238'),
    declare: { user: { name: 'hf-app', groups: ['domain'] } },
    ...given('useradd -M hf-app; echo "domain users:x:5000:hf-app" >>/etc/group; echo "domain:x:5001:" >>/etc/group'),
    found: ['groups is not in it, not domain'],
    corrected: 'getent group "domain users" | grep -q hf-app',
  },
  {
    name: 'the first group is a group that it is in, and others stay',
    source: issue('ansible/ansible/issues/5010'),
    declare: { user: { name: 'hf-app', groups: ['hf-first', 'wheel'] } },
    ...given('groupadd hf-first; groupadd hf-more; useradd -M -g hf-first -G hf-more hf-app'),
    found: ['groups is not in it, not wheel'],
    corrected: 'id -nG hf-app | grep -qw hf-more && id -ng hf-app | grep -qx hf-first',
  },
  {
    name: 'a group that is not there is not made',
    declare: { user: { name: 'hf-app', groups: ['hf-nogroup'] } },
    ...given('useradd -M hf-app'),
    found: ['groups is not in it, not hf-nogroup'],
    refused: /there is no group hf-nogroup in \/etc\/group/,
  },
  {
    name: 'a member that came to the group since stays',
    declare: { user: { name: 'hf-app', groups: ['wheel'] } },
    ...given('useradd -M hf-app; useradd -M hf-b'),
    found: ['groups is not in it, not wheel'],
    meanwhile: 'usermod -aG wheel hf-b',
    undone: 'id -Gn hf-b | grep -qw wheel && ! id -Gn hf-app | grep -qw wheel',
  },
  {
    name: 'a number without a name among its groups hides none',
    declare: { user: { name: 'hf-app', groups: ['wheel'] } },
    ...given('useradd -M hf-app; sed -i /^hf-app:/d /etc/group'),
    found: ['groups is not in it, not wheel'],
  },
  ...([{ state: 'Absent' }, { locked: true }, { shell: '/usr/sbin/nologin' }, { uid: 4000 }] as const).map(
    (declared): HostCase => ({
      name: `the account that Holdfast logs in as stays: ${JSON.stringify(declared)}`,
      declare: { user: { name: 'holdfast', ...declared } },
      ...given(`usermod -p "${hash}" holdfast`),
      found: [/./],
      manual: /Holdfast logs in as it/,
    }),
  ),
  {
    name: 'root stays',
    declare: { user: { name: 'root', state: 'Absent' } },
    found: ['state is present, not absent'],
    manual: /it is root/,
  },
  {
    name: 'an account at work is not removed',
    declare: { user: { name: 'hf-app', state: 'Absent' } },
    given: `${kept}; useradd -M hf-app; setpriv --reuid=hf-app --clear-groups sleep 600 >/dev/null 2>&1 & echo $! >/run/hf-sleep; until pgrep -u hf-app sleep >/dev/null; do :; done`,
    found: ['state is present, not absent'],
    refused: /hf-app is currently used by process/,
    cleared: `kill $(cat /run/hf-sleep); ${clean}`,
  },
  {
    name: 'an account that was changed after the look is left alone',
    declare: { user: { name: 'hf-app', shell: '/usr/sbin/nologin' } },
    ...given('useradd -M -s /bin/sh hf-app'),
    found: ['shell is /bin/sh, not /usr/sbin/nologin'],
    between: 'usermod -s /bin/bash hf-app',
    refused: /has changed since Holdfast evaluated it/,
  },
  ...hostile({
    tool: '/usr/bin/getent',
    declare: { user: { name: 'hf-none', state: 'Absent' } },
    unknown: /^unknown: /,
  }),
  ...hostile({
    tool: '/usr/bin/getent',
    declare: { user: { name: 'holdfast' } },
    unknown: /^unknown: /,
    half: '/usr/bin/getent.hf-real "$@" | head -c 9',
  }),
  ...hostile({
    tool: '/usr/bin/id',
    declare: { user: { name: 'holdfast', groups: ['disk'] } },
    unknown: /^unknown: /,
    half: '/usr/bin/id.hf-real "$@" | head -c 1',
  }),
  ...hostile({ tool: '/usr/bin/cut', declare: { user: { name: 'hf-none', state: 'Absent' } }, unknown: /^unknown: / }),
  ...sourcesOfUsers,
];
