/** Nights of the operator as a process of its own, whose clock is moved; and clocks of the operator and of S3 that differ by hours. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import { nextNight } from '../evidence/nightlyBed.ts';
import { startProcessBed, storeOf, type ProcessBed } from '../evidence/processBed.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { problemsOf } from '../evidence/wholeness.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { fakedClock } from '../operator/clockJump.ts';
import { home } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

let bed: ProcessBed;
let folder = '';
let to: (seconds: number) => void;
let ahead = 0;
let count = 0;
let pokes = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-clock-'));
  const clock = await fakedClock(folder);
  ({ to } = clock);
  bed = await startProcessBed({ environment: clock.environment });
  await bed.cluster.kubectl.apply({
    apiVersion,
    kind: 'EvidencePack',
    metadata: { name: 'nightly', namespace: home },
    spec: { storeRef: { name: 'main' }, signing: { keyRef: { name: 'evidence-key' } } },
  });
}, 900_000);

afterAll(async () => {
  await bed.stop();
  await rm(folder, { recursive: true });
}, 60_000);

/** The operator's clock is so many seconds ahead of that of S3. Its timers do not know: a change of the object makes it look. */
async function moveTo(seconds: number): Promise<void> {
  ahead = seconds;
  to(seconds);
  const spec = { frameworks: ['NIST-800-53', ...(++pokes % 2 === 0 ? [] : ['CIS-CONTROLS'])] };
  const patch = ['--type', 'merge', '--patch', JSON.stringify({ spec })];
  await bed.cluster.kubectl.run('-n', home, 'patch', 'evidencepack', 'nightly', ...patch);
}

async function night(): Promise<EvidencePack> {
  const now = new Date(Date.now() + ahead * 1000);
  await moveTo(Math.ceil((nextNight(now).getTime() - Date.now()) / 1000));
  return bed.stored(++count);
}

test('night after night there is one pack more, hours and days ahead of S3, and three verifiers verify them', async () => {
  for (let nights = 0; nights < 3; nights += 1) {
    await bed.turn();
    await night();
  }
  const copy = await bed.download();
  const key = join(folder, 'evidence.pub');
  writeFileSync(key, bed.key.public);
  expect(await byScript(copy, key)).toMatchObject({ isVerified: true });
  expect(await byCosign(copy, key)).toMatchObject({ isVerified: true });
  const wanted = { bucket: bed.bucket, folder: copy, key: bed.key.public, packs: { nightly: 3 }, turns: bed.turns };
  expect(await problemsOf(wanted)).toEqual([]);
});

test('once the clock is right again, it is told that no pack is made until then, and the chain continues in time', async () => {
  await moveTo(0);
  let last: EvidencePack | undefined;
  const told = await until(
    'it is told',
    async () => {
      last = await bed.pack();
      return conditionOf(last, 'Stored')?.reason === 'ClockBehind' ? last : undefined;
    },
    { seen: () => last?.status },
  );
  expect(conditionOf(told, 'Ready')).toMatchObject({ status: 'False', reason: 'ClockBehind' });
  expect(conditionOf(told, 'Stored')?.message).toMatch(
    /^pack 3 covers the time until \S+Z, .*; set the clock by NTP, or/,
  );
  await bed.turn();
  ahead = 3 * 86_400;
  await night();
  const copy = await bed.download();
  const wanted = { bucket: bed.bucket, folder: copy, key: bed.key.public, packs: { nightly: 4 }, turns: bed.turns };
  expect(await problemsOf(wanted)).toEqual([]);
});

test('hours behind S3, packs are stored and locked, and a list of keys of the future is not followed', async () => {
  await moveTo(-6 * 3600);
  const { kubectl } = bed.cluster;
  await kubectl.apply(storeOf('second'));
  await until('the store is ready', async () => {
    const object = await kubectl.get<EvidencePack>('evidencestore', 'second', home);
    return conditionOf(object, 'Ready')?.status === 'True' || undefined;
  });
  const [startTime, endTime] = [9, 8].map((hours) => new Date(Date.now() - hours * 3_600_000).toISOString());
  const period = { startTime: startTime!.replace(/\.\d+/, ''), endTime: endTime!.replace(/\.\d+/, '') };
  await bed.due('early', { storeRef: { name: 'second' }, period });
  const { status } = await bed.stored(1, 'early');
  expect(conditionOf({ status: status! }, 'Stored')).toMatchObject({ status: 'True' });
  await bed.due('late', { period });
  const late = await until('it is told', async () => {
    const condition = conditionOf(await bed.pack('late'), 'Stored');
    return condition?.reason === 'ClockBehind' ? condition : undefined;
  });
  expect(late.message).toMatch(
    /the lists of keys in the store are of \S+Z, and the clock of the operator has \S+Z; set the clock/,
  );
  to(0);
  await bed.operator().kill();
  await bed.start();
  await until(
    'it is told',
    async () => conditionOf(await bed.pack('late'), 'Stored')?.reason === 'ClockBehind' || undefined,
  );
});
