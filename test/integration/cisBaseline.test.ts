/** The sample of 31 checks on a bare host: found, corrected, verified, undone; what cannot be corrected there is named and halts nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AnsibleRun } from '../../operator/api/v1alpha1/ansibleRun.ts';
import type { DeviceBaseline } from '../../operator/api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { apiVersion, conditionOf, namespace, startBed, untilCondition, type Bed } from '../operator/bed.ts';
import { until } from '../operator/until.ts';

const sample = load(
  readFileSync(resolve(import.meta.dirname, '../../manifests/samples/cisRhel9.yaml'), 'utf8'),
) as DeviceBaseline;
const stateProgram = readFileSync(join(import.meta.dirname, 'hostState.py'), 'utf8');
let bed: Bed;

beforeAll(async () => {
  bed = await startBed(['bare']);
  await bed.host('bare').mustRun('mkdir -p /run/holdfast-test');
  await bed.host('bare').writeFile('/run/holdfast-test/hostState.py', stateProgram);
  await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const state = (): Promise<string> => bed.host('bare').mustRun('python3 /run/holdfast-test/hostState.py');

const declare = (mode: DeviceBaseline['spec']['mode']): Promise<void> =>
  bed.kubectl.apply({
    ...sample,
    metadata: { ...sample.metadata, namespace },
    spec: {
      ...sample.spec,
      mode,
      intervalSeconds: 10,
      remediation: { ...sample.spec.remediation, backend: 'Local' },
    },
  });

const report = async (): Promise<DriftReport | undefined> =>
  bed.kubectl.get<DriftReport>('driftreport', `${sample.metadata.name}.bare`);

/** Checks that are not a pass, each with whether it is not known, and whether only a person can correct it. */
const failing = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    ((await report())?.status?.findings ?? []).map(({ check, result, manual }) => [
      check,
      manual ? 'a person' : result,
    ]),
  );

const runs = (): Promise<AnsibleRun[]> => bed.kubectl.list<AnsibleRun>('ansibleruns');
const name = sample.metadata.name;
const byHand = { selinux: 'a person', crontab: 'a person', 'tmp-options': 'a person' };
let before: string;

test('is found, check by check', async () => {
  before = await state();
  await declare('Inform');
  await untilCondition(bed.kubectl, 'devicebaseline', name, 'Compliant', 'False', 120);
  const wrong = Object.fromEntries(
    [
      'aslr chrony cron-daily journal-persistent motd no-games no-redirects no-router-advertisements no-rpcbind',
      'no-send-redirects no-source-route password-age password-length root-keys shm-options sshd-config sshd-idle',
      'sshd-no-root sshd-tries sudo-pty umask',
    ]
      .join(' ')
      .split(' ')
      .map((check) => [check, 'Fail']),
  );
  expect(await failing()).toEqual({ ...wrong, ...byHand, 'no-cramfs': 'Unknown' });
  expect((await report())?.status?.summary).toMatchObject({ pass: 6, fail: 24, unknown: 1 });
  expect(await runs()).toEqual([]);
});

test('is corrected and verified; what cannot be corrected is named, one by one, and halts nothing', async () => {
  await declare('Enforce');
  const left = await until(
    'nothing more is corrected',
    async () => {
      const [now, all] = [await failing(), await runs()];
      const isDone = all.length > 0 && all.every(({ status }) => status?.completionTime);
      return isDone && !('sshd-no-root' in now) ? now : undefined;
    },
    { seconds: 180, seen: failing },
  );
  expect(left).toEqual({ ...byHand, chrony: 'Fail', 'no-cramfs': 'Unknown' });
  const [run] = await runs();
  expect(run?.status?.failures).toEqual([
    { check: 'chrony', device: 'bare', message: 'dnf: no repository offers chrony', refused: true },
  ]);
  expect(conditionOf(run, 'Succeeded')).toMatchObject({
    reason: 'PartiallyRefused',
    message: expect.stringMatching(/^bare: chrony: dnf: no repository offers chrony/),
  });
  const baseline = await untilCondition<DeviceBaseline>(
    bed.kubectl,
    'devicebaseline',
    name,
    'ManualActionRequired',
    'True',
  );
  const words = conditionOf(baseline, 'ManualActionRequired')?.message;
  for (const check of Object.keys(byHand)) expect(words).toContain(`${check} on bare: `);
}, 240_000);

test('is undone: the host is as it was, byte for byte', async () => {
  await declare('Inform');
  const done = (await runs()).sort((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1));
  for (const { metadata } of done) {
    const spec = { revertOf: { name: metadata.name }, backend: 'Local' };
    await bed.kubectl.apply({
      apiVersion,
      kind: 'AnsibleRun',
      metadata: { name: `undo-${metadata.name}`, namespace },
      spec,
    });
    const undone = await untilCondition(bed.kubectl, 'ansiblerun', `undo-${metadata.name}`, 'Succeeded', 'True', 120);
    expect(conditionOf(undone, 'Succeeded')?.message).toBe(
      `1 host verified: everything is as it was before AnsibleRun ${metadata.name}`,
    );
  }
  expect(await state()).toBe(before);
}, 240_000);
