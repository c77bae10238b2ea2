/** Files that several checks ask about, in a real shell: what is found out once for all must be what each finds by itself. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { Ssh, SshTarget } from '../../connect/ssh/types.ts';
import { probeHost } from '../probe/probe.ts';

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([shell = '']) => spawnSync(shell, ['--help']).error === undefined,
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-placed-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('plain.conf', 'a = 1\n');
  write('with blank.conf', 'a = 2\n');
  write('with\\backslash.conf', 'a = 3\n');
  write('secret.conf', 'a = 4\n');
  chmodSync(join(folder, 'secret.conf'), 0o600);
  symlinkSync('plain.conf', join(folder, 'link.conf'));
  mkdirSync(join(folder, 'folder.conf'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function checks(): DeviceCheck[] {
  const names = ['plain', 'with blank', 'with\\backslash', 'secret', 'link', 'folder', 'missing'];
  const paths = names.map((name) => join(folder, `${name}.conf`));
  return [
    ...paths.map((path): DeviceCheck => ({ name: 'line', line: { path, line: 'a = 1' } })),
    // In another order than above, in which a look has told of them.
    ...paths.toReversed().map((path): DeviceCheck => ({ name: 'file', file: { path, content: 'a = 1\n' } })),
    ...paths.map((path): DeviceCheck => ({
      name: 'setting',
      setting: { path, format: 'KeyValue', key: 'a', value: '1' },
    })),
    { name: 'selinux', selinux: { mode: 'Enforcing' } },
    { name: 'sysctl', sysctl: { name: 'kernel.randomize_va_space', value: '2' } },
  ];
}

describe.each(shells)('under %s', (shell, ...options) => {
  async function observed(all: readonly DeviceCheck[], change: (input: string) => string = (input) => input) {
    const execute: Ssh['execute'] = (_, { script, input }) => {
      const { stdout, stderr, status } = spawnSync(shell, [...options, '-c', script], {
        input: change(input),
        cwd: '/',
      });
      expect(stderr.toString()).toBe('');
      return Promise.resolve({ is: 'answered', output: stdout, exitCode: status ?? -1, errors: '' });
    };
    const host = await probeHost({ execute }, {} as SshTarget, all, new AbortController().signal);
    if (host.is !== 'seen') throw new Error(host.message);
    return host.observed;
  }

  test('checks find together what each finds alone', async () => {
    const alone = await Promise.all(checks().map(async (check) => (await observed([check]))[0]));
    const together = await observed(checks());
    expect(together).toEqual(alone);
    expect(together.filter(({ is }) => is === 'observed').length).toBeGreaterThan(15);
  });

  test.each<[string, (line: string) => string]>([
    ['was not looked at beforehand', () => ''],
    ['was looked at in part', (line) => `${line.split(' ').slice(0, 2).join(' ')}\n`],
  ])('what %s is looked at by each', async (_, cut) => {
    const changed = await observed(checks(), (input) => input.replace(/placed\x1f.*\n/, cut));
    expect(changed).toEqual(await observed(checks()));
  });
});
