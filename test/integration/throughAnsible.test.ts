/** The module that makes changes on a host, as a task of real Ansible: alike on several hosts, with what differs between them, and undone. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { openLocalAnsible } from '../../operator/connect/ansible/local.ts';
import { repairing, undoing, type Generated, type Repair } from '../../operator/drift/ansibleRun/work.ts';
import { remedyOf } from '../../operator/drift/checks/remedy.ts';
import { hostModule } from '../../operator/wiring/hostModule.ts';
import { ansibleBin, run } from './ansibleBed.ts';
import { openCheckBeds, type CheckBed } from './checkBed.ts';

jest.setTimeout(300_000);

let beds: readonly CheckBed[];
let close: (() => Promise<void>) | undefined;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-through-'));

beforeAll(async () => {
  ({ beds, close } = await openCheckBeds(2));
});
afterAll(async () => {
  await close?.();
  rmSync(folder, { recursive: true, force: true });
});

const nasty = `{{ lookup('pipe', 'touch /tmp/evaluated') }} $(touch /tmp/evaluated) {% if %}\n`;
const motd: DeviceCheck = { name: 'motd', file: { path: '/etc/motd', content: nasty, mode: '0644' } };
const issue: DeviceCheck = { name: 'issue', file: { path: '/etc/issue', content: 'secret of the CR\n', mode: '0600' } };
const shared: DeviceCheck = { name: 'shared', file: { path: '/tmp/x', content: 'x' } };

async function execute(id: string, { playbook, variablesOf }: Generated, check = false) {
  const local = openLocalAnsible({ folder: join(folder, 'ansible'), python: await ansibleBin() });
  const hosts = beds.map((bed) => ({
    name: bed.host.name,
    target: bed.target(),
    variables: variablesOf(bed.host.name),
  }));
  return run(local, id, { hosts, playbook, variables: {}, check, forks: 2, timeoutSeconds: 120 });
}

async function repairs(checks: readonly DeviceCheck[]): Promise<Repair[]> {
  const all = await Promise.all(
    beds.map(async (bed) => {
      const observed = await bed.look(checks);
      return checks.flatMap((check, index) => {
        const remedy = remedyOf(check, observed[index] as never);
        return remedy.is === 'changes' ? [{ device: bed.host.name, check: check.name, changes: remedy.changes }] : [];
      });
    }),
  );
  return all.flat();
}

test('what is declared is made on each host from what is there, told for each check, and undone', async () => {
  const [one, two] = beds as [CheckBed, CheckBed];
  await one.host.mustRun('echo other >/etc/motd');
  const before = await Promise.all(beds.map((bed) => bed.state()));
  const checks = [motd, issue, shared];

  const work = repairing(await repairs(checks), 'uid-1', hostModule());
  expect(await execute('check', work, true)).toMatchObject({ exitCode: 2 });
  expect(await Promise.all(beds.map((bed) => bed.state()))).toEqual(before);

  const done = await execute('apply', work);
  expect(done.hosts.map(({ checks: told }) => told)).toEqual(
    beds.map(() => ({
      shared: { refused: true, message: expect.stringMatching(/accounts other than its owner can write to \/tmp/) },
    })),
  );
  expect(await two.host.readFile('/etc/motd')).toBe(nasty);
  expect(await one.compare(motd)).toEqual([]);
  expect((await one.host.run('ls /tmp/evaluated')).code).not.toBe(0);
  // What was declared reaches neither the journal of the host nor what Ansible says.
  expect(JSON.stringify(done)).not.toContain('secret of the CR');
  expect(await one.host.mustRun('journalctl --no-pager -o cat')).not.toContain('secret of the CR');

  const blocks = [motd, issue].map((check) => ({ check, devices: beds.map(({ host }) => host.name) }));
  expect(await execute('undo', undoing(blocks, 'uid-1', hostModule()))).toMatchObject({ exitCode: 0 });
  expect(await Promise.all(beds.map((bed) => bed.state()))).toEqual(before);
});

test('a run is executed once on a host, whichever operator asks, and whatever was undone since', async () => {
  const [one, two] = beds as [CheckBed, CheckBed];
  const work = repairing(await repairs([motd]), 'uid-once', hostModule());
  expect(await execute('once', work)).toMatchObject({ exitCode: 0 });
  const blocks = [{ check: motd, devices: beds.map(({ host }) => host.name) }];
  const again = async (id: string): Promise<void> => {
    const before = await Promise.all(beds.map((bed) => bed.state()));
    const message = 'this run was executed on this host before, and is not executed again';
    expect((await execute(id, work)).hosts.map(({ checks }) => checks)).toEqual(
      beds.map(() => ({ motd: { refused: true, message } })),
    );
    expect(await Promise.all(beds.map((bed) => bed.state()))).toEqual(before);
  };
  await again('by-another-operator');
  expect(await execute('undo-once', undoing(blocks, 'uid-once', hostModule()))).toMatchObject({ exitCode: 0 });
  await again('after-its-undoing');
  await two.host.mustRun('rm -r /var/lib/holdfast/undo/uid-once');
  await again('after-its-journal');
  // The clock of a host that was set back is no reason to forget the run at work.
  const many =
    'for n in $(seq 70); do mkdir -m 700 old-$n; touch -d 2099-01-01 old-$n; echo old-$n >>../executed; done';
  await one.host.mustRun(`cd /var/lib/holdfast/undo && ${many}`);
  expect(await execute('late', repairing(await repairs([motd]), 'uid-late', hostModule()))).toMatchObject({
    exitCode: 0,
  });
  expect((await one.host.mustRun('ls /var/lib/holdfast/undo')).split('\n').filter(Boolean)).toHaveLength(60);
  expect(await execute('undo-late', undoing(blocks, 'uid-late', hostModule()))).toMatchObject({ exitCode: 0 });
});

test('so are packages, units, accounts and groups', async () => {
  const checks: readonly DeviceCheck[] = [
    { name: 'tool', package: { name: 'hf-tool', version: '1.2' } },
    { name: 'with-others', package: { name: 'hf-app' } },
    { name: 'mask', service: { name: 'hf-none', masked: true } },
    { name: 'app', user: { name: 'hf-app', shell: '/bin/sh' } },
    { name: 'admins', group: { name: 'hf-admins', members: ['hf-app'] } },
  ];
  const before = await Promise.all(beds.map((bed) => bed.state()));

  const work = repairing(await repairs(checks), 'uid-2', hostModule());
  const done = await execute('apply-system', work);
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.hosts.map(({ notes }) => notes)).toEqual(
    beds.map(() => ({ 'with-others': expect.stringMatching(/^installed with hf-app: hf-lib-0:1\.0-1\.noarch/) })),
  );
  for (const bed of beds)
    for (const check of checks) expect([check.name, await bed.compare(check)]).toEqual([check.name, []]);

  const blocks = checks.map((check) => ({ check, devices: beds.map(({ host }) => host.name) }));
  expect(await execute('undo-system', undoing(blocks, 'uid-2', hostModule()))).toMatchObject({ exitCode: 0 });
  expect(await Promise.all(beds.map((bed) => bed.state()))).toEqual(before);
});
