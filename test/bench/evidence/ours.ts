/**
 * The program measured: makes one pack by the operator's own path, from reports in memory, of a night whose journal is in the store. Usage: node ours.ts
 * FOLDER FINDINGS HEAD, where HEAD is JSON, where the journal ends. Ends with one line of JSON. Without words it ends at once.
 */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EvidencePack } from '../../../operator/api/v1alpha1/evidencePack.ts';
import type { Resource } from '../../../operator/api/v1alpha1/shared.ts';
import { openFilesystem } from '../../../operator/connect/objectStore/filesystem.ts';
import { ownKey } from '../../../operator/connect/signing/ownKey.ts';
import type { PackKit, PackParts } from '../../../operator/evidence/evidencePack/kit.ts';
import { makePack } from '../../../operator/evidence/evidencePack/makePack.ts';
import { packParts } from '../../../operator/evidence/evidencePack/parts.ts';
import { frameworks } from '../../../operator/evidence/frameworks/frameworks.ts';
import type { Head } from '../../../operator/evidence/journal/head.ts';
import { readJournal } from '../../../operator/evidence/journal/read.ts';
import { findingSources } from '../../../operator/findingSources.ts';
import { keyedDigest } from '../../../operator/lib/digest.ts';
import { after, now } from '../../builders/drift.ts';
import { bytes } from '../controlGroup.ts';
import { readerOver } from '../reader.ts';
import { objectsOf } from './fleet.ts';
import { root, store as storeName } from './night.ts';

const [folder = '', findings = '', head = ''] = process.argv.slice(2);
if (!folder) process.exit();

const { signal } = new AbortController();
const store = await openFilesystem({ folder: join(folder, 'store'), root, now });
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = ownKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const secret = new Uint8Array(32);
const parts: PackParts = {
  ...packParts((text) => keyedDigest(secret, text)),
  journal: {
    flush: () => Promise.resolve(JSON.parse(head) as Head),
    read: (_, period, ending) => readJournal({ store, period, signal: ending }),
    append: () => undefined,
    stored: () => undefined,
    witnessed: () => undefined,
  },
  sources: findingSources,
  folder: join(folder, 'stage'),
  version: '0.1.0',
  now: () => now,
};
const pack = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'EvidencePack',
  metadata: { namespace: 'fleet', name: 'nightly', uid: 'u1' },
  spec: { storeRef: { name: 'main' }, sections: ['Evidence'], signing: { keyRef: { name: 'key' } } },
} as EvidencePack;
const kit: PackKit = {
  pack,
  store,
  storeName,
  cluster: { id: 'c-1' },
  signing: { signer: () => Promise.resolve(key), publicKey: key.publicKey },
  witnesses: () => [],
  read: readerOver([...received(Number(findings))]),
  frameworks,
  unread: [],
};
const order = { uid: 'u1', sequence: 1, period: { start: after(-86_400), end: after(0) }, missed: 0 };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
collect();
collect();
// The highest from here on.
writeFileSync('/proc/self/clear_refs', '5');
const before = resident('VmRSS');
const turns = monitorEventLoopDelay({ resolution: 5 });
turns.enable();
const cpu = process.cpuUsage();
const begun = performance.now();
const made = await makePack(order, kit, parts, signal);
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpu);
turns.disable();
const line = {
  bytes: made.pack.bytes,
  complete: made.pack.complete,
  missing: made.missing.length,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  longestTurnMilliseconds: turns.max / 1e6,
  residentBefore: before,
  moreResident: resident('VmHWM') - before,
};
process.stdout.write(`${JSON.stringify(line)}\n`);

/** As they come from the apiserver. */
function* received(count: number): Iterable<Resource> {
  for (const object of objectsOf(count)) yield JSON.parse(JSON.stringify(object)) as Resource;
}

function resident(field: string): number {
  return bytes(readFileSync('/proc/self/status', 'utf8'), field);
}
