/**
 * What journaling costs: a pass in which nothing is new, an entry, and the memory for what was journaled last. By hand: node test/bench/journal/main.ts [hosts].
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { resources } from '../../../operator/api/generated/resources.ts';
import type { DeviceBaseline } from '../../../operator/api/v1alpha1/deviceBaseline.ts';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import { openFilesystem } from '../../../operator/connect/objectStore/filesystem.ts';
import { openSpools } from '../../../operator/connect/spool/spool.ts';
import { decideDevice } from '../../../operator/drift/device/decide.ts';
import { defaultLimits, Journals } from '../../../operator/evidence/journal/journals.ts';
import { systemClock } from '../../../operator/runtime/clock.ts';
import type { Plan } from '../../../operator/runtime/feature.ts';
import { fileFound, makeBaseline, makeDevice } from '../../builders/drift.ts';
import { readerOf } from '../../builders/reader.ts';

const hosts = Number(process.argv[2] ?? 10_000);
const checks = Array.from({ length: 20 }, (_, at) => ({
  name: `file-${at}`,
  file: { path: `/etc/file-${at}`, mode: '0644' },
}));
const baseline: DeviceBaseline = makeBaseline({ checks });
const folder = mkdtempSync(join(tmpdir(), 'journal-bench-'));
const store = { namespace: 'fleet', name: 'main' };

/** As a pass would have decided it, with so many of 20 checks that fail. */
function planOf(device: ReturnType<typeof makeDevice>, failing: number): Plan<Resource, unknown> {
  const observed = checks.map((_, at) => fileFound(at < failing ? 0o666 : 0o644));
  const world = {
    asked: [baseline],
    unassigned: new Map(),
    suspended: [],
    reports: [],
    host: { is: 'seen' as const, facts: { os: 'rhel', version: '9.4' }, observed },
    silentLooks: 0,
    lookedAt: systemClock.now(),
    runs: [],
    waivers: [],
  };
  return decideDevice(device, world, (text) => text, systemClock.now());
}

function memory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const journals = new Journals({
  openSpools: (name) => openSpools(join(folder, 'spool', name)),
  stores: () => [store],
  home: () => undefined,
  kinds: [],
  connect: async () => ({
    store: await openFilesystem({ folder: join(folder, 'store'), root: 'fleet/main', now: systemClock.now() }),
  }),
  cluster: () => ({ id: 'c-1' }),
  seal: (text) => `sealed ${text.length}`,
  clock: systemClock,
  random: Math.random,
  log: pino({ level: 'silent' }),
  limits: { ...defaultLimits, storeBytes: 2 ** 30, totalBytes: 2 ** 30 },
});
journals.begin(readerOf());
await journals.flush(store, AbortSignal.timeout(10_000));

const devices = Array.from({ length: hosts }, (_, at) => makeDevice(`web-${at}`));
const plans = { well: devices.map((device) => planOf(device, 0)), drifted: devices.map((device) => planOf(device, 5)) };
const decide = (which: readonly Plan<Resource, unknown>[]): number => {
  const begun = performance.now();
  devices.forEach((object, at) =>
    journals.decided({ kind: resources.Device, bounded: false, object, plan: which[at]!, now: systemClock.now() }),
  );
  return performance.now() - begun;
};
const say = (what: string, value: string): void => console.log(`${what.padEnd(64)} ${value}`);
const entries = (): number => journals.standing(store)!.entries;

const empty = memory();
const first = decide(plans.well);
const compliant = memory();
say('hosts', String(hosts));
say('first pass of all: entries per second', Math.round((entries() / first) * 1000).toLocaleString('en'));
say('memory per host that complies, bytes of heap', ((compliant - empty) / hosts).toFixed(0));
decide(plans.well);
say('steady pass of a host that complies, microseconds', ((decide(plans.well) / hosts) * 1000).toFixed(2));
const before = entries();
const drifting = decide(plans.drifted);
say(
  'five findings opened on each: entries per second',
  Math.round(((entries() - before) / drifting) * 1000).toLocaleString('en'),
);
say('memory per host with five findings, bytes of heap', ((memory() - empty) / hosts).toFixed(0));
decide(plans.drifted);
say('steady pass of a host with five findings, microseconds', ((decide(plans.drifted) / hosts) * 1000).toFixed(2));
const begun = performance.now();
const { spooledBytes } = journals.standing(store)!;
await journals.flush(store, AbortSignal.timeout(600_000));
say('stored, MiB per second (filesystem)', (spooledBytes / 2 ** 20 / ((performance.now() - begun) / 1000)).toFixed(1));
say('resident, MiB', (process.memoryUsage().rss / 2 ** 20).toFixed(0));
await journals.stop();
rmSync(folder, { recursive: true, force: true });
