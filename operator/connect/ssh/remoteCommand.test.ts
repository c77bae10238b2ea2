import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { remoteCommand, remoteInput, scriptIncomplete } from './remoteCommand.ts';
import type { SshRequest } from './types.ts';

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([shell = '']) => spawnSync(shell, ['--help']).error === undefined,
);

function requestOf(script: string, input: string, timeoutSeconds = 20): SshRequest {
  return { script, input, timeoutSeconds, maxBytes: 1000 };
}

const withoutHead = (command: string) => command.replace('/etc/redhat-release', '/nowhere');

describe.each(shells)('the command, given to %s as a login shell', (shell, ...options) => {
  function run(request: SshRequest, input = remoteInput(request), change = (command: string) => command) {
    const command = change(remoteCommand('none', request));
    const { status, stdout, stderr } = spawnSync(shell, [...options, '-c', command], { input, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  const script = `# it's "quoted" \\ and $odd\nread -r first\nprintf '%s|' "$first" 'a  b' "\${#first}"\ncat\nexit 3`;

  test('runs the script, which finds its input on standard input', () => {
    expect(run(requestOf(script, 'one\ntwo\n'))).toEqual({ status: 3, stdout: 'one|a  b|3|two\n', stderr: '' });
  });

  const long = `${'# filler\n'.repeat(13_000)}${script}`;
  test.each<[string, (command: string) => string]>([
    ["GNU's head, as on RHEL", (command) => command.replace('/etc/redhat-release', '/')],
    ['dd', withoutHead],
    [
      'the shell alone, where dd cannot fill a block',
      (command) => withoutHead(command).replaceAll('fullblock', 'unheard'),
    ],
    ['the shell alone, where there is no dd', (command) => withoutHead(command).replace('elif dd ', 'elif no-dd ')],
  ])('does the same with %s, however long the script', (_, change) => {
    for (const text of shell === 'dash' ? [script, long] : [script])
      expect(run(requestOf(text, 'one\ntwo\n'), undefined, change)).toEqual({
        status: 3,
        stdout: 'one|a  b|3|two\n',
        stderr: '',
      });
  });

  // The input would be taken for the rest of the script, were more read to fill it up: here it is as long as that.
  test.each([
    ['a part of the script only', '2>/dev/null|head -c 5'],
    ['nothing of the script that it read', '>/dev/null 2>&1'],
  ])('runs nothing where dd gives %s', (_, end) => {
    const script = 'echo 1\necho 2\necho 3\n';
    const request = requestOf(script, script.replaceAll('echo', 'attk'));
    const broken = (command: string) =>
      withoutHead(command).replace('count=1 iflag=fullblock 2>/dev/null', `count=1 iflag=fullblock ${end}`);
    expect(run(request, undefined, broken)).toMatchObject({ status: scriptIncomplete, stdout: '' });
  });

  test('runs nothing of a script of which the end is missing', () => {
    const request = requestOf('echo 1\necho', '');
    const whole = remoteInput(request);
    for (const length of [0, 1, whole.indexOf('\n') + 1, whole.length - 1]) {
      expect(run(request, whole.slice(0, length))).toMatchObject({ status: scriptIncomplete, stdout: '' });
    }
  });

  test('ends a script that outlives its time', () => {
    expect(run(requestOf('sleep 600', '', 1)).status).toBe(124);
  });

  test('counts bytes, not characters', () => {
    expect(run(requestOf('text=äöü; echo "${#text}"', '')).stdout).toBe('6\n');
  });
});

test('the command is one line of printable characters that no login shell reads differently', () => {
  const command = remoteCommand('sudo', requestOf('anything', ''));
  expect(command).toMatch(/^sudo -n -- \/bin\/sh -c '[^'!]*' 9 20$/);
  expect(command).toMatch(/^[\x20-\x7e]*$/);
});
