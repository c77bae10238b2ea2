/** Witnesses that are away when packs are made, and add what they attest later: real ones, a real S3 with locks, and all who verify. */
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { EvidencePack } from '../../operator/api/v1alpha1/evidencePack.ts';
import { openS3 } from '../../operator/connect/objectStore/s3.ts';
import type { ObjectStore } from '../../operator/connect/objectStore/types.ts';
import { openSigning } from '../../operator/connect/signing/openSigning.ts';
import type { Service } from '../../operator/connect/signing/services.ts';
import type { Head } from '../../operator/evidence/evidencePack/head.ts';
import type { LateRecord, PackKit, PackParts } from '../../operator/evidence/evidencePack/kit.ts';
import { makePack } from '../../operator/evidence/evidencePack/makePack.ts';
import { Witnessing, type WitnessingState } from '../../operator/evidence/evidencePack/witnessing.ts';
import { gate } from '../../operator/evidence/gate/gate.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree, type VerifyOptions } from '../../operator/evidence/verify/verify.ts';
import { rootsIn } from '../../operator/evidence/verify/witnesses.ts';
import { rfc8785Bytes } from '../../operator/lib/rfc8785.ts';
import type { Reader } from '../../operator/runtime/feature.ts';
import { newKey } from '../evidence/packs.ts';
import { byScript, cosignVerifies } from '../evidence/verifiers.ts';
import { gatewayCredentials, serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';
import { until } from '../operator/until.ts';
import { identity, startSigning, type SigningBed } from '../signing/bed.ts';

const { signal } = new AbortController();
const key = newKey();
let bed: SigningBed;
let gateway: Gateway;
let folder: string;
let count = 0;
let root: string;
let recorded: LateRecord[];

beforeAll(async () => {
  [bed, gateway] = await Promise.all([startSigning(), startGateway()]);
  await gateway.createBucket('audit', 'locked');
  folder = mkdtempSync(join(tmpdir(), 'holdfast-late-'));
  writeFileSync(join(folder, 'key.pub'), key.publicKey);
}, 600_000);

afterAll(async () => {
  await Promise.all([bed.stop(), gateway.stop()]);
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  root = `holdfast.dev/platform/vault-${++count}`;
  recorded = [];
});

/** As many connections as it is opened, since whoever uses it closes it. */
function open(): ObjectStore {
  return openS3({ server: serverAt(gateway.url), bucket: 'audit', root, credentials: gatewayCredentials });
}

const parts: PackParts = {
  journal: {
    flush: () => Promise.resolve(undefined),
    read: () => Readable.from([]) as AsyncIterable<never>,
    append: () => undefined,
    stored: () => undefined,
    witnessed: (_, __, record) => {
      if (!recorded.some((one) => JSON.stringify(one) === JSON.stringify(record))) recorded.push(record);
    },
  },
  sections: [
    { name: 'Evidence', stem: 'evidence', schema: {}, build: () => ({ content: { findings: ['one'] }, missing: [] }) },
  ],
  sources: [],
  write: ({ content }) => ({ chunks: Readable.from([rfc8785Bytes(content)]), records: () => 1 }),
  search: (file) => gate(file, { allow: [], people: new Set() }),
  get folder() {
    return join(folder, 'stage');
  },
  version: '0.1.0',
  now: () => new Date(Date.now()),
};

const away = (service: Service): Service => ({ ...service, url: 'http://127.0.0.1:1/api' });

function kitWith(services: readonly Service[], witnesses: readonly string[], keyless = false): PackKit {
  const signing = openSigning([...services, bed.ca]);
  return {
    pack: {
      metadata: { namespace: 'platform', name: 'nightly', uid: `u${count}` },
      spec: { storeRef: { name: 'vault' }, sections: ['Evidence'], signing: { witnesses } },
    } as unknown as EvidencePack,
    store: open(),
    storeName: { namespace: 'platform', name: 'vault' },
    lock: { mode: 'Governance', retentionDays: 1 },
    cluster: { id: 'c1' },
    signing: keyless
      ? { signer: () => Promise.resolve(signing.keyless('ca', signal)) }
      : { signer: () => Promise.resolve(key), publicKey: key.publicKey },
    witnesses: (ending) => witnesses.map((name) => signing.witness(name, ending)),
    read: {} as Reader,
    frameworks: [],
    unread: [],
  };
}

async function make(kit: PackKit, before?: Head): Promise<Head> {
  const sequence = (before?.pack.sequence ?? 0) + 1;
  const [start, end] = [Date.now() - 60_000 * (10 - sequence), Date.now() - 60_000 * (9 - sequence)];
  const order = {
    ...{ uid: `u${count}`, sequence, missed: 0 },
    ...(before && { previous: { sequence: sequence - 1, digest: before.pack.digest } }),
    period: { start: before?.pack.periodEnd ?? new Date(start).toISOString(), end: new Date(end).toISOString() },
  };
  const made = await makePack(order, kit, parts, signal);
  kit.store.close();
  return made;
}

async function ask(witnessing: Witnessing, last: number, kit: PackKit): Promise<WitnessingState> {
  const uid = `u${count}`;
  witnessing.begin(uid, last, kit);
  return until('witnesses were asked', () => {
    const state = witnessing.stateOf(uid);
    return Promise.resolve(state.isRunning ? undefined : state);
  });
}

async function download(): Promise<string> {
  const copy = join(folder, `copy-${++count}`);
  const store = open();
  for await (const { key: path } of store.list('', {}, signal)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), (await store.get(path, { maxBytes: 1 << 24 }, signal)) ?? '');
  }
  store.close();
  return copy;
}

async function problemsOf(copy: string, options: Partial<VerifyOptions> = {}): Promise<string[]> {
  const roots = rootsIn(readFileSync(bed.trustedRoot, 'utf8'));
  const keys = [createPublicKey(key.publicKey)];
  const { checks } = await verifyTree(folderTree(copy), { keys, roots, ...options });
  const said = checks.find(({ name }) => name === 'Witnesses')?.message ?? '';
  return [said, ...checks.flatMap(({ name, problems }) => problems.map(({ message }) => `${name}: ${message}`))];
}

test('the packs of two nights are attested when the witnesses are back', async () => {
  const dead = [away(bed.tsa), away(bed.log)];
  const witnesses = ['tsa', 'log'];
  const first = await make(kitWith(dead, witnesses));
  expect(first.pack.unwitnessed?.toSorted()).toEqual(['log', 'tsa']);
  const second = await make(kitWith([bed.tsa, away(bed.log)], witnesses), first);
  expect(second.pack.unwitnessed).toEqual(['log']);
  const witnessing = new Witnessing(parts);

  const still = await ask(witnessing, 2, kitWith(dead, witnesses));
  expect(still.found?.lacking).toEqual([
    { sequence: 2, witnesses: ['log'] },
    { sequence: 1, witnesses: ['tsa', 'log'] },
  ]);
  expect(still.found?.silent.map(({ name }) => name).toSorted()).toEqual(['log', 'tsa']);
  expect(still.attempts).toBe(1);

  const half = await ask(witnessing, 2, kitWith([bed.tsa, away(bed.log)], witnesses));
  expect(half.found?.lacking.map(({ witnesses: names }) => names)).toEqual([['log'], ['log']]);
  const all = await ask(witnessing, 2, kitWith([bed.tsa, bed.log], witnesses));
  expect(all).toMatchObject({ attempts: 0, found: { lacking: [], silent: [], foreign: [], unread: 0 } });
  expect(recorded.map(({ sequence, witness }) => `${sequence} ${witness}`)).toEqual(['1 tsa', '2 log', '1 log']);

  const store = open();
  const late = ['00000001.log', '00000001.tsa', '00000002.log'].map((name) => `packs/nightly/${name}.sigstore.json`);
  for (const file of late)
    expect(await store.head(file, {}, signal)).toMatchObject({ retention: { mode: 'Governance' } });
  store.close();

  const copy = await download();
  expect(await problemsOf(copy)).toEqual(['2 of 2 have a timestamp of an authority']);
  expect(await byScript(copy, join(folder, 'key.pub'))).toMatchObject({ isVerified: true });
  const { predicate } = JSON.parse(
    Buffer.from(
      (JSON.parse(readFileSync(join(copy, late[0]!), 'utf8')) as { dsseEnvelope: { payload: string } }).dsseEnvelope
        .payload,
      'base64',
    ).toString(),
  ) as { predicate: { folder: string; files: { name: string }[] } };
  const file = join(copy, 'packs/nightly', predicate.folder, predicate.files[0]!.name);
  const trust = ['--key', join(folder, 'key.pub'), '--trusted-root', bed.trustedRoot];
  expect(await cosignVerifies(join(copy, late[0]!), trust, file)).toMatchObject({ isVerified: true });
  expect(
    await cosignVerifies(
      join(copy, late[1]!),
      [...trust, '--use-signed-timestamps', '--insecure-ignore-tlog=true'],
      file,
    ),
  ).toMatchObject({ isVerified: true });

  // A new process finds nothing to do, by reading the store.
  const again = await ask(new Witnessing(parts), 2, kitWith(dead, witnesses));
  expect(again.found).toEqual({ lacking: [], silent: [], foreign: [], unread: 0 });
  expect(recorded).toHaveLength(3);
}, 240_000);

test('without a key, a pack needs its timestamp at once, and its entry of a log can come later', async () => {
  const witnesses = ['tsa', 'log'];
  await expect(make(kitWith([away(bed.tsa), bed.log], witnesses, true))).rejects.toMatchObject({
    reason: 'NotWitnessed',
  });
  const head = await make(kitWith([bed.tsa, away(bed.log)], witnesses, true));
  expect(head.pack.unwitnessed).toEqual(['log']);
  const state = await ask(new Witnessing(parts), 1, kitWith([bed.tsa, bed.log], witnesses, true));
  expect(state.found).toEqual({ lacking: [], silent: [], foreign: [], unread: 0 });
  const copy = await download();
  const wanted = { identity, issuer: bed.issuer.url };
  expect(await problemsOf(copy, { keys: [], identity: wanted })).toEqual(['1 of 1 have a timestamp of an authority']);
}, 240_000);
