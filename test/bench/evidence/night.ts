/** A journal of the night, in a store as the operator leaves it: findings that were opened, a host at a time. */
import { join } from 'node:path';
import { pino } from 'pino';
import { openFilesystem } from '../../../operator/connect/objectStore/filesystem.ts';
import { openSpools } from '../../../operator/connect/spool/spool.ts';
import { decideDevice } from '../../../operator/drift/device/decide.ts';
import type { Head } from '../../../operator/evidence/journal/head.ts';
import { defaultLimits, Journals } from '../../../operator/evidence/journal/journals.ts';
import { resources } from '../../../operator/api/generated/resources.ts';
import { systemClock } from '../../../operator/runtime/clock.ts';
import { fileFound, makeDevice, now } from '../../builders/drift.ts';
import { readerOf } from '../../builders/reader.ts';
import { baseline, findingsEach, hostName } from './fleet.ts';

export const store = { namespace: 'fleet', name: 'main' };
export const root = 'holdfast.dev/fleet/main';
/** An hour before the pack. */
const decidedTime = new Date(now.getTime() - 3_600_000);

/** Of so many findings opened. Gives where the journal ends. */
export async function journalNight(folder: string, findings: number): Promise<Head> {
  const journals = new Journals({
    openSpools: (name) => openSpools(join(folder, 'spool', name)),
    stores: () => [store],
    home: () => undefined,
    kinds: [],
    connect: async () => ({ store: await openFilesystem({ folder: join(folder, 'store'), root, now }) }),
    cluster: () => ({ id: 'c-1' }),
    seal: (text) => `sealed ${text.length}`,
    clock: { ...systemClock, now: () => decidedTime },
    random: Math.random,
    log: pino({ level: 'silent' }),
    limits: { ...defaultLimits, storeBytes: 2 ** 30, totalBytes: 2 ** 30 },
  });
  journals.begin(readerOf());
  const { checks } = baseline.spec;
  const observed = checks.map((_, at) => fileFound(at < findingsEach ? 0o666 : 0o644));
  for (let index = 0; index < findings / findingsEach; index += 1) {
    const object = makeDevice(hostName(index));
    const world = {
      asked: [baseline],
      unassigned: new Map(),
      suspended: [],
      reports: [],
      host: { is: 'seen' as const, facts: { os: 'rhel', version: '9.4' }, observed },
      silentLooks: 0,
      lookedAt: decidedTime,
      runs: [],
      waivers: [],
    };
    const plan = decideDevice(object, world, (text) => text, decidedTime);
    journals.decided({ kind: resources.Device, bounded: false, object, plan, now: decidedTime });
  }
  const head = await journals.flush(store, AbortSignal.timeout(120_000));
  await journals.stop();
  if (!head) throw new Error('the journal of the night was not stored');
  return head;
}
