/** Evidence of the operator as a process of its own, in a real S3 with object lock: however it falls, each pack is there once, and is verified. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EvidenceStore } from '../../operator/api/v1alpha1/evidenceStore.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import { createAuthority, issueCertificate } from '../cluster/certificates.ts';
import { atWrite, Chain, nameOf, type Kill } from '../evidence/kills.ts';
import { startProcessBed, storeOf, type ProcessBed } from '../evidence/processBed.ts';
import { byCosign, byScript } from '../evidence/verifiers.ts';
import { problemsOf } from '../evidence/wholeness.ts';
import type { Fault } from '../objectStore/faultProxy.ts';
import type { Gateway } from '../objectStore/gateway.ts';
import { conditionOf } from '../operator/bed.ts';
import { home } from '../operator/clusterOnly.ts';
import { until } from '../operator/until.ts';

let bed: ProcessBed;
let chain: Chain;
let certificates = '';

beforeAll(async () => {
  certificates = mkdtempSync(join(tmpdir(), 'holdfast-certificates-'));
  bed = await startProcessBed({ stores });
  chain = new Chain(bed);
}, 900_000);

afterAll(async () => {
  await bed.stop();
  rmSync(certificates, { recursive: true });
}, 60_000);

/** The same S3 over TLS: `sealed`, and `strange`, whose certificate is of an authority that is not trusted. */
async function stores(gateway: Gateway): Promise<Record<string, object>> {
  const [own, other] = await Promise.all(
    ['own', 'other'].map(async (name) => {
      mkdirSync(join(certificates, name));
      return createAuthority(join(certificates, name));
    }),
  );
  const endpoint = await gateway.serveTls(
    await issueCertificate(own!, { file: 's3', commonName: 's3', usage: 'server' }),
  );
  const at = (caFile: string) => ({ s3: { endpoint, region: 'us-east-1', caFile } });
  return { sealed: at(own!.certificate), strange: at(other!.certificate) };
}

test('packs follow one another, and three verifiers verify a copy of the store', async () => {
  await chain.next();
  await chain.next();
  const folder = await bed.download();
  const key = join(bed.folder, 'evidence.pub');
  writeFileSync(key, bed.key.public);
  expect(await byScript(folder, key)).toMatchObject({ isVerified: true });
  expect(await byCosign(folder, key)).toMatchObject({ isVerified: true });
  expect(readdirSync(join(folder, 'keys'))).toHaveLength(2);
});

test.each<[string, string, Fault]>([
  ['in the middle of an upload', 'packs/nightly/*/evidence-*.json', { do: 'cut', afterBytes: 200 }],
  ['after all of an upload, before it is answered', 'packs/nightly/*/policy-*.json', { do: 'loseReply' }],
  ['in the middle of a segment of the journal', 'journal/*.ndjson', { do: 'cut', afterBytes: 50 }],
  ['after all of the bundle, before it is answered', 'packs/nightly/*.sigstore.json', { do: 'loseReply' }],
])('a connection that is cut %s makes no difference', (_, write, fault) => chain.nextWith(atWrite(write, fault)));

test('over TLS, with a private certificate authority, packs are stored as well; without it, that is told', async () => {
  const { kubectl } = bed.cluster;
  await kubectl.apply(storeOf('sealed', 'sealed'), storeOf('strange', 'strange'));
  const ready = (name: string, status: string) =>
    until(`${name} is Ready: ${status}`, async () => {
      const condition = conditionOf(await kubectl.get<EvidenceStore>('evidencestore', name, home), 'Ready');
      return condition?.status === status ? condition : undefined;
    });
  await ready('sealed', 'True');
  await bed.due('sealed', { storeRef: { name: 'sealed' } });
  const { status } = await bed.stored(1, 'sealed');
  expect(status?.last?.uri).toMatch(/^s3:\/\/audit\/prod\/holdfast\.dev\/platform\/sealed\/packs\/sealed\/00000001\./);
  expect((await ready('strange', 'False')).message).toMatch(
    /has a certificate that is not trusted; ask whoever installs the operator to correct `caFile`/,
  );
});

// All of them: `make faults NAME=evidence`.
const kills: readonly Kill[] = [
  { write: 'journal/*.ndjson', nth: 1, when: 'before' },
  { write: 'keys/manifest-*.sigstore.json', nth: 1, when: 'after' },
  { write: 'packs/nightly/*/policy-*.json', nth: 1, when: 'after' },
  { write: 'packs/nightly/*.sigstore.json', nth: 1, when: 'after', isDiskLost: true },
];

test.each(kills.map((kill) => [nameOf(kill), kill] as const))(
  'killed %s, it makes the pack once',
  async (_, kill) => {
    if (kill.write.startsWith('keys/')) await chain.rotate();
    expect(await chain.killedAt(kill)).toBe(true);
  },
  180_000,
);

test('nothing is missing then, and nothing is there twice', async () => {
  const folder = await bed.download();
  const packs = { nightly: chain.count };
  // The last one was killed before the journal had that the one before is stored.
  const unrecorded = [chain.count - 1];
  const wanted = { bucket: bed.bucket, folder, key: bed.key.public, packs, turns: bed.turns, unrecorded };
  expect(await problemsOf(wanted)).toEqual([]);
});

test('what is found otherwise when it is started again makes another pack, and what was begun is not evidence', async () => {
  const kill = { write: 'packs/nightly/*/evidence-*.json', nth: 1, when: 'after' } as const;
  expect(await chain.killedAt({ ...kill, meanwhile: () => bed.turnUnseen() })).toBe(true);
  const folder = await bed.download();
  const found = readdirSync(join(folder, 'packs/nightly')).filter((name) => /^\d{8}-/.test(name));
  const ofLast = found.filter((name) => Number(name.slice(0, 8)) === chain.count);
  expect(ofLast).toHaveLength(2);
  const { checks, is } = await verifyTree(folderTree(folder), { keys: [createPublicKey(bed.key.public)] });
  expect(is).toBe('Partial');
  expect(checks.flatMap(({ problems }) => problems)).toEqual([
    {
      where: expect.stringMatching(/^packs\/nightly\/\d{8}-[0-9a-f]{12}$/),
      is: 'Partial',
      message: 'it is of an attempt that was not signed, and not evidence',
    },
  ]);
  await bed.turn();
  await bed.due();
  await bed.stored(++chain.count);
}, 180_000);
