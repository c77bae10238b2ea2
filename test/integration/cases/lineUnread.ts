/** Situations of `line` in files that their readers refuse, read after others, make something of first, or do not read any more. */
import type { HostCase } from './case.ts';
import { put } from './texts.ts';

const github = 'https://github.com';

/** Path, mode, who refuses it and why, and where it was reported. */
const refused: readonly HostCase[] = (
  [
    [
      '/etc/logrotate.d/hf',
      '0664',
      'logrotate because others than root can write to it',
      'YunoHost/issues/issues/2242',
    ],
    ['/etc/logrotate.d/hf', '0644', undefined, 'dmwm/CRABServer/issues/7874'],
    [
      '/etc/profile.d/hf.sh',
      '0640',
      'shells for accounts other than root, which cannot read it',
      'ComplianceAsCode/content/pull/13711',
    ],
    ['/etc/profile.d/hf.sh', '0644', undefined, 'dev-sec/ansible-collection-hardening/pull/520'],
    ['/etc/cron.daily/hf', '0644', 'run-parts because it is not executable', 'systemd-cron/systemd-cron/issues/151'],
    ['/etc/cron.daily/hf', '0700', undefined, 'systemd-cron/systemd-cron/issues/151'],
    ['/etc/rc.d/rc.local', '0644', 'systemd because it is not executable', 'xcp-ng/xcp-ng-org/pull/509'],
    [
      '/etc/NetworkManager/system-connections/hf.nmconnection',
      '0644',
      'NetworkManager because others than root have access to it',
      'warewulf/warewulf/pull/591',
    ],
    [
      '/etc/usbguard/usbguard-daemon.conf',
      '0644',
      'usbguard because others than root have access to it',
      'USBGuard/usbguard/issues/150',
    ],
  ] as const
).map(([path, mode, why, source]): HostCase => ({
  name: `a line of ${path} with mode ${mode} ${why === undefined ? 'counts' : 'does not count'}`,
  source: `${github}/${source}`,
  declare: { line: { path, line: 'umask 027' } },
  given: `${put(path, 'umask 027\\n')}; chmod ${mode} ${path}`,
  found: why === undefined ? [] : [`file is ignored by ${why}, not one that is read`],
  ...(why !== undefined && { manual: /is ignored by .*: check what it contains before you fix that/ }),
  cleared: `rm ${path}`,
}));

const unit = '/etc/systemd/system/hf-a@.service';
const dropIn = `${unit}.d/10-hf.conf`;
const section = '[Service]\\n';
/** What is read after the drop-in, and what is then found. */
const later: readonly HostCase[] = (
  [
    ['a later drop-in', `${unit}.d/20-hf.conf`, 'NoNewPrivileges=no', 'in effect is NoNewPrivileges=no'],
    [
      'a later one of a package',
      '/usr/lib/systemd/system/hf-a@.service.d/20-hf.conf',
      'NoNewPrivileges=no',
      'in effect is NoNewPrivileges=no',
    ],
    [
      'a later one of all services',
      '/etc/systemd/system/service.d/20-hf.conf',
      'NoNewPrivileges=off',
      'in effect is NoNewPrivileges=off',
    ],
    [
      'a later one of units with that beginning',
      '/etc/systemd/system/hf-.service.d/20-hf.conf',
      'NoNewPrivileges=0',
      'in effect is NoNewPrivileges=0',
    ],
    ['an earlier one', `${unit}.d/05-hf.conf`, 'NoNewPrivileges=no', undefined],
    ['a later one that says the same', `${unit}.d/20-hf.conf`, 'NoNewPrivileges=true', undefined],
    ['another section', `${unit}.d/20-hf.conf`, 'Description=x\\n[Socket]\\nNoNewPrivileges=no', undefined],
  ] as const
).map(([what, path, line, found]): HostCase => ({
  name: `${what} ${found === undefined ? 'leaves a line of a drop-in in effect' : 'outdoes a line of a drop-in'}`,
  source: `${github}/systemd/systemd/issues/13198`,
  declare: { line: { path: dropIn, line: 'NoNewPrivileges=yes' } },
  given: `${put(unit, `${section}ExecStart=/bin/true\\n`)}; ${put(dropIn, `${section}NoNewPrivileges=yes\\n`)}; ${put(path, `${section}${line}\\n`)}; systemctl daemon-reload; systemctl show -p NoNewPrivileges hf-a@b | grep -qx NoNewPrivileges=${found === undefined ? 'yes' : 'no'}`,
  found: found === undefined ? [] : [new RegExp(`^${found} \\(line 2 of ${path}\\), not NoNewPrivileges=yes$`)],
  ...(found !== undefined && { manual: /the last file that sets it decides/ }),
  cleared: `rm -r ${unit}* ${path}; systemctl daemon-reload`,
}));

const nm = '/etc/NetworkManager';
const elsewhere: readonly HostCase[] = [
  {
    name: 'what adds up is in effect with a later drop-in, unless that takes it back',
    source: `${github}/systemd/systemd/pull/5262`,
    declare: { line: { path: dropIn, line: 'Environment=A=1' } },
    given: `${put(dropIn, `${section}Environment=A=1\\n`)}; ${put(`${unit}.d/20-hf.conf`, `${section}Environment=B=1\\n`)}`,
    found: [],
    cleared: `rm -r ${unit}.d`,
  },
  {
    name: 'and not where it does',
    declare: { line: { path: dropIn, line: 'Environment=A=1' } },
    given: `${put(dropIn, `${section}Environment=A=1\\n`)}; ${put(`${unit}.d/20-hf.conf`, `${section}Environment=\\nEnvironment=B=1\\n`)}`,
    found: [/^in effect is Environment= /],
    manual: /the last file that sets it decides/,
    cleared: `rm -r ${unit}.d`,
  },
  {
    name: 'a drop-in of a unit outdoes its own file',
    source: `${github}/systemd/systemd/issues/30366`,
    declare: { line: { path: '/etc/systemd/system/hf-a.slice', line: 'TasksMax=3%' } },
    given: `${put('/etc/systemd/system/hf-a.slice', '[Slice]\\nTasksMax=3%%\\n')}; ${put('/usr/lib/systemd/system/hf-.slice.d/10-defaults.conf', '[Slice]\\nTasksMax=33%%\\n')}`,
    found: [/^in effect is TasksMax=33% \(line 2 of .usr.lib.systemd.system.hf-.slice.d.10-defaults.conf\)/],
    manual: /the last file that sets it decides/,
    cleared: 'rm -r /etc/systemd/system/hf-a.slice /usr/lib/systemd/system/hf-.slice.d',
  },
  {
    name: 'a file of conf.d outdoes NetworkManager.conf',
    source: 'https://networkmanager.dev/docs/api/latest/NetworkManager.conf.html',
    declare: { line: { path: `${nm}/NetworkManager.conf`, line: 'dns=none' } },
    given: `${put(`${nm}/NetworkManager.conf`, '[main]\\ndns=none\\n')}; ${put(`${nm}/conf.d/90-hf.conf`, '[main]\\ndns=default\\n')}`,
    found: [/^in effect is dns=default \(line 2 of .etc.NetworkManager.conf.d.90-hf.conf\), not dns=none$/],
    manual: /the last file that sets it decides/,
    cleared: `rm ${nm}/NetworkManager.conf ${nm}/conf.d/90-hf.conf`,
  },
  ...(['90-hf.cfg', '90-hf.txt'] as const).map((name): HostCase => ({
    name: `cloud-init ${name === '90-hf.cfg' ? 'reads' : 'does not read'} ${name} of cloud.cfg.d after cloud.cfg`,
    source: `${github}/canonical/cloud-init/issues/3083`,
    declare: { line: { path: '/etc/cloud/cloud.cfg', line: 'disable_root: true' } },
    given: `${put('/etc/cloud/cloud.cfg', 'users:\\n - default\\ndisable_root: true\\n')}; ${put('/etc/cloud/cloud.cfg.d/05-hf.cfg', 'disable_root: 1\\n')}; ${put(`/etc/cloud/cloud.cfg.d/${name}`, 'disable_root: false # why\\n')}`,
    found:
      name === '90-hf.cfg'
        ? [
            'in effect is disable_root: false # why (line 1 of /etc/cloud/cloud.cfg.d/90-hf.cfg), not disable_root: true',
          ]
        : [],
    ...(name === '90-hf.cfg' && { manual: /the last file that sets it decides/ }),
    cleared: 'rm -r /etc/cloud',
  })),
  {
    name: 'a file with sections is not made of a line alone',
    source: 'https://networkmanager.dev/docs/api/latest/NetworkManager.conf.html',
    declare: { line: { path: `${nm}/conf.d/90-hf.conf`, line: 'dns=none' } },
    found: ['line is no such file, not dns=none'],
    manual: /has to be below the header of its section: declare all of the file with a check of type `file`/,
  },
  ...(
    [
      ['/etc/dconf/db/local.d/00-hf', '/etc/dconf/db/local', 'dconf update', 'ComplianceAsCode/content/issues/7947'],
      ['/etc/dconf/db/gdm.d/locks/00-hf', '/etc/dconf/db/gdm', 'dconf update', 'tuna-os/tunaOS/issues/1820'],
      ['/etc/aliases', '/etc/aliases.db', 'newaliases', 'ComplianceAsCode/content/pull/4382'],
      ['/etc/postfix/hf', '/etc/postfix/hf.lmdb', 'postmap /etc/postfix/hf', 'ComplianceAsCode/content/pull/4382'],
    ] as const
  ).flatMap(([path, made, how, source]): HostCase[] => {
    const declare: HostCase['declare'] = { line: { path, line: 'root=x' } };
    const cleared = `rm ${path} ${made}`;
    return [
      {
        name: `${path} counts only once it was made ${made} of`,
        source: `${github}/${source}`,
        declare,
        given: `${put(path, 'root=x\\n')}; touch -d yesterday ${made}`,
        found: [
          `unknown: programs read what \`${how}\` makes of ${path}, and it was not run since the file changed: run it`,
        ],
        cleared,
      },
      {
        name: `${path} counts when it was`,
        declare,
        given: `${put(path, 'root=x\\n')}; touch ${made}`,
        found: [],
        cleared,
      },
    ];
  }),
  {
    name: 'a file of tmpfiles.d takes the place of that of a package',
    source: `${github}/ComplianceAsCode/content/pull/12218`,
    declare: { line: { path: '/usr/lib/tmpfiles.d/hf.conf', line: 'd /run/hf 0700 root root -' } },
    given: `${put('/usr/lib/tmpfiles.d/hf.conf', 'd /run/hf 0700 root root -\\n')}; ${put('/etc/tmpfiles.d/hf.conf', '# none\\n')}`,
    found: ['in effect is absent (/etc/tmpfiles.d/hf.conf is read instead), not d /run/hf 0700 root root -'],
    manual: /^.etc.tmpfiles.d.hf.conf takes the place of/,
    cleared: 'rm /usr/lib/tmpfiles.d/hf.conf /etc/tmpfiles.d/hf.conf',
  },
  {
    name: 'a link to /dev/null takes its place too',
    source: `${github}/linux-system-roles/sap-preconfigure/issues/72`,
    declare: { line: { path: '/usr/lib/modules-load.d/hf.conf', line: 'loop' } },
    given: `${put('/usr/lib/modules-load.d/hf.conf', 'loop\\n')}; mkdir -p /etc/modules-load.d; ln -s /dev/null /etc/modules-load.d/hf.conf`,
    found: [/^in effect is absent/],
    manual: /takes the place of/,
    cleared: 'rm /usr/lib/modules-load.d/hf.conf /etc/modules-load.d/hf.conf',
  },
  ...([10, 30] as const).map((number): HostCase => ({
    name: `of lines of tmpfiles.d for one path ${number === 10 ? 'an earlier one counts' : 'a later one does not count'}`,
    source: `${github}/systemd/systemd/issues/15675`,
    declare: { line: { path: '/etc/tmpfiles.d/20-hf.conf', line: 'd /run/hf.d 0750 root root -' } },
    given: `${put('/etc/tmpfiles.d/20-hf.conf', 'z /run/hf.e 0755\\nd /run/hf.d 0750 root root -\\n')}; ${put(`/usr/lib/tmpfiles.d/${number}-hf.conf`, 'd /run/hfxd 0711\\nD! "/run/hf.d/" 0777 root root -\\n')}; rm -rf /run/hf.d; systemd-tmpfiles --create --boot ${[
      20,
      number,
    ]
      .sort()
      .map((one) => `${one}-hf.conf`)
      .join(' ')} 2>/dev/null; test "$(stat -c %a /run/hf.d)" = ${number === 10 ? 777 : 750}`,
    found:
      number === 10
        ? [/^in effect is D! ".run.hf.d." 0777 root root - \(line 2 of .usr.lib.tmpfiles.d.10-hf.conf\)/]
        : [],
    ...(number === 10 && { manual: /^the first line for .run.hf.d, by the names of files, counts/ }),
    cleared: `rm -r /run/hf.d /etc/tmpfiles.d/20-hf.conf /usr/lib/tmpfiles.d/${number}-hf.conf`,
  })),
  {
    name: 'a rule of fapolicyd counts once it is in what fapolicyd reads',
    source: `${github}/plus3it/ash-linux-formula/issues/460`,
    declare: { line: { path: '/etc/fapolicyd/rules.d/99-hf.rules', line: 'deny perm=any all : all' } },
    given: `${put('/etc/fapolicyd/rules.d/99-hf.rules', 'deny perm=any all : all\\n')}; ${put('/etc/fapolicyd/compiled.rules', 'allow perm=any all : all\\n')}`,
    found: ['in effect is absent (/etc/fapolicyd/compiled.rules), not deny perm=any all : all'],
    manual: /^run `fagenrules --load`/,
    cleared: 'rm -r /etc/fapolicyd',
  },
  {
    name: 'and is in effect then',
    declare: { line: { path: '/etc/fapolicyd/rules.d/99-hf.rules', line: 'deny perm=any all : all' } },
    given: `${put('/etc/fapolicyd/rules.d/99-hf.rules', 'deny perm=any all : all\\n')}; ${put('/etc/fapolicyd/compiled.rules', 'allow perm=any uid=0 : all\\ndeny perm=any all : all\\n')}`,
    found: [],
    cleared: 'rm -r /etc/fapolicyd',
  },
  {
    name: 'nobody reads the files of TCP wrappers any more',
    source: `${github}/ansible-lockdown/RHEL8-CIS/issues/298`,
    declare: { line: { path: '/etc/hosts.deny', line: 'ALL: ALL' } },
    given: put('/etc/hosts.deny', 'ALL: ALL\\n'),
    found: [
      /^unknown: no program of RHEL 9 reads .etc.hosts.deny: it has no TCP wrappers; restrict access with firewalld$/,
    ],
    cleared: 'rm /etc/hosts.deny',
  },
  {
    name: 'files of interfaces are read by RHEL 9, and no longer by 10',
    source: `${github}/saltstack/salt/pull/69620`,
    declare: { line: { path: '/etc/sysconfig/network-scripts/ifcfg-hf0', line: 'IPV6INIT=no' } },
    given: `${put('/etc/sysconfig/network-scripts/ifcfg-hf0', 'IPV6INIT=no\\n')}; cp -L /etc/os-release /root/; sed -i s/platform:el9/platform:el10/ /etc/os-release`,
    found: [/^unknown: no program of RHEL 10 reads .*ifcfg-hf0: NetworkManager reads only/],
    cleared: 'rm -r /etc/sysconfig/network-scripts; cat /root/os-release >/etc/os-release',
  },
];

export const unreadLines: readonly HostCase[] = [...refused, ...later, ...elsewhere];
