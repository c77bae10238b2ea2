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
import type { HostObservation } from '../../operator/drift/probe/observation.ts';
import { probeHost } from '../../operator/drift/probe/probe.ts';
import type { Task } from '../../operator/lib/ansibleTask.ts';
import { conceal, inWords } from '../builders/observeHere.ts';
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

/** What is found of each check, by its name. */
async function judge(asked: readonly DeviceCheck[], become?: SshTarget['become']): Promise<Record<string, string>> {
  const seen = await look(asked, become);
  if (seen.is !== 'seen') throw new Error(seen.message);
  return Object.fromEntries(
    asked.map((check, index) => {
      const observation = seen.observed[index] ?? { is: 'unknown', message: 'not asked' };
      return [check.name, inWords(compareCheck(check, observation, conceal))];
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

const undoFolder = ({ name }: DeviceCheck) => `/var/lib/holdfast/undo/run/${name}`;
const correct = (check: DeviceCheck) => [...keepTasks(check, undoFolder(check)), ...correctTasks(check)];
const good = { exitCode: 0, message: undefined };

test('every check type has a case', () => {
  const types = Object.keys(checkTypes).sort();
  expect([...new Set(checkCases.flatMap(({ declare }) => Object.keys(declare)))].sort()).toEqual(types);
});

describe('drift is found as it is', () => {
  let found: Record<string, string>;
  beforeAll(async () => {
    found = await judge(checks);
  });
  test.each(byName)('%s', (name, { found: expected }) => {
    expectAll(found[name] ?? '', expected);
  });

  test('and a run that only checks leaves it as it is', async () => {
    expect(await ansible(correct, checks, true)).toEqual(good);
    expect(await judge(checks)).toEqual(found);
  });
});

describe('Ansible', () => {
  let before: HostObservation;
  let corrected: Record<string, string>;
  let restored: Record<string, string>;
  let inVain: Record<string, string>;
  let back: DeviceCheck[];

  beforeAll(async () => {
    before = await look(checks);
    if (before.is !== 'seen') throw new Error(before.message);
    const { observed } = before;
    expect(await ansible(correct, checks)).toEqual(good);
    corrected = await judge(checks);
    // The last correction is undone first, as each kept what the ones before it had left.
    back = checks
      .flatMap((check, index) => (observed[index] ? (checkAsFound(check, observed[index]) ?? []) : []))
      .reverse();
    inVain = await judge(back);
    expect(await ansible((check) => restoreTasks(check, undoFolder(check)), back)).toEqual(good);
    restored = { ...(await judge(checks)), ...prefixed(await judge(back)) };
  });

  test.each(byName)('mends %s', (name) => {
    expect(corrected[name]).toBe('pass');
  });
  test.each(byName)('undoes %s, where it can be put back', (name, { found, lost }) => {
    if (lost) {
      expect(back.map((check) => check.name)).not.toContain(name);
      return;
    }
    // The declaration of what was found did not hold in between, so it tells that undoing did something.
    expect(inVain[name]).not.toBe('pass');
    expect(restored[`found ${name}`]).toBe('pass');
    expectAll(restored[name] ?? '', found);
  });
  test('evaluates nothing that was declared', async () => {
    expect((await host.run('ls -d /tmp/evaluated')).code).not.toBe(0);
  });
  test('keeps what is needed to undo where only root can read it', async () => {
    expect(await host.mustRun('stat -c "%a %U" /var/lib/holdfast /var/lib/holdfast/undo/run/file-secret')).toBe(
      '700 root\n700 root\n',
    );
  });
});

describe('without the rights to see it, nothing is known', () => {
  const asked = hiddenCases.map(({ declare }, index): DeviceCheck => ({ name: `hidden-${index}`, ...declare }));
  let found: Record<string, string>;

  beforeAll(async () => {
    await host.mustRun('echo secret >/etc/hf-token; chmod 0600 /etc/hf-token');
    for (const { hidden } of hiddenCases) if (hidden) await host.mustRun(hidden);
    found = await judge(asked, 'none');
  });
  test.each(hiddenCases.map(({ declare, why }, index) => ({ type: Object.keys(declare).join(), why, index })))(
    'of $type',
    ({ why, index }) => {
      const words = found[`hidden-${index}`] ?? '';
      expect(words).toMatch(/^unknown: /);
      expectAll(words.replace('unknown: ', ''), [why]);
    },
  );

  test('and where the account may not become root, of no check at all', async () => {
    await host.denySudo();
    expect(await look(checks)).toMatchObject({ is: 'unreadable', reason: 'BecomeDenied' });
  });
});

function expectAll(words: string, expected: readonly (string | RegExp)[]): void {
  const parts = words.split('; ');
  // A value may hold "; " itself, as hostile text does.
  if (parts.length === expected.length) {
    expected.forEach((one, index) => expectOne(parts[index] ?? '', one));
  } else for (const one of expected) expectOne(words, one);
}

function expectOne(words: string, expected: string | RegExp): void {
  if (typeof expected === 'string') expect(words).toContain(expected);
  else expect(words).toMatch(expected);
}

function prefixed(words: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([name, text]) => [`found ${name}`, text]));
}
