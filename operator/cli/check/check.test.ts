/** `kubectl holdfast check --local` on this machine, as people run it: what it finds, says, and ends with. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const plugin = resolve(import.meta.dirname, '../../../bin/kubectl-holdfast');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-check-'));
  writeFileSync(join(folder, 'right'), 'Authorized use only.\n', { mode: 0o644 });
  writeFileSync(join(folder, 'wrong'), 'Welcome.\n', { mode: 0o644 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, fields: object = {}) => ({
  name,
  severity: 'High',
  file: { path: join(folder, name), content: 'Authorized use only.\n', ...fields },
});

function baseline(checks: object[], name = 'base', spec: object = {}): string {
  const whole = { selector: { matchLabels: { os: 'rhel9' } }, checks, ...spec };
  return JSON.stringify({
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'DeviceBaseline',
    metadata: { name },
    spec: whole,
  });
}

function check(input: string, ...flags: string[]) {
  const args = ['check', '-f', '-', ...(flags.includes('--host') ? [] : ['--local']), ...flags];
  const { status, stdout, stderr } = spawnSync(plugin, args, { encoding: 'utf8', input });
  return { status, stdout, stderr };
}

describe('the verdict', () => {
  test('of what holds is one line and 0', () => {
    const { status, stdout, stderr } = check(baseline([file('right', { mode: '0644' })]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^localhost.*: the check passes\n$/);
  });

  test('of what differs says what was expected and found, worst first', () => {
    const checks = [{ ...file('right', { mode: '0600' }), severity: 'Low' }, file('wrong')];
    const { status, stdout } = check(baseline(checks));
    expect(status).toBe(2);
    expect(stdout).toMatch(/: 0 of 2 checks pass, and 2 fail|: 0 of 2 checks pass, 2 fail/);
    expect(stdout.indexOf('wrong (high)')).toBeLessThan(stdout.indexOf('right (low)'));
    expect(stdout).toContain('mode: expected 0600, found 0644');
  });

  test('of what could not be read is unknown, and never 0', () => {
    const unread = { name: 'daemon', sysctl: { name: 'net.core.nothing-of-that-name', value: '1' } };
    const { status, stdout } = check(baseline([file('right'), unread]));
    expect(status).toBe(2);
    expect(stdout).toMatch(/(Unknown|Fail|N\/A) +daemon \(medium\)/);
  });

  test('is the same in JSON, JUnit and SARIF', () => {
    const checks = baseline([file('right'), file('wrong')]);
    const json = JSON.parse(check(checks, '-o', 'json').stdout) as {
      targets: { checks: { name: string; is: string }[] }[];
    };
    expect(json.targets[0]?.checks.map(({ name, is }) => `${name} ${is}`)).toEqual(['right pass', 'wrong fail']);
    expect(check(checks, '-o', 'junit').stdout).toContain('tests="2" failures="1"');
    const sarif = JSON.parse(check(checks, '-o', 'sarif').stdout) as { runs: { results: { ruleId: string }[] }[] };
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toContain('wrong');
  });

  test('does not depend on a selector, a pause or a rollout, and says what passes where it is asked to', () => {
    const spec = { suspend: { reason: 'holidays' }, updateStrategy: { type: 'Rollout' } };
    const { status, stdout } = check(baseline([file('right')], 'base', spec), '-o', 'wide');
    expect(status).toBe(0);
    expect(stdout).toContain('Pass     right (high)');
  });

  test('shows nothing of what is sensitive', () => {
    const { stdout } = check(baseline([file('wrong', { sensitive: true })]), '-o', 'json');
    expect(stdout).not.toContain('Welcome');
    expect(stdout).not.toContain('Authorized');
    expect(stdout).toContain('hmac:');
  });

  test('changes nothing', () => {
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    check(baseline([file('wrong', { mode: '0600' }), file('absent')], 'base', { mode: 'Enforce' }));
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])).toEqual(before);
  });
});

describe('what is refused', () => {
  test.each([
    ['no baseline', '{"kind": "ConfigMap"}', [], 'standard input has no DeviceBaseline; name a file that has one.'],
    [
      'a rule of the API',
      () => baseline([{ name: 'x', file: { path: '/x', mode: '0644', maxMode: '0600' } }]),
      [],
      'spec.checks[0].file: set `mode` or `maxMode`, not both.',
    ],
    [
      'an unknown field',
      () => baseline([{ name: 'x', file: { path: '/x', contents: 'y' } }]),
      [],
      'spec.checks[0].file.contents is not a known field; fix its name or remove it.',
    ],
    [
      'one of several that is not named',
      () => `${baseline([file('right')], 'one')}\n---\n${baseline([file('right')], 'two')}`,
      [],
      'standard input has 2 DeviceBaselines; choose one with --baseline: one, two.',
    ],
    ['a host that is an option', () => baseline([file('right')]), ['--host', '-oProxyCommand=true'], '--host'],
  ] as const)('%s', (_, input, flags, says) => {
    const { status, stdout, stderr } = check(typeof input === 'string' ? input : input(), ...flags);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
  });

  test('a host that cannot be reached is not checked, and the others are', () => {
    const { status, stdout } = check(baseline([file('right')]), '--local', '--host', 'holdfast.invalid');
    expect(status).toBe(2);
    expect(stdout).toContain('the check passes');
    expect(stdout).toMatch(/holdfast\.invalid: not checked: ssh to holdfast\.invalid failed/);
  });

  test('a host that is reached by nothing at all ends with 1', () => {
    const { status, stdout } = check(baseline([file('right')]), '--host', 'holdfast.invalid');
    expect({ status, isSaid: /check\s+with\s+'ssh\s+holdfast\.invalid\s+true'/.test(stdout) }).toEqual({
      status: 1,
      isSaid: true,
    });
  });
});
