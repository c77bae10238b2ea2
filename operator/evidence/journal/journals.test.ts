import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { readerOf } from '../../../test/builders/reader.ts';
import { JournalBed } from '../../../test/builders/journalBed.ts';
import { makeBaseline, makeDevice } from '../../../test/builders/drift.ts';
import { openSpools } from '../../connect/spool/spool.ts';
import { openFilesystem } from '../../connect/objectStore/filesystem.ts';
import type { Plan } from '../../runtime/feature.ts';
import type { JournalEntry } from './entry.ts';
import { defaultLimits, Journals, type JournalLimits } from './journals.ts';

let bed: JournalBed;
let journals: Journals;
let objects: Resource[];
let begun: string[];

beforeEach(() => {
  bed = new JournalBed();
  begun = [];
});
afterEach(async () => {
  await journals.stop();
  bed.remove();
});

const device = { ...makeDevice(), metadata: { ...makeDevice().metadata, namespace: 'fleet' } };
const baseline = { ...makeBaseline(), kind: 'ClusterBaseline', metadata: { name: 'pods', uid: 'uid-pods' } };
const plan = (reason: string): Plan<Resource, unknown> => ({
  outcome: { is: 'ready', reason: 'Evaluated', message: 'evaluated' },
  conditions: { Compliant: { status: 'True', reason, message: 'so it is' } },
  status: {},
  actions: [],
});

/** Stores by namespace. */
function open(stores: Record<string, string[]>, limits: Partial<JournalLimits> = {}): void {
  objects = [device, baseline];
  const known = Object.entries(stores).flatMap(([namespace, names]) => names.map((name) => ({ namespace, name })));
  journals = new Journals({
    openSpools: (name) => openSpools(bed.spoolFolder(name)),
    stores: (_, namespace) => known.filter((one) => namespace === '' || one.namespace === namespace),
    home: (kind) => (kind.kind === 'ClusterBaseline' ? 'platform' : undefined),
    kinds: [resources.Device, resources.ClusterBaseline],
    connect: async ({ namespace, name }) => ({
      store: await openFilesystem({ folder: bed.storeFolder, root: `${namespace}/${name}`, now: bed.clock.now() }),
    }),
    cluster: () => ({ id: 'c-1' }),
    seal: (text) => `sealed ${text.length}`,
    clock: bed.clock,
    random: () => 0.5,
    log: pino({ level: 'silent' }),
    limits: { ...defaultLimits, ...limits },
    onBegun: (namespace) => void begun.push(namespace),
  });
  journals.begin({
    ...readerOf(),
    get: (kind: Kind, { name }: { name: string }) =>
      objects.find((one) => one.kind === kind.kind && one.metadata.name === name),
  } as never);
}

function decide(kind: Kind, object: Resource, reason: string): void {
  journals.decided({ kind, bounded: false, object, plan: plan(reason), now: bed.clock.now() });
}

async function journaled(namespace: string, name: string): Promise<string[]> {
  const { signal } = new AbortController();
  await journals.flush({ namespace, name }, AbortSignal.timeout(20_000));
  const words: string[] = [];
  const period = { start: new Date(0), end: new Date(8e15) };
  for await (const entry of journals.read({ namespace, name }, { period, signal })) words.push(inWords(entry));
  return words;
}

function inWords({ event, object, condition }: JournalEntry): string {
  return [event, object.name, ...(condition ? [`${condition.type}=${condition.reason}`] : [])].join(' ');
}

describe('what is decided', () => {
  test('about an object is in each journal of its namespace, and in no other', async () => {
    open({ fleet: ['main', 'copy'], platform: ['main'] });
    decide(resources.Device, device, 'Compliant');
    const expected = ['ConditionChanged web-01 Compliant=Compliant', 'ConditionChanged web-01 Ready=Evaluated'];
    expect(await journaled('fleet', 'main')).toEqual(expected);
    expect(await journaled('fleet', 'copy')).toEqual(expected);
    expect(await journaled('platform', 'main')).toEqual([]);
    expect(begun).toEqual(['fleet', 'fleet', 'platform']);
  });
  test('about an object in no namespace is in those of its home', async () => {
    open({ fleet: ['main'], platform: ['main'] });
    decide(resources.ClusterBaseline, baseline, 'Compliant');
    expect(await journaled('platform', 'main')).toContain('ConditionChanged pods Compliant=Compliant');
    expect(await journaled('fleet', 'main')).toEqual([]);
  });
  test('where there is no store is in no journal', () => {
    open({});
    decide(resources.Device, device, 'Compliant');
    expect([...journals.standings()]).toEqual([]);
    expect(
      journals.append({ namespace: 'fleet', name: 'main' }, 'a', {
        event: 'Read',
        object: { kind: 'EvidencePack', name: 'p' },
      }),
    ).toBe('NoJournal');
  });
  test('about what is gone by the next start is that it is gone', async () => {
    open({ fleet: ['main'] });
    decide(resources.Device, device, 'Compliant');
    await journaled('fleet', 'main');
    objects = [];
    journals.begin({ ...readerOf(), get: () => undefined } as never);
    expect((await journaled('fleet', 'main')).at(-1)).toBe('ObjectGone web-01');
  });
  test('and a pause, by a person, and its end', async () => {
    open({ fleet: ['main'] });
    decide(resources.Device, device, 'Compliant');
    journals.suspended(resources.Device, device, { reason: 'moving' }, bed.clock.now());
    decide(resources.Device, device, 'Compliant');
    expect((await journaled('fleet', 'main')).slice(2)).toEqual([
      'ConditionChanged web-01 Suspended=Suspended',
      'ConditionChanged web-01 Suspended=Removed',
    ]);
  });
});

test('an entry that is appended by an ID is taken once', async () => {
  open({ fleet: ['main'] });
  const key = { namespace: 'fleet', name: 'main' };
  await journaled('fleet', 'main');
  const entry = { event: 'Exported' as const, object: { kind: 'EvidencePack', name: 'p' }, actor: 'jane' };
  expect([journals.append(key, 'export/1', entry), journals.append(key, 'export/1', entry)]).toEqual([
    'Taken',
    'Known',
  ]);
  expect(await journaled('fleet', 'main')).toEqual(['Exported p']);
});

test('one tenant has its share of the disk, and never that of another', () => {
  const mib = 1024 * 1024;
  open({ fleet: ['a', 'b'], shop: ['a'] }, { storeBytes: 8 * mib, totalBytes: 8 * mib, segmentBytes: mib });
  const many = (name: string, at: number) => ({ ...device, metadata: { ...device.metadata, name: `${name}-${at}` } });
  const long = 'x'.repeat(1900);
  const fill = (namespace: string): void => {
    for (let at = 0; at < 6000; at++) {
      const object = { ...many('d', at), metadata: { ...many('d', at).metadata, namespace } };
      const conditions = { Compliant: { status: 'True' as const, reason: 'R', message: long } };
      journals.decided({
        kind: resources.Device,
        bounded: false,
        object,
        plan: { ...plan('R'), conditions },
        now: bed.clock.now(),
      });
    }
  };
  fill('fleet');
  const bytes = () =>
    Object.fromEntries(
      [...journals.standings()].map(([{ namespace, name }, { spooledBytes }]) => [
        `${namespace}/${name}`,
        spooledBytes / mib,
      ]),
    );
  expect(bytes()['fleet/a']).toBeLessThan(2.01);
  expect(bytes()['fleet/b']).toBeLessThan(2.01);
  fill('shop');
  expect(bytes()['shop/a']).toBeGreaterThan(3.9);
});
