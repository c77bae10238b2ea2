/** Every check type on a real host: drift is found as it is, Ansible mends it, and undoing puts it back. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { openLocalAnsible } from '../../operator/connect/ansible/local.ts';
import { openSsh } from '../../operator/connect/ssh/openSsh.ts';
import type { Ssh, SshTarget } from '../../operator/connect/ssh/types.ts';
import { checkTypes } from '../../operator/drift/checks/index.ts';
import { correctTasks, keepTasks, restoreTasks } from '../../operator/drift/checks/tasks.ts';
import { checkAsFound, compareCheck } from '../../operator/drift/probe/compare.ts';
import type { CheckObservation, HostObservation } from '../../operator/drift/probe/observation.ts';
import { probeHost } from '../../operator/drift/probe/probe.ts';
import type { Task } from '../../operator/lib/ansibleTask.ts';
import { conceal, wordsOf } from '../builders/observeHere.ts';
import { startFleet, type Fleet, type Host } from '../fleet/fleet.ts';
import { ansibleBin, run } from './ansibleBed.ts';
import { checkCases, hiddenCases, preparation, type CheckCase } from './checkCases.ts';

jest.setTimeout(900_000);

let folder: string;
let fleet: Fleet;
let host: Host;
let ssh: Ssh;
let runs = 0;

const checkOf = ({ name, declare }: CheckCase): DeviceCheck => ({ name, ...declare });
const checks = checkCases.map(checkOf);
const byName = checkCases.map((one): [string, CheckCase] => [one.name, one]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-checks-'));
  ssh = openSsh({ folder });
  fleet = await startFleet({ names: 1 });
  host = fleet.hosts[0] as Host;
  await host.mustRun(preparation);
  for (const { broken } of checkCases) if (broken) await host.mustRun(broken);
});
afterAll(async () => {
  await ssh?.close();
  await fleet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function target(become: SshTarget['become']): SshTarget {
  return {
    id: `test/${host.name}-${become}`,
    host: host.address,
    port: host.port,
    user: fleet.user,
    become,
    hostKeys: [host.hostKey],
    hostCertificateAuthorities: [],
    privateKey: readFileSync(fleet.privateKey, 'utf8'),
  };
}

function look(asked: readonly DeviceCheck[], become: SshTarget['become'] = 'sudo'): Promise<HostObservation> {
  return probeHost(ssh, target(become), asked, new AbortController().signal);
}

/** What differs of each check in words, by its name; or why nothing is known. */
async function judge(asked: readonly DeviceCheck[], become?: SshTarget['become']): Promise<Record<string, string[]>> {
  const seen = await look(asked, become);
  if (seen.is !== 'seen') throw new Error(seen.message);
  return Object.fromEntries(
    asked.map((check, index) => {
      const observation = seen.observed[index] ?? { is: 'unknown', message: 'not asked' };
      return [check.name, wordsOf(compareCheck(check, observation, conceal))];
    }),
  );
}

/** Runs the tasks of each check as a block of its own, as an AnsibleRun does. */
async function ansible(tasksOf: (check: DeviceCheck) => readonly Task[], of: readonly DeviceCheck[], check = false) {
  const local = openLocalAnsible({ folder: join(folder, 'ansible'), python: await ansibleBin() });
  runs += 1;
  const { exitCode, hosts, message } = await run(local, `run-${runs}`, {
    hosts: [{ name: host.name, target: target('sudo'), variables: {} }],
    playbook: { is: 'tasks', tasks: of.map((one) => ({ name: one.name, block: tasksOf(one) })) },
    variables: {},
    check,
    forks: 1,
    timeoutSeconds: 600,
  });
  return { exitCode, message: message ?? hosts[0]?.message };
}

const undoFolder = ({ name }: { name: string }) => `/var/lib/holdfast/undo/run/${name}`;
const correct = (check: DeviceCheck) => [...keepTasks(check, undoFolder(check)), ...correctTasks(check)];
const good = { exitCode: 0, message: undefined };

test('every check type has a case', () => {
  const types = Object.keys(checkTypes).sort();
  expect([...new Set(checkCases.flatMap(({ declare }) => Object.keys(declare)))].sort()).toEqual(types);
});

describe('drift is found as it is', () => {
  let found: Record<string, string[]>;
  beforeAll(async () => {
    found = await judge(checks);
  });
  test.each(byName)('%s', (name, { found: expected }) => {
    expectAll(found[name], expected);
  });

  test('and a run that only checks leaves it as it is', async () => {
    expect(await ansible(correct, checks, true)).toEqual(good);
    expect(await judge(checks)).toEqual(found);
  });
});

describe('Ansible', () => {
  let corrected: Record<string, string[]>;
  let restored: Record<string, string[]>;
  let back: DeviceCheck[];
  let inVain: Record<string, string[]>;
  let undone: Record<string, string[]>;

  beforeAll(async () => {
    const before = await look(checks);
    if (before.is !== 'seen') throw new Error(before.message);
    expect(await ansible(correct, checks)).toEqual(good);
    corrected = await judge(checks);
    // The last correction is undone first: each kept what the ones before it had left.
    back = checks
      .flatMap((check, index) => checkAsFound(check, before.observed[index] as CheckObservation) ?? [])
      .reverse();
    inVain = await judge(back);
    expect(await ansible((found) => restoreTasks(found, undoFolder(found)), back)).toEqual(good);
    undone = await judge(back);
    restored = await judge(checks);
  });

  test.each(byName)('mends %s', (name) => {
    expect(corrected[name]).toEqual([]);
  });
  test.each(byName.filter(([, { lost }]) => lost === undefined))('undoes %s', (name, { found }) => {
    // What was found did not hold in between, so undoing did something.
    expect(inVain[name]).not.toEqual([]);
    expect(undone[name]).toEqual([]);
    expectAll(restored[name], found);
  });
  test.each(byName.filter(([, { lost }]) => lost !== undefined))('does not claim to undo %s', (name) => {
    expect(back.map((found) => found.name)).not.toContain(name);
  });
  test('evaluates nothing that was declared', async () => {
    expect((await host.run('ls -d /tmp/evaluated')).code).not.toBe(0);
  });
  test('keeps what is needed to undo where only root can read it', async () => {
    const folders = `/var/lib/holdfast ${undoFolder({ name: 'file-secret' })}`;
    expect(await host.mustRun(`stat -c '%a %U' ${folders}`)).toBe('700 root\n700 root\n');
  });
});

describe('a correction that cannot succeed fails, and does no harm', () => {
  test('sshd does not accept the value, and keeps the configuration that lets people in', async () => {
    const check = { name: 'locked-out', sshd: { option: 'PermitRootLogin', value: 'maybe' } };
    const before = await host.readFile('/etc/ssh/sshd_config');
    expect((await ansible(correct, [check])).message).toMatch(/failed to validate/);
    expect(await host.readFile('/etc/ssh/sshd_config')).toBe(before);
  });
  test('a directory stands in the place of a file, and stays with all that is in it', async () => {
    await host.mustRun('mkdir -p /etc/hf-folder && touch /etc/hf-folder/precious');
    const check = { name: 'folder', file: { path: '/etc/hf-folder', content: 'x', mode: '0644' } };
    expect((await ansible(correct, [check])).message).toMatch(/Is a directory/);
    expect(await host.mustRun('ls /etc/hf-folder')).toBe('precious\n');
  });
});

describe('without the rights to see it, nothing is known', () => {
  const asked = hiddenCases.map(({ declare }, index): DeviceCheck => ({ name: `hidden-${index}`, ...declare }));
  const byIndex = hiddenCases.map(({ declare, why }, index) => ({ type: Object.keys(declare).join(), why, index }));
  let found: Record<string, string[]>;

  beforeAll(async () => {
    await host.mustRun('echo secret >/etc/hf-token; chmod 0600 /etc/hf-token');
    for (const { hidden } of hiddenCases) if (hidden) await host.mustRun(hidden);
    found = await judge(asked, 'none');
  });
  test.each(byIndex)('of $type', ({ why, index }) => {
    expectAll(found[`hidden-${index}`], [why]);
  });
  test('and where the account may not become root, of no check at all', async () => {
    await host.denySudo();
    expect(await look(checks)).toMatchObject({ is: 'unreadable', reason: 'BecomeDenied' });
  });
});

/** Each of the words is as expected, in their order, and there are no others. */
function expectAll(words: readonly string[] = [], expected: readonly (string | RegExp)[]): void {
  expect(words).toEqual(expected.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))));
}
