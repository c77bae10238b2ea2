import { describe, expect, test } from '@jest/globals';
import { toldFile } from '../../../test/builders/toldFile.ts';
import type { LineEdit } from './change.ts';
import { pam } from './linePam.ts';
import type { ToldFile } from './toldLines.ts';

const file = (path: string, ...texts: string[]): ToldFile => toldFile(path, texts.join('\n'));
const path = '/etc/pam.d/hf';
const unix = 'pam_unix.so nullok';
const fail = 'auth [default=die] pam_faillock.so authfail';
const oath = 'auth required pam_oath.so';
const history = 'password requisite pam_pwhistory.so use_authtok';
const access = 'account required pam_access.so';

/** Counts and places of jumps are those measured with pam_debug on libpam 1.5.2. */
describe('PAM comes to a line', () => {
  const cases: [what: string, stack: string[], included: string[], expected: RegExp | undefined][] = [
    [
      'a jump over others lands on it',
      [`auth [success=2 default=ignore] ${unix}`, 'auth requisite pam_deny.so', 'auth required pam_permit.so', oath],
      [],
      undefined,
    ],
    [
      'a jump that goes farther',
      [`auth [success=3 default=ignore] ${unix}`, 'auth requisite pam_deny.so', 'auth required pam_permit.so', oath],
      [],
      /line 1 of \/etc\/pam\.d\/hf makes PAM skip it/,
    ],
    [
      'calls of other types are not counted',
      [`auth [success=1 default=ignore] ${unix}`, 'account required pam_unix.so', oath],
      [],
      /skip it/,
    ],
    ['a jump by default', ['auth [success=ok default=1] pam_exec.so a', oath], [], /skip it/],
    [
      'an included file counts with each of its calls',
      [`auth [success=2 default=ignore] ${unix}`, 'auth include system-auth', oath],
      ['auth required pam_env.so', 'auth required pam_permit.so'],
      undefined,
    ],
    [
      'an included file with too few',
      [`auth [success=2 default=ignore] ${unix}`, 'auth include system-auth', oath],
      ['auth required pam_env.so'],
      /skip it/,
    ],
    [
      'a jump out of an included file',
      ['auth include system-auth', oath],
      [`auth [success=1 default=ignore] ${unix}`],
      /line 1 of \/etc\/pam\.d\/hf makes PAM skip it/,
    ],
    [
      'a substack counts once',
      [`auth [success=2 default=ignore] ${unix}`, 'auth substack system-auth', oath],
      ['auth required pam_env.so', 'auth required pam_permit.so'],
      /skip it/,
    ],
    [
      'nothing leaves a substack',
      ['auth substack system-auth', oath],
      [`auth [success=1 default=ignore] ${unix}`, 'auth sufficient pam_unix.so'],
      undefined,
    ],
    ['success by default', ['auth [default=done] pam_exec.so a', oath], [], /whose success ends the stack/],
    [
      'a control without blanks behind it',
      ['auth [success=done default=bad]pam_unix.so', oath],
      [],
      /whose success ends the stack/,
    ],
    [
      'a jump over a file that is not read',
      [`auth [success=2 default=ignore] ${unix}`, 'auth include postlogin', oath],
      [],
      /^it depends on postlogin/,
    ],
    [
      'a file in an included file',
      ['auth include system-auth', oath],
      ['auth include other'],
      /includes other, which Holdfast does not read/,
    ],
    ['a file that includes itself', ['auth include system-auth', oath], ['auth include system-auth'], undefined],
    ['a continued line', ['auth \\', ' sufficient pam_unix.so', oath], [], /^line 1 of .* continued line/],
    ['a line that is no call', ['auth required', oath], [], /^line 1 of .* is not a call of a PAM module/],
    [
      'failures: authselect',
      [
        'auth required pam_faillock.so preauth',
        'auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular',
        'auth [default=1 ignore=ignore success=ok] pam_localuser.so',
        `auth sufficient ${unix}`,
        'auth sufficient pam_sss.so',
        fail,
      ],
      [],
      undefined,
    ],
    [
      'failures: one ends the stack',
      [`auth [success=done ignore=ignore default=die] ${unix}`, fail],
      [],
      /when line 1 of .* fails, which ends the stack/,
    ],
    [
      'failures: behind a refusal',
      [`auth [success=1 default=ignore] ${unix}`, 'auth requisite pam_deny.so', 'auth required pam_permit.so', fail],
      [],
      /when line 2 of .* fails/,
    ],
    [
      'failures: a jump lands on it',
      [
        `auth [success=done ignore=ignore default=2] ${unix}`,
        'auth requisite pam_succeed_if.so uid >= 1000',
        'auth sufficient pam_sss.so',
        fail,
      ],
      [],
      undefined,
    ],
    [
      'failures: a jump passes it',
      [
        `auth [success=done ignore=ignore default=3] ${unix}`,
        'auth requisite pam_succeed_if.so uid >= 1000',
        'auth sufficient pam_sss.so',
        fail,
      ],
      [],
      /skip it/,
    ],
    [
      'successes: behind the end of the stack',
      [`auth sufficient ${unix}`, fail, 'auth sufficient pam_faillock.so authsucc'],
      [],
      /whose success ends the stack/,
    ],
    [
      'successes: a jump lands on it',
      [`auth [success=1 default=bad] ${unix}`, fail, 'auth sufficient pam_faillock.so authsucc'],
      [],
      undefined,
    ],
    [
      'passwords of others are none of this host',
      ['password [default=1 ignore=ignore success=ok] pam_localuser.so', history],
      [],
      undefined,
    ],
    ['passwords of this host', ['password [success=1 default=ignore] pam_localuser.so', history], [], /skip it/],
    ['all accounts but those of the host', ['account [default=1 success=ok] pam_localuser.so', access], [], /skip it/],
  ];
  test.each(cases)('%s', (_, stack, included, expected) => {
    const line = stack.at(-1) ?? '';
    const files = [file(path, ...stack), ...(included.length ? [file('/etc/pam.d/system-auth', ...included)] : [])];
    const effect = pam.effect({ path, line }, { files, folders: [] });
    const words = effect?.is === 'other' ? (effect.advice ?? '') : (effect?.message ?? '');
    expect(words).toMatch(expected ?? /^$/);
  });
});

describe('a stack is not edited', () => {
  const debian = [
    'password [success=1 default=ignore] pam_unix.so obscure',
    'password requisite pam_deny.so',
    'password required pam_permit.so',
  ];
  const dropped = (line: number): LineEdit[] => [{ line, drop: true }];
  const put = (line: number, text: string): LineEdit[] => [
    { line, put: [text], ...(line > 0 && { drop: true as const }) },
  ];
  const cases: [what: string, edits: LineEdit[], expected: RegExp | undefined][] = [
    ['what a call skips', dropped(2), /^line 1 of .* skips the next call, and would then skip others/],
    ['what it lands on, if that is the last', dropped(3), /^line 1 of .* skips the next call/],
    ['the call itself', dropped(1), undefined],
    ['another in its place', put(2, 'password required pam_deny.so'), undefined],
    ['one at the end', put(-1, 'password optional pam_gnome_keyring.so'), undefined],
    [
      'one that skips at the end',
      put(-1, 'password [success=1 default=ignore] pam_unix.so remember=5'),
      /depends on its position/,
    ],
  ];
  test.each(cases)('%s', (_, edits, expected) => {
    const why = pam.whyNotEdited?.({ path, line: '' }, [file(path, ...debian)], edits);
    expect(why ?? '').toMatch(expected ?? /^$/);
  });

  test('by a call at the end that another would then skip', () => {
    const own = file(path, 'auth [success=1 default=ignore] pam_unix.so');
    expect(pam.whyNotEdited?.({ path, line: '' }, [own], put(-1, 'auth required pam_env.so'))).toMatch(/^line 1 /);
  });
});
