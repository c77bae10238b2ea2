import { describe, expect, test } from '@jest/globals';
import { toldFile as file } from '../../../test/builders/toldFile.ts';
import { conceal, inWords } from '../../../test/builders/observeHere.ts';
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import { setting } from './setting.ts';
import { formats } from './settingFormats.ts';
import type { Told, ToldFile } from './toldLines.ts';

const told = (...files: ToldFile[]): Told => ({ files, folders: [] });
const compared = (declared: SettingCheck, text: string): string =>
  inWords(setting.compare(declared, told(file(declared.path, text)), conceal));

describe('each format reads its lines', () => {
  const cases: [format: keyof typeof formats, line: string, key: string, value: string | undefined][] = [
    ['LoginDefs', '\t UMASK\t"022" x', 'UMASK', '022'],
    ['LoginDefs', 'UMASK 022 # c', 'UMASK', '022 # c'],
    ['LoginDefs', '#UMASK 022', 'UMASK', undefined],
    ['LoginDefs', 'UMASK', 'UMASK', undefined],
    ['Pwquality', ' minlen=15 # c', 'minlen', '15'],
    ['Pwquality', '# minlen=15', 'minlen', undefined],
    ['Faillock', 'even_deny_root', 'even_deny_root', ''],
    ['Auditd', 'space_left_action = exec /bin/x', 'space_left_action', 'exec /bin/x'],
    ['Auditd', 'space_left=1', 'space_left', undefined],
    ['Dnf', 'a b = 1 # c ', 'a b', '1 # c'],
    ['Dnf', ' gpgcheck=1', 'gpgcheck', undefined],
    ['Systemd', '  Storage = auto ; no comment', 'Storage', 'auto ; no comment'],
    ['Systemd', ';Storage=auto', 'Storage', undefined],
    ['ShellVariables', "export A='b c' ", 'A', "'b c'"],
    ['ShellVariables', 'A = b', 'A', undefined],
    ['Chrony', ' RTCSYNC', 'RTCSYNC', ''],
    ['Chrony', '! server a', 'server', undefined],
    ['Limits', '*  hard\tcore 0 # c', '*  hard\tcore', '0'],
    ['KeyValue', 'a  b', 'a', 'b'],
    ['Ini', 'a = b', 'a', 'b'],
    ['Ini', '[a = b]', '[a', undefined],
  ];
  test.each(cases)('%s: %s', (format, line, key, value) => {
    const groups = formats[format].line.exec(line)?.groups;
    expect(value === undefined ? groups?.['key'] === key : [groups?.['key'], groups?.['value'] ?? '']).toEqual(
      value === undefined ? false : [key, value],
    );
  });
});

describe('values compare as their reader compares them', () => {
  const login = (value: string, compare: SettingCheck['compare'] = 'Equal', key = 'PASS_MAX_DAYS'): SettingCheck => ({
    path: '/etc/login.defs',
    key,
    value,
    compare,
  });
  const journal = (key: string, value: string, compare: SettingCheck['compare'] = 'Equal'): SettingCheck => ({
    path: '/etc/systemd/journald.conf',
    key,
    value,
    compare,
  });
  const cases: [declared: SettingCheck, found: string, verdict: string][] = [
    [login('0x10'), 'PASS_MAX_DAYS 16', 'pass'],
    [login('8'), 'PASS_MAX_DAYS 010', 'pass'],
    [login('010'), 'PASS_MAX_DAYS 10', 'value is 10 (line 1 of /etc/login.defs), not 010'],
    [
      login('1', 'AtLeast', 'PASS_MIN_DAYS'),
      'PASS_MIN_DAYS -1',
      'value is -1 (line 1 of /etc/login.defs), not at least 1',
    ],
    [login('no', 'Equal', 'LOG_OK'), 'LOG_OK NO', 'pass'],
    [login('yes', 'Equal', 'LOG_OK'), 'LOG_OK 1', 'value is 1 (line 1 of /etc/login.defs), not yes'],
    [login('0700', 'AtMost', 'HOME_MODE'), 'HOME_MODE 0500', 'pass'],
    [
      login('0700', 'AtMost', 'HOME_MODE'),
      'HOME_MODE 0070',
      'value is 0070 (line 1 of /etc/login.defs), not at most 0700',
    ],
    [journal('Compress', 'yes'), '[Journal]\nCompress=1', 'pass'],
    [
      { path: '/etc/systemd/journal-upload.conf', key: 'URL', value: 'https://a.example' },
      '[Remote]\nURL=https://a.example\n[Upload]\n# URL=\nURL=https://b.example',
      'value is https://b.example (line 5 of /etc/systemd/journal-upload.conf), not https://a.example',
    ],
    [
      journal('SystemMaxUse', '1G', 'AtMost'),
      '[Journal]\nSystemMaxUse=1025M',
      'value is 1025M (line 2 of /etc/systemd/journald.conf), not at most 1G',
    ],
    [journal('RateLimitIntervalSec', '90', 'AtMost'), '[Journal]\nRateLimitIntervalSec=1min 30s', 'pass'],
    [
      journal('MaxRetentionSec', '1week', 'AtMost'),
      '[Journal]\nMaxRetentionSec=0',
      'value is 0 (line 2 of /etc/systemd/journald.conf), not at most 1week',
    ],
    ...(
      [
        ['/etc/systemd/journald.conf', 'Journal', 'RateLimitBurst', '10000', '0'],
        ['/etc/systemd/logind.conf', 'Login', 'IdleActionSec', '900', '0min'],
        ['/etc/systemd/system.conf', 'Manager', 'RuntimeWatchdogSec', '60', '0'],
        ['/etc/dnf/dnf.conf', 'main', 'metadata_expire', '86400', '-1'],
        ['/etc/dnf/dnf.conf', 'main', 'retries', '10', '0'],
        ['/etc/security/pwquality.conf', undefined, 'usersubstr', '4', '0'],
        ['/etc/login.defs', undefined, 'LOGIN_TIMEOUT', '60', '0'],
      ] as const
    ).map(([path, section, key, value, found]): [SettingCheck, string, string] => [
      { path, key, value, compare: 'AtMost' },
      `${section ? `[${section}]\n` : ''}${key}${path === '/etc/login.defs' ? ' ' : '='}${found}`,
      `value is ${found} (line ${section ? 2 : 1} of ${path}), not at most ${value}`,
    ]),
    [
      journal('MaxLevelStore', '5', 'AtMost'),
      '[Journal]\nMaxLevelStore=err',
      'unknown: line 2 of /etc/systemd/journald.conf gives MaxLevelStore a value that cannot be compared: it is not a number that Holdfast can compare',
    ],
  ];
  test.each(cases)('%j in %j: %s', (declared, found, verdict) => {
    expect(compared(declared, found)).toBe(verdict);
  });
});

describe('what is found', () => {
  const journal: SettingCheck = { path: '/etc/systemd/journald.conf', key: 'Storage', value: 'auto' };
  test('in a file that not everybody may read is a digest, and what is declared is not', () => {
    const of = { path: '/etc/login.defs', key: 'A', value: '1' };
    const closed = told(file(of.path, 'A 2', { isPublic: false }));
    expect(inWords(setting.compare(of, closed, conceal))).toMatch(
      /^value is hmac:[0-9a-f]{8} \(line 1 of .*\), not 1$/,
    );
    expect(inWords(setting.compare({ ...of, sensitive: true }, closed, conceal))).toMatch(/not hmac:/);
  });
  test('is ordered by name, whatever the folder, and of one name the first folder counts', () => {
    const at = (path: string, value: string): ToldFile => file(path, `[Journal]\nStorage=${value}`);
    const all = told(
      at('/etc/systemd/journald.conf', 'auto'),
      at('/etc/systemd/journald.conf.d/20.conf', 'auto'),
      at('/usr/lib/systemd/journald.conf.d/20.conf', 'none'),
      at('/usr/lib/systemd/journald.conf.d/10.conf', 'none'),
    );
    expect(inWords(setting.compare(journal, all, conceal))).toBe('pass');
  });
  test('beyond what is understood is unknown', () => {
    expect(compared(journal, '[Journal]\nStorage=a\\')).toMatch(/^unknown: line 2 .* continues on the next line/);
    expect(compared(journal, '[Journal\nStorage=auto')).toMatch(/^unknown: systemd does not understand line 1/);
    expect(compared({ path: '/etc/x.ini', format: 'Ini', section: 'a', key: 'b', value: '1' }, '[a]\n b=1')).toMatch(
      /^unknown: line 2 .* is indented/,
    );
  });
});

test('an answer that is cut, or tells of no file, is none', () => {
  const answer = `F\x1f/x\x1ff:644:0:0:${'a'.repeat(64)}\x1fyes\nL\x1f1\x1f\x1fA 1\nE\x1f1\x1f0\x1f1\x1f0\nZ\x1f3`;
  const declared = { path: '/x', key: 'A' };
  expect(setting.parse(answer, declared)).toMatchObject({ files: [{ path: '/x', total: 1 }] });
  for (let length = 0; length < answer.length; length++)
    expect(() => setting.parse(answer.slice(0, length), declared)).toThrow();
  expect(() => setting.parse('Z\x1f0', declared)).toThrow('did not report any file');
  expect(() => setting.parse('X\x1f/x cannot be read\nZ\x1f1', declared)).toThrow('/x cannot be read');
});
