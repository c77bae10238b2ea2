/** Situations of `line` in which it matters where it stands: in branches of a shell, in fstab, below a block, behind an end. */
import type { HostCase } from './case.ts';
import { is, put } from './texts.ts';

const github = 'https://github.com';

/** As /etc/bashrc and /etc/profile of RHEL have it. */
const branches = 'if [ $UID -gt 199 ]; then\\n    umask 002\\nelse\\n    umask 022\\nfi\\n';
export const placedLines: readonly HostCase[] = [
  {
    name: 'what a shell does in two branches is corrected in both, so that none is empty',
    source: `${github}/ComplianceAsCode/content/issues/9053`,
    declare: { line: { path: '/etc/bashrc', line: 'umask 027', startsWith: 'umask' } },
    given: put('/etc/bashrc', branches),
    found: [/^line is +umask 002 \| +umask 022, not umask 027$/],
    corrected: `bash -n /etc/bashrc && ${is('/etc/bashrc', 'if [ $UID -gt 199 ]; then\\numask 027\\nelse\\numask 027\\nfi\\n')}`,
    cleared: 'rm /etc/bashrc',
  },
  {
    name: 'a line that bash would miss is not removed',
    source: `${github}/ComplianceAsCode/content/issues/8901`,
    declare: { line: { path: '/etc/profile.d/hf.sh', line: '    umask 022', state: 'Absent' } },
    given: put('/etc/profile.d/hf.sh', branches),
    found: ['line is     umask 022, not absent'],
    refused: /^bash does not accept the new \/etc\/profile\.d\/hf\.sh, so it was not put in place: .*syntax error/,
    cleared: 'rm /etc/profile.d/hf.sh',
  },
  {
    name: 'a mask of files does not count before another in a branch of the same file',
    source: `${github}/ComplianceAsCode/content/issues/4651`,
    declare: { line: { path: '/etc/bashrc', line: 'umask 027' } },
    given: put('/etc/bashrc', `umask 027\\n${branches}`),
    found: [/^unknown: it depends on a condition whether line 5 of \/etc\/bashrc sets another value/],
    cleared: 'rm /etc/bashrc',
  },
  {
    name: 'it counts behind it',
    declare: { line: { path: '/etc/bashrc', line: 'umask 027' } },
    given: put('/etc/bashrc', `${branches}umask 027\\n`),
    found: [],
    cleared: 'rm /etc/bashrc',
  },
  {
    name: 'of two lines of fstab for one mount point only the first counts',
    source: `${github}/NethServer/dev/issues/5086`,
    declare: { line: { path: '/etc/fstab', line: 'hf /mnt/hf-x tmpfs nodev,nosuid 0 0' } },
    given: `cp -p /etc/fstab /root/fstab; printf 'a /mnt/hf-x/ tmpfs defaults 0 0\\nhf /mnt/hf-x tmpfs nodev,nosuid 0 0\\n' >>/etc/fstab`,
    found: [/^in effect is a \/mnt\/hf-x\/ tmpfs defaults 0 0 \(line \d+ of \/etc\/fstab\), not hf /],
    manual: /^line \d+ of \/etc\/fstab is for \/mnt\/hf-x too, and the first one counts: change that line/,
    cleared: 'mv /root/fstab /etc/fstab',
  },
  {
    name: 'a second line for it is not added',
    declare: { line: { path: '/etc/fstab', line: 'hf /mnt/hf-x tmpfs nodev,nosuid 0 0' } },
    given: `cp -p /etc/fstab /root/fstab; printf 'a /mnt/hf-x tmpfs defaults 0 0\\n' >>/etc/fstab`,
    found: [/^line is absent/],
    manual: /^line \d+ of \/etc\/fstab is for \/mnt\/hf-x too/,
    cleared: 'mv /root/fstab /etc/fstab',
  },
  {
    name: 'a line with which the host might not boot is not put in place',
    source: `${github}/ansible/ansible/pull/8180`,
    declare: { line: { path: '/etc/fstab', line: 'UUID=hf-none /mnt/hf-none' } },
    given: 'cp -p /etc/fstab /root/fstab',
    found: [/^line is absent/],
    refused:
      /^findmnt does not accept the new \/etc\/fstab, so it was not put in place: findmnt --verify says: parse error/,
    cleared: 'mv /root/fstab /etc/fstab',
  },
  {
    name: 'below a Host of ssh a line holds for that host alone',
    source: `${github}/jtesta/ssh-audit/issues/51`,
    declare: { line: { path: '/etc/ssh/ssh_config', line: 'HashKnownHosts yes' } },
    given: `cp -p /etc/ssh/ssh_config /root/ssh_config; ${put('/etc/ssh/ssh_config', 'Host git.example.com\\n  User git\\nHashKnownHosts yes\\n')}`,
    found: [/^unknown: line 3 of \/etc\/ssh\/ssh_config is below line 1, which begins a block for some hosts/],
    cleared: 'mv /root/ssh_config /etc/ssh/ssh_config',
  },
  {
    name: 'and is not added there',
    declare: { line: { path: '/etc/ssh/ssh_config', line: 'HashKnownHosts yes' } },
    given: `cp -p /etc/ssh/ssh_config /root/ssh_config; ${put('/etc/ssh/ssh_config', 'Host git.example.com\\n  User git\\n')}`,
    found: [/^line is absent/],
    manual: /^in \/etc\/ssh\/ssh_config, the line would be below line 1/,
    cleared: 'mv /root/ssh_config /etc/ssh/ssh_config',
  },
  {
    name: 'of ssh the first value counts, and those of drop-ins come first',
    source: `${github}/gofixpoint/amika/pull/428`,
    declare: { line: { path: '/etc/ssh/ssh_config', line: 'ForwardX11Trusted no' } },
    given: `cp -p /etc/ssh/ssh_config /root/ssh_config; ${put('/etc/ssh/ssh_config', 'Include /etc/ssh/ssh_config.d/*.conf\\nForwardX11Trusted no\\n')}; ${put('/etc/ssh/ssh_config.d/50-hf.conf', 'Match final all\\n\\tForwardX11Trusted=ask\\nHost *\\n\\tForwardX11Trusted yes\\n')}`,
    found: [/^in effect is \\u\{9\}ForwardX11Trusted yes \(line 4 of \/etc\/ssh\/ssh_config\.d\/50-hf\.conf\)/],
    manual: /^ssh uses the first value/,
    cleared: 'mv /root/ssh_config /etc/ssh/ssh_config; rm /etc/ssh/ssh_config.d/50-hf.conf',
  },
  {
    name: 'and of drop-ins the first by name',
    declare: { line: { path: '/etc/ssh/ssh_config.d/60-hf.conf', line: 'ForwardX11Trusted no' } },
    given: `${put('/etc/ssh/ssh_config.d/60-hf.conf', 'Include /etc/hf-ssh\\nForwardX11Trusted no\\n')}; ${put('/etc/ssh/ssh_config.d/50-hf.conf', 'ForwardX11Trusted yes\\n')}`,
    found: [/^in effect is ForwardX11Trusted yes \(line 1 of \/etc\/ssh\/ssh_config\.d\/50-hf\.conf\)/],
    manual: /^ssh uses the first value/,
    cleared: 'rm /etc/ssh/ssh_config.d/[56]0-hf.conf',
  },
  {
    name: 'of files that ssh includes each counts',
    declare: { line: { path: '/etc/ssh/ssh_config.d/60-hf.conf', line: 'Include /etc/hf-ssh' } },
    given: `${put('/etc/ssh/ssh_config.d/60-hf.conf', 'Include /etc/hf-other\\nInclude /etc/hf-ssh\\n')}`,
    found: [],
    cleared: 'rm /etc/ssh/ssh_config.d/60-hf.conf',
  },
  {
    name: 'a line is not added behind the end of JSON',
    declare: { line: { path: '/etc/docker/daemon.json', line: '  "icc": false,' } },
    given: put('/etc/docker/daemon.json', '{\\n  "log-driver": "journald"\\n}\\n'),
    found: [/^line is absent/],
    manual: /^a line at the end of \/etc\/docker\/daemon\.json is outside of all that it has/,
    cleared: 'rm -r /etc/docker',
  },
];
