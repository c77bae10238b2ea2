/** When a host is looked at, and when what is known of it will do. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { approved, makeWaiver } from '../../../test/builders/waiver.ts';
import {
  after,
  fileFound,
  makeBaseline,
  makeDevice,
  makeFinding,
  makeReport,
  makeRun,
  now,
} from '../../../test/builders/drift.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { decideDevice } from './decide.ts';
import { device as deviceFeature } from './index.ts';
import { LastLooks, saidBy, silenceSeconds } from './lastLooks.ts';
import { keptRevisions } from '../revision/store.ts';
import { observeDevice, type DeviceWorld, type Probe } from './observe.ts';
import { SharedReads } from './sharedReads.ts';

const check = { name: 'motd', severity: 'Low', file: { path: '/etc/motd', mode: '0644' } } as const;
const baseline = makeBaseline({ checks: [check], intervalSeconds: 300 });
const device = makeDevice();
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'fleet-ssh' },
  data: { 'ssh-privatekey': btoa('k') },
};

let lastLooks: LastLooks;
let secrets: SharedReads;
let looks: number;
beforeEach(() => {
  lastLooks = new LastLooks();
  secrets = new SharedReads();
  looks = 0;
});

interface Scene {
  readonly at?: number;
  readonly device?: typeof device;
  readonly baseline?: typeof baseline;
  readonly more?: readonly Resource[];
  readonly key?: string;
  /** Or what it is when asked with a key. */
  readonly host?: 'seen' | 'unreachable' | ((key: string) => 'seen' | 'unreachable');
}

/** Reports are those of the pass before. */
let reports: DriftReport[] = [];
beforeEach(() => {
  reports = [];
});

async function pass(
  scene: Scene = {},
): Promise<{ world: DeviceWorld; report: DriftReport | undefined; wait: number | undefined }> {
  const { at = 0, device: one = device, baseline: its = baseline, more = [], key = 'k', host = 'seen' } = scene;
  const time = new Date(after(at));
  const read = readerOf(one, its, ...reports, ...more);
  Object.assign(read, { fetch: () => Promise.resolve({ ...secret, data: { 'ssh-privatekey': btoa(key) } }) });
  const probe: Probe = ({ privateKey }) => {
    looks++;
    const is = typeof host === 'function' ? host(privateKey) : host;
    if (is === 'unreachable') return Promise.resolve({ is, reason: 'NoRoute', message: 'it is gone' } as const);
    return Promise.resolve({ is, facts: { os: 'rhel', version: '9.4' }, observed: [fileFound(0o666)] } as const);
  };
  const { signal } = new AbortController();
  const world = await observeDevice(
    one,
    { probe, lastLooks, revisions: keptRevisions(), secrets },
    { read, now: time, signal },
  );
  const plan = decideDevice(one, world, () => 'hmac:0', time);
  lastLooks.say(one.metadata.uid ?? '', saidBy(plan));
  reports = plan.actions.flatMap((action) => (action.do === 'apply' ? [action.object as unknown as DriftReport] : []));
  const { outcome } = plan;
  return { world, report: reports[0], wait: 'recheckAfter' in outcome ? outcome.recheckAfter : undefined };
}

describe('a host that was seen a minute ago', () => {
  test('is not asked again because a waiver is approved, and its finding is waived', async () => {
    const first = await pass();
    expect(first.report?.status).toMatchObject({ result: 'Fail', summary: { fail: 1, waived: 0 } });
    const { report, wait } = await pass({ at: 60, more: [approved(makeWaiver())] });
    expect(looks).toBe(1);
    expect(report?.status).toMatchObject({
      result: 'Waived',
      summary: { fail: 0, waived: 1 },
      findings: [{ waiver: 'legacy-motd' }],
    });
    expect(wait).toBe(240);
    const open = await pass({ at: 61 });
    expect(looks).toBe(1);
    expect({ ...open.report?.status, observedTime: '' }).toEqual({ ...first.report?.status, observedTime: '' });
  });

  const run = makeRun('rhel9-1', {}, { startTime: after(-20) });
  const complete = makeRun('rhel9-1', {}, { startTime: after(-20), completionTime: after(30) });
  test.each<[what: string, first: Scene, second: Scene]>([
    ['its time has come', {}, { at: 280 }],
    ['the clock was set back', {}, { at: -3600 }],
    ['the key is another', {}, { key: 'other' }],
    [
      'a person annotated it',
      {},
      { device: { ...device, metadata: { ...device.metadata, annotations: { look: 'now' } } } },
    ],
    ['it is another host of that name', {}, { device: { ...device, metadata: { ...device.metadata, uid: 'other' } } }],
    ['its baseline was edited', {}, { baseline: { ...baseline, metadata: { ...baseline.metadata, generation: 2 } } }],
    ['a run on it is complete', { more: [run] }, { more: [complete] }],
    ['a run at work on it was deleted', { more: [run] }, {}],
    ['it did not answer then', { host: 'unreachable' }, {}],
  ])('is asked again if %s', async (_, first, second) => {
    await pass(first);
    await pass({ at: 60, ...second });
    expect(looks).toBe(2);
  });

  test.each<[what: string, change: (report: DriftReport) => DriftReport[]]>([
    ['is gone', () => []],
    ['says that all is well', (report) => [{ ...report, status: makeReport(baseline, device).status }]],
    [
      'says something else of what differs',
      (report) => [
        {
          ...report,
          status: {
            ...report.status,
            findings: (report.status?.findings ?? []).map((one) => ({ ...one, actual: '0644' })),
          },
        },
      ],
    ],
    ['is of another host', (report) => [{ ...report, metadata: { ...report.metadata, ownerReferences: [] } }]],
    [
      'is of other checks',
      (report) => [{ ...report, status: makeReport(makeBaseline({ checks: [] }), device).status }],
    ],
    [
      'does not have all findings',
      (report) => [
        { ...report, status: { ...report.status, findings: Array.from({ length: 100 }, () => makeFinding(check)) } },
      ],
    ],
  ])('is asked again if its report %s', async (_, change) => {
    await pass();
    reports = reports.flatMap(change);
    await pass({ at: 60 });
    expect(looks).toBe(2);
  });
});

describe('a host that gives no answer', () => {
  const secondsOf = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]!);

  /** The times at which it is asked, when there is a pass every time that one is due. */
  async function asked(until: number, changes: (at: number) => Scene = () => ({})): Promise<number[]> {
    const times: number[] = [];
    for (let at = 0; at <= until;) {
      const before = looks;
      const { wait = 0 } = await pass({ at, host: 'unreachable', ...changes(at) });
      if (looks > before) times.push(at);
      at += Math.max(1, Math.ceil(wait));
    }
    return times;
  }

  test('is asked each minute at first, then less and less often, and every hour in the end', async () => {
    const gaps = secondsOf(await asked(12 * 3600));
    expect(gaps.slice(0, 10)).toEqual([60, 60, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    expect(new Set(gaps.slice(10))).toEqual(new Set([3600]));
  });

  test.each([1, 1000, 1e9])('is never asked more often because a count is too large: %d looks', (count) => {
    expect(silenceSeconds(count + 20, 300)).toBe(3600);
  });

  test.each<['True' | 'False' | 'Unknown' | undefined, boolean]>([
    ['True', false],
    ['False', true],
    ['Unknown', true],
    [undefined, true],
  ])('has the places of slow ones while it is Reachable=%s', (status, isSlow) => {
    const condition = status && { type: 'Reachable', status, reason: 'x', message: '', lastTransitionTime: after(0) };
    const one = { ...device, status: condition ? { conditions: [condition] } : {} };
    expect(deviceFeature.shareOf?.(one)).toEqual({ isSlow });
  });

  test('is read of at least each minute, so that another Secret is seen', async () => {
    await asked(7200);
    const { wait } = await pass({ at: 7210, host: 'unreachable' });
    expect(wait).toBeLessThanOrEqual(60);
  });

  test.each<[string, Scene]>([
    [
      'the Device is annotated',
      { device: { ...device, metadata: { ...device.metadata, annotations: { look: '1' } } } },
    ],
    ['the Device is edited', { device: { ...device, metadata: { ...device.metadata, generation: 2 } } }],
    ['the key is another', { key: 'other' }],
    ['its baseline was edited', { baseline: { ...baseline, metadata: { ...baseline.metadata, generation: 2 } } }],
  ])('is asked at once when %s, and each minute again', async (_, change) => {
    const before = await asked(7200);
    const at = before.at(-1)! + 65;
    looks = 0;
    const { world, wait } = await pass({ at, host: 'unreachable', ...change });
    expect([looks, world.silentLooks, wait]).toEqual([1, 1, 60]);
  });

  test('is healthy again after the first answer: the interval of its baseline counts', async () => {
    const last = (await asked(7200)).at(-1)!;
    const { world, wait } = await pass({ at: last + 3600 });
    expect([world.host.is, world.silentLooks, wait]).toEqual(['seen', 0, 300]);
    const { wait: next } = await pass({ at: last + 3900, host: 'unreachable' });
    expect(next).toBe(60);
  });

  test('is Unknown in its report meanwhile, never what it was, and nothing is written again', async () => {
    const seen = await pass();
    expect(seen.report?.status?.result).toBe('Fail');
    const first = await pass({ at: 300, host: 'unreachable' });
    expect(first.report?.status).toMatchObject({ result: 'Unknown', message: 'it is gone' });
    await pass({ at: 360, host: 'unreachable' });
    const asks = looks;
    const between = await pass({ at: 390, host: 'unreachable' });
    expect(looks).toBe(asks);
    expect(between.report?.status).toEqual(first.report?.status);
  });

  test('is asked after a correction on it, which must have reached it', async () => {
    await asked(7200);
    looks = 0;
    const complete = makeRun('rhel9-1', {}, { startTime: after(7190), completionTime: after(7205) });
    await pass({ at: 7210, host: 'unreachable', more: [complete] });
    expect(looks).toBe(1);
  });
});

describe('a Secret that hosts share', () => {
  const other = makeDevice('web-02');

  /** Looks at a host, a second after another that names the same Secret had it read, which had `then` for its key. */
  async function secondLook(then: string, now: string, accepts: (key: string) => boolean, before: Scene[] = []) {
    for (const scene of before) await pass({ at: -60, key: then, ...scene });
    await pass({ device: other, key: then });
    looks = 0;
    const keys: string[] = [];
    const { world } = await pass({
      at: 1,
      key: now,
      host(key) {
        keys.push(key);
        return accepts(key) ? 'seen' : 'unreachable';
      },
    });
    return { keys, host: world.host.is, silentLooks: world.silentLooks };
  }

  test('is used as it was read for the other', async () => {
    expect(await secondLook('old', 'new', () => true)).toEqual({ keys: ['old'], host: 'seen', silentLooks: 0 });
  });

  // api7/aisix#779, cluster-api-provider-aws#6182: what was rotated counts as unreachable until a cache forgets it.
  test('is read again where the host no longer accepts it, and the host asked once more', async () => {
    const looked = await secondLook('old', 'new', (key) => key === 'new');
    expect(looked).toEqual({ keys: ['old', 'new'], host: 'seen', silentLooks: 0 });
  });

  test('is read again where the host does not respond, which is asked once more only with another key', async () => {
    const looked = await secondLook('same', 'same', () => false);
    expect(looked).toEqual({ keys: ['same'], host: 'unreachable', silentLooks: 1 });
  });

  test('is read again where it had no key', async () => {
    expect(await secondLook('', 'new', () => true)).toEqual({ keys: ['new'], host: 'seen', silentLooks: 0 });
  });

  test('is read for a host that did not respond last time: somebody may be at work on it', async () => {
    const looked = await secondLook('old', 'new', (key) => key === 'new', [{ host: 'unreachable' }]);
    expect(looked).toEqual({ keys: ['new'], host: 'seen', silentLooks: 0 });
  });
});

test('looks at Devices that are gone are not kept for ever', () => {
  for (let index = 0; index < 5000; index++)
    lastLooks.remember(`uid-${index}`, { at: now, of: '' }, () => [makeDevice('a'), makeDevice('b')]);
  lastLooks.remember('uid-a', { at: now, of: '' }, () => [makeDevice('a')]);
  const kept = Array.from({ length: 5000 }, (_, index) => lastLooks.get(`uid-${index}`)).filter(Boolean);
  expect(kept.length).toBeLessThanOrEqual(1000);
});
