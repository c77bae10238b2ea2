/** Whose turn it is, and what is left on the disk. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidenceExport } from '../../api/v1alpha1/evidenceExport.ts';
import type { ObjectStore } from '../../connect/objectStore/types.ts';
import { Exporting } from './exporting.ts';
import type { ExportKit, ExportOrder, ExportParts } from './kit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-exporting-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const limits = { most: 2, seconds: 60, shortSeconds: 60, spoolSeconds: 120 };
const parts = (): ExportParts => ({
  journal: { append: () => 'NoJournal', flush: () => Promise.resolve(undefined) },
  folder,
  now: () => new Date('2026-11-27T12:00:00Z'),
});

/** Stores that are listed until they are let go, in the order in which they are asked. */
function stores() {
  const asked: string[] = [];
  const closed: string[] = [];
  const ends = new Map<string, () => void>();
  const kitOf = (namespace: string, uid: string): ExportKit => {
    const store = {
      async *list() {
        asked.push(uid);
        await new Promise<void>((resolve) => ends.set(uid, resolve));
        yield* [];
      },
      close: () => closed.push(uid),
    } as unknown as ObjectStore;
    const object = {
      kind: 'EvidenceExport',
      metadata: { namespace, name: uid, uid },
      spec: { storeRef: { name: 'main' }, requestedBy: 'alice', reason: 'Audit' },
    } as EvidenceExport;
    return {
      object,
      store,
      storeName: { namespace, name: 'main' },
      uri: 's3://b',
      believed: { keys: [], lasts: new Map(), unread: [] },
    };
  };
  const end = async (uid: string, exporting: Exporting): Promise<void> => {
    ends.get(uid)?.();
    while (exporting.stateOf(uid)?.is === 'running') await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, closed, kitOf, end };
}

const order = (uid: string): ExportOrder => ({ step: 'make', uid, startTime: '2026-11-27T12:00:00Z' });

test('namespaces have turns in rotation, and one of each is made at a time', async () => {
  const { asked, closed, kitOf, end } = stores();
  const exporting = new Exporting(parts(), limits);
  for (const uid of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) exporting.begin(order(uid), kitOf(uid[0]!, uid));
  expect(asked).toEqual(['a1', 'b1']);
  await end('a1', exporting);
  expect(asked).toEqual(['a1', 'b1', 'c1']);
  await end('b1', exporting);
  expect(asked).toEqual(['a1', 'b1', 'c1', 'a2']);
  await end('c1', exporting);
  await end('a2', exporting);
  expect(asked).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  await end('b2', exporting);
  await end('a3', exporting);
  expect(closed.sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
});

test('of those that are gone none is begun, and its store is closed', async () => {
  const { asked, closed, kitOf, end } = stores();
  const exporting = new Exporting(parts(), limits);
  for (const uid of ['a1', 'a2']) exporting.begin(order(uid), kitOf('a', uid));
  exporting.keepOnly((uid) => uid !== 'a2');
  expect(closed).toEqual(['a2']);
  await end('a1', exporting);
  expect(asked).toEqual(['a1']);
  expect(exporting.stateOf('a2')).toBeUndefined();
});

test('a store without packs has nothing to export', async () => {
  const { kitOf, end } = stores();
  const exporting = new Exporting(parts(), limits);
  exporting.begin(order('a1'), kitOf('a', 'a1'));
  await end('a1', exporting);
  expect(exporting.stateOf('a1')).toMatchObject({ is: 'failed', reason: 'NothingSelected', needsPerson: true });
  expect(readdirSync(folder)).toEqual([]);
});

test('archives of a process before are removed', () => {
  writeFileSync(join(folder, 'u1.tar'), 'old');
  new Exporting(parts(), limits);
  expect(readdirSync(folder)).toEqual([]);
});
