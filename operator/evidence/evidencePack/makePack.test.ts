/** Packs in a real folder, and what is left when a write to the store fails or its answer is lost. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import { openFilesystem } from '../../connect/objectStore/filesystem.ts';
import { StoreError, type ObjectStore } from '../../connect/objectStore/types.ts';
import { ownKey } from '../../connect/signing/ownKey.ts';
import { rfc8785Bytes } from '../../lib/rfc8785.ts';
import { sha256 } from '../../lib/digest.ts';
import type { Reader } from '../../runtime/feature.ts';
import { gate } from '../gate/gate.ts';
import type { Section, SectionDocument } from '../sections/section.ts';
import { MOST_BUNDLE_BYTES, PACK_PREDICATE, PAYLOAD_TYPE, type PackStatement } from '../statement/types.ts';
import { folderTree } from '../verify/folderTree.ts';
import { verifyTree } from '../verify/verify.ts';
import type { PackOrder } from './world.ts';
import type { Head } from './head.ts';
import type { PackJournal, PackKit, PackParts } from './kit.ts';
import { makePack } from './makePack.ts';
import { readChain } from './readChain.ts';
import { readHead } from './readHead.ts';
import { storeKeys } from './storeKeys.ts';

let folder: string;
let store: ObjectStore;
const now = new Date('2026-11-27T02:00:07Z');
const { signal } = new AbortController();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
  store = await openFilesystem({ folder: join(folder, 'store'), root: 'holdfast.dev/audit/nightly', now });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return ownKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}
const key = newKey();

function section(name: Section['name'], content: () => SectionDocument): Section {
  return { name, stem: name.toLowerCase(), schema: {}, build: content };
}

const evidence = section('Evidence', () => ({ content: { findings: ['one'] }, missing: [] }));

const noJournal: PackJournal = {
  flush: () => Promise.resolve(undefined),
  read: () => Readable.from([]) as AsyncIterable<never>,
  append: () => undefined,
  stored: () => undefined,
  witnessed: () => undefined,
};

function parts(changes: Partial<PackParts> = {}): PackParts {
  return {
    journal: noJournal,
    sections: [evidence],
    sources: [],
    write: ({ content }) => ({ chunks: Readable.from([rfc8785Bytes(content)]), records: () => 1 }),
    search: (file) => gate(file, { allow: [], people: new Set() }),
    folder: join(folder, 'stage'),
    version: '0.1.0',
    now: () => now,
    ...changes,
  };
}

function kit(changes: Partial<PackKit> = {}, spec: Partial<EvidencePack['spec']> = {}): PackKit {
  const pack = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'EvidencePack',
    metadata: { namespace: 'audit', name: 'nightly', uid: 'u1' },
    spec: { storeRef: { name: 'nightly' }, sections: ['Evidence'], signing: { keyRef: { name: 'key' } }, ...spec },
  } as EvidencePack;
  return {
    pack,
    store,
    storeName: { namespace: 'audit', name: 'nightly' },
    cluster: { id: 'c1' },
    signing: { signer: () => Promise.resolve(key), publicKey: key.publicKey },
    witnesses: () => [],
    read: {} as Reader,
    frameworks: [],
    unread: [],
    ...changes,
  };
}

const order = (sequence: number, previous?: PackOrder['previous']): PackOrder => ({
  uid: 'u1',
  sequence,
  ...(previous && { previous }),
  period: { start: '2026-11-26T02:00:00Z', end: '2026-11-27T02:00:00Z' },
  missed: 0,
  schedule: { cron: '0 2 * * *', timeZone: 'Etc/UTC', seconds: 86_400 },
});

const files = (): string[] =>
  readdirSync(join(folder, 'store'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).split('/audit/nightly/')[1]!)
    .sort();

async function statementOf(sequence: number): Promise<PackStatement | undefined> {
  return (await readHead(store, 'nightly', sequence, signal))?.statement;
}

/** Of the store as an auditor has it, who has the first key. */
async function verdict(): Promise<{ is: string; problems: string[] }> {
  const tree = folderTree(join(folder, 'store/holdfast.dev/audit/nightly'));
  const { is, checks } = await verifyTree(tree, { keys: [createPublicKey(key.publicKey)] });
  return { is, problems: checks.flatMap(({ problems }) => problems.map(({ message }) => message)) };
}

test('a pack is files, a key, a list of keys and a bundle', async () => {
  const head = await makePack(order(1), kit(), parts(), signal);
  const hex = Buffer.from(key.hint, 'base64').toString('hex');
  const { folder: content } = (await statementOf(1))!.predicate;
  expect(files()).toEqual(
    [
      'keys/' + hex + '.pub',
      'keys/manifest-00000001.sigstore.json',
      'packs/nightly/00000001.sigstore.json',
      `packs/nightly/${content}/evidence-20261127.json`,
    ].sort(),
  );
  expect(head.pack).toMatchObject({ sequence: 1, complete: true, periodEnd: '2026-11-27T02:00:00Z' });
  expect(readdirSync(join(folder, 'stage', 'u1'))).toEqual([]);
});

test('a pack names the one before', async () => {
  const first = await makePack(order(1), kit(), parts(), signal);
  await makePack(order(2, { sequence: 1, digest: first.pack.digest }), kit(), parts(), signal);
  const statement = await statementOf(2);
  expect(statement?.predicate.previous).toEqual({ sequence: 1, digest: { sha256: first.pack.digest.slice(7) } });
  expect(statement?.predicate.key).toEqual({ hint: key.hint, manifest: 1 });
});

test('a section that fails makes a partial pack, which says what it lacks', async () => {
  const broken = section('Slo', () => {
    throw new Error('prometheus does not respond');
  });
  const sections = [evidence, broken];
  const wanted = kit({}, { sections: ['Evidence', 'Slo', 'Cost'] });
  const head = await makePack(order(1), wanted, parts({ sections }), signal);
  expect(head.pack.complete).toBe(false);
  expect(head.missing).toEqual([
    { what: 'section Slo', reason: 'prometheus does not respond' },
    { what: 'section Cost', reason: 'this version of Holdfast cannot make it' },
  ]);
});

test('a journal that cannot be stored makes a partial pack', async () => {
  const journal = { ...noJournal, flush: () => Promise.reject(new Error('the store is away')) };
  const head = await makePack(order(1), kit(), parts({ journal }), signal);
  expect(head.missing).toEqual([{ what: 'journal', reason: 'the store is away' }]);
});

test('what may be a secret prevents the pack, and nothing of it is stored', async () => {
  const leaking = section('Evidence', () => ({
    content: { findings: [{ found: `AKIA${'QWERTYUIOPASDFGH'}` }] },
    missing: [],
  }));
  await expect(makePack(order(1), kit(), parts({ sections: [leaking] }), signal)).rejects.toMatchObject({
    reason: 'SecretFound',
    needsPerson: true,
    message: expect.stringContaining('$.findings[0].found') as unknown,
  });
  expect(files()).toEqual([]);
});

describe('of two that make the same number', () => {
  test('the first one counts, and the other one learns of it', async () => {
    const other = section('Evidence', () => ({ content: { findings: ['other'] }, missing: [] }));
    const first = await makePack(order(1), kit(), parts(), signal);
    const second = await makePack(order(1), kit(), parts({ sections: [other] }), signal);
    expect(second.pack.digest).toBe(first.pack.digest);
    expect(files().filter((name) => name.endsWith('.sigstore.json') && name.startsWith('packs/'))).toHaveLength(1);
  });
});

function bundleOf(statement: object): Buffer {
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  return Buffer.from(JSON.stringify({ dsseEnvelope: { payload, payloadType: PAYLOAD_TYPE, signatures: [] } }));
}

describe('what someone else stored', () => {
  const stranger = newKey();
  const theirs = (): PackKit =>
    kit(
      { signing: { signer: () => Promise.resolve(stranger), publicKey: stranger.publicKey } },
      { signing: { keyRef: { name: 'key', unendorsed: 'mine' } } },
    );
  const chain = (status?: object) =>
    readChain(store, { metadata: kit().pack.metadata, ...(status && { status }) }, kit().signing, signal);
  const putBundle = (sequence: number, bytes: Uint8Array) =>
    store.put(
      `packs/nightly/${String(sequence).padStart(8, '0')}.sigstore.json`,
      bytes,
      { contentType: 'application/json' },
      signal,
    );

  test('with another key does not continue the chain, nor does what has a number far beyond', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    await makePack(order(2, { sequence: 1, digest: first.pack.digest }), theirs(), parts(), signal);
    expect(await chain()).toMatchObject({ head: { pack: { sequence: 1 } }, foreign: [{ sequence: 2 }] });
    await putBundle(99_999_999, Buffer.from('{}'));
    expect(await chain({ last: first.pack })).toMatchObject({
      head: { pack: { sequence: 1 } },
      foreign: [{ sequence: 2 }, { sequence: 99_999_999 }],
    });
  });

  test('that cannot be read is none of ours', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    await putBundle(2, Buffer.from('nonsense'));
    expect(await chain({ last: first.pack })).toMatchObject({
      head: { pack: { sequence: 1 } },
      foreign: [{ sequence: 2 }],
    });
  });

  test('with our key, but in another place of the chain, does not continue it', async () => {
    await makePack(order(1), kit(), parts(), signal);
    await makePack(order(2, { sequence: 1, digest: `sha256:${'0'.repeat(64)}` }), kit(), parts(), signal);
    expect(await chain()).toMatchObject({ head: { pack: { sequence: 1 } }, foreign: [{ sequence: 2 }] });
  });

  test('at the next number is not taken for ours', async () => {
    await makePack(order(1), theirs(), parts(), signal);
    await expect(
      makePack(order(1), kit({}, { signing: { keyRef: { name: 'key', unendorsed: 'mine' } } }), parts(), signal),
    ).rejects.toMatchObject({
      reason: 'PackForeign',
      needsPerson: true,
    });
  });

  test('of another EvidencePack with the same key is not ours', async () => {
    const other = kit();
    const weekly = { ...other.pack, metadata: { ...other.pack.metadata, name: 'weekly' } };
    await makePack(order(1), { ...other, pack: weekly }, parts(), signal);
    const copied = await store.get('packs/weekly/00000001.sigstore.json', { maxBytes: MOST_BUNDLE_BYTES }, signal);
    await putBundle(1, copied!);
    expect(await chain()).toMatchObject({ head: undefined, foreign: [{ sequence: 1 }] });
    await expect(makePack(order(1), kit(), parts(), signal)).rejects.toMatchObject({ reason: 'PackForeign' });
  });

  test('with our key at the next number, but following another one, is not taken for ours', async () => {
    await makePack(order(2, { sequence: 1, digest: `sha256:${'0'.repeat(64)}` }), kit(), parts(), signal);
    const previous = { sequence: 1, digest: `sha256:${'1'.repeat(64)}` };
    await expect(makePack(order(2, previous), kit(), parts(), signal)).rejects.toMatchObject({ reason: 'PackForeign' });
  });

  test.each([
    ['is longer than any bundle', Buffer.alloc((8 << 20) + 1, ' ')],
    ['has a statement without its fields', bundleOf({ predicateType: PACK_PREDICATE, predicate: { sequence: 2 } })],
    ['has no predicate', bundleOf({ predicateType: PACK_PREDICATE })],
  ])('that %s stops nothing', async (_, bytes) => {
    const first = await makePack(order(1), kit(), parts(), signal);
    await putBundle(2, bytes);
    expect(await chain({ last: first.pack })).toMatchObject({
      head: { pack: { sequence: 1 } },
      foreign: [{ sequence: 2 }],
    });
  });

  test('is told apart from a store that does not respond', async () => {
    await makePack(order(1), kit(), parts(), signal);
    const error = new StoreError('Unavailable', 'the store does not respond');
    const silent = { ...failing(0, 'before').store, head: () => Promise.reject(error) };
    await expect(readChain(silent, kit().pack, kit().signing, signal)).rejects.toBe(error);
  });

  describe('and a key that was replaced', () => {
    const next = newKey();
    const signing = { signer: () => Promise.resolve(next), publicKey: next.publicKey };
    const withNext = (more: object = {}, spec: Partial<EvidencePack['spec']> = {}) =>
      kit({ signing: { ...signing, ...more } }, spec);
    const heads = () => readChain(store, { metadata: kit().pack.metadata }, signing, signal);

    test('of which the lists of keys say that it was ours: its packs are', async () => {
      const first = await makePack(order(1), kit(), parts(), signal);
      const spec = { signing: { keyRef: { name: 'key', unendorsed: 'lost' } } };
      const { keys } = await readChain(store, kit().pack, kit().signing, signal);
      const pinned = { pinned: keys!.pin! };
      await makePack(order(2, { sequence: 1, digest: first.pack.digest }), withNext(pinned, spec), parts(), signal);
      expect(await heads()).toMatchObject({ head: { pack: { sequence: 2 } } });
    });

    test('of which a list of a stranger says so: its packs are not', async () => {
      await makePack(order(1), theirs(), parts(), signal);
      expect(await heads()).toMatchObject({ head: undefined, foreign: [{ sequence: 1 }], keys: { foreign: [1] } });
    });
  });

  describe('and cannot be removed', () => {
    async function skipped(): Promise<{ first: Head; digest: string }> {
      const first = await makePack(order(1), kit(), parts(), signal);
      await putBundle(2, Buffer.from('nonsense'));
      const { foreign } = await chain({ last: first.pack });
      expect(foreign).toEqual([{ sequence: 2, isSigned: false, digest: `sha256:${sha256('nonsense')}` }]);
      const previous = { sequence: 1, digest: first.pack.digest };
      const declared = { sequence: 2, digest: foreign![0]!.digest!, reason: 'locked by a stranger' };
      await makePack({ ...order(3, previous), skipped: [declared] }, kit(), parts(), signal);
      return { first, digest: foreign![0]!.digest! };
    }

    test('is skipped by the next pack, which says so, and the chain continues', async () => {
      const { digest, first } = await skipped();
      expect((await statementOf(3))?.predicate).toMatchObject({
        previous: { sequence: 1 },
        skipped: [{ sequence: 2, digest: { sha256: digest.slice(7) }, reason: 'locked by a stranger' }],
      });
      // From the last that was remembered, and from the beginning.
      for (const status of [{ last: first.pack }, {}])
        expect(await chain(status)).toMatchObject({ head: { pack: { sequence: 3 } } });
      expect((await chain()).foreign).toBeUndefined();
      const third = (await chain()).head!.pack;
      await makePack(order(4, { sequence: 3, digest: third.digest }), kit(), parts(), signal);
      expect(await chain({ last: third })).toMatchObject({ head: { pack: { sequence: 4 } } });
    });

    test('a pack of a stranger that says the same skips nothing', async () => {
      const first = await makePack(order(1), kit(), parts(), signal);
      await makePack(order(2, { sequence: 1, digest: first.pack.digest }), kit(), parts(), signal);
      const declared = { sequence: 2, digest: `sha256:${'a'.repeat(64)}`, reason: 'x' };
      const stolen = { ...order(3, { sequence: 1, digest: first.pack.digest }), skipped: [declared] };
      await makePack(stolen, theirs(), parts(), signal);
      expect(await chain()).toMatchObject({ head: { pack: { sequence: 2 } }, foreign: [{ sequence: 3 }] });
    });
  });

  test('ours continue it', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    await makePack(order(2, { sequence: 1, digest: first.pack.digest }), kit(), parts(), signal);
    expect(await chain()).toMatchObject({ head: { pack: { sequence: 2 } } });
    expect((await chain()).foreign).toBeUndefined();
  });
});

describe('keys', () => {
  const next = newKey();
  const rotated = (changes: object = {}, spec: Partial<EvidencePack['spec']> = {}): PackKit =>
    kit({ signing: { signer: () => Promise.resolve(next), publicKey: next.publicKey, ...changes } }, spec);

  test('a new key that the one before does not endorse is refused', async () => {
    await makePack(order(1), kit(), parts(), signal);
    await expect(
      makePack(order(2, { sequence: 1, digest: `sha256:${'0'.repeat(64)}` }), rotated(), parts(), signal),
    ).rejects.toMatchObject({
      reason: 'KeyNotEndorsed',
      needsPerson: true,
    });
  });

  const at = (seconds: number): PackParts => parts({ now: () => new Date(now.getTime() + seconds * 1000) });
  const fileOf = ({ hint }: { hint: string }): string => `keys/${Buffer.from(hint, 'base64').toString('hex')}.pub`;

  test('one that it endorses is listed, and the one before is valid for as long as a pack may take', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    const previous = { sequence: 1, digest: first.pack.digest };
    const second = await makePack(order(2, previous), rotated({ previous: key }), parts(), signal);
    expect((await statementOf(2))?.predicate.key).toEqual({ hint: next.hint, manifest: 2 });
    const then = { sequence: 2, digest: second.pack.digest };
    await expect(makePack(order(3, then), kit(), at(900), signal)).rejects.toMatchObject({ reason: 'KeyNotValid' });
    await makePack(order(3, then), kit(), at(899), signal);
    expect((await statementOf(3))?.predicate.key).toEqual({ hint: key.hint, manifest: 2 });
  });

  test('of two that are first at the same time, the list of one counts, and nothing is left of the other', async () => {
    const other = newKey();
    const weekly = kit({ signing: { signer: () => Promise.resolve(other), publicKey: other.publicKey } });
    const put: ObjectStore['put'] = async (name, ...given) => {
      if (name === 'keys/manifest-00000001.sigstore.json')
        await makePack(
          order(1),
          { ...weekly, pack: { ...weekly.pack, metadata: { ...weekly.pack.metadata, name: 'weekly' } } },
          parts(),
          signal,
        );
      return store.put(name, ...given);
    };
    const slow = { ...failing(0, 'before').store, put };
    await expect(makePack(order(1), kit({ store: slow }), parts(), signal)).rejects.toMatchObject({
      reason: 'KeyNotEndorsed',
    });
    expect(files()).toContain(fileOf(other));
    // Verification refuses a key that is in no list, and what is locked stays.
    expect(files()).not.toContain(fileOf(key));
  });

  test('of two that follow at the same time, the second follows the first', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    const other = newKey();
    const signing = { signer: () => Promise.resolve(other), publicKey: other.publicKey, previous: key };
    let time = now.getTime();
    const later = parts({ now: () => new Date((time += 10)) });
    const put: ObjectStore['put'] = async (name, ...given) => {
      if (name === 'keys/manifest-00000002.sigstore.json')
        await storeKeys({ kit: kit({ signing }), now: later.now }, signal);
      return store.put(name, ...given);
    };
    const slow = { ...failing(0, 'before').store, put };
    const wanted = rotated({ previous: key });
    await makePack(order(2, { sequence: 1, digest: first.pack.digest }), { ...wanted, store: slow }, later, signal);
    expect((await statementOf(2))?.predicate.key).toEqual({ hint: next.hint, manifest: 3 });
    expect(await verdict()).toEqual({ is: 'Verified', problems: [] });
  });

  test('lists that a stranger put behind ours, or in the place of the next, are none, and hold up nothing', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    const list = await store.get('keys/manifest-00000001.sigstore.json', { maxBytes: 1 << 20 }, signal);
    const plant = (number: string, bytes: Uint8Array) =>
      store.put(`keys/manifest-${number}.sigstore.json`, bytes, { contentType: 'application/json' }, signal);
    await plant('00000009', list!);
    const second = await makePack(order(2, { sequence: 1, digest: first.pack.digest }), kit(), parts(), signal);
    expect((await statementOf(2))?.predicate.key).toEqual({ hint: key.hint, manifest: 2 });
    await plant('00000003', Buffer.from('{}'));
    const third = order(3, { sequence: 2, digest: second.pack.digest });
    await makePack(third, rotated({ previous: key }), parts(), signal);
    expect((await statementOf(3))?.predicate.key).toEqual({ hint: next.hint, manifest: 4 });
    expect(await verdict()).toEqual({ is: 'Verified', problems: [] });
  });

  test('with a clock that is behind those that wrote the lists, nothing is written that would be refused for ever', async () => {
    const first = await makePack(order(1), kit(), at(7200), signal);
    const previous = { sequence: 1, digest: first.pack.digest };
    for (const one of [kit(), rotated({ previous: key })])
      await expect(makePack(order(2, previous), one, parts(), signal)).rejects.toMatchObject({
        reason: 'ClockBehind',
        needsPerson: false,
        message: expect.stringMatching(
          /are of 2026-11-27T04:00:07\.000Z, and the clock .* has 2026-11-27T02:00:07\.000Z; set the clock/,
        ),
      });
    expect(files().filter((name) => name.startsWith('keys/'))).toHaveLength(2);
  });

  test('one that is lost is replaced when a person says so', async () => {
    const first = await makePack(order(1), kit(), parts(), signal);
    const spec = { signing: { keyRef: { name: 'key', unendorsed: 'lost with the old cluster' } } };
    await makePack(order(2, { sequence: 1, digest: first.pack.digest }), rotated({}, spec), parts(), signal);
    expect((await statementOf(2))?.predicate.key.hint).toBe(next.hint);
  });
});

/** A store of which one write, by its number, fails before it is done, or after. */
function failing(at: number, when: 'before' | 'after'): { store: ObjectStore; writes: () => number } {
  let writes = 0;
  const put: ObjectStore['put'] = async (...given) => {
    writes += 1;
    const fails = writes === at;
    if (fails && when === 'before') throw new StoreError('Unavailable', 'the store does not respond');
    const stored = await store.put(...given);
    if (fails) throw new StoreError('Unavailable', 'the answer was lost');
    return stored;
  };
  const reads: Omit<ObjectStore, 'put'> = {
    get: (...given) => store.get(...given),
    stream: (...given) => store.stream(...given),
    head: (...given) => store.head(...given),
    list: (...given) => store.list(...given),
    remove: (...given) => store.remove(...given),
    hold: (...given) => store.hold(...given),
    close: () => store.close(),
  };
  return { store: { ...reads, put }, writes: () => writes };
}

describe.each(['before', 'after'] as const)('a write that fails %s it is done', (when) => {
  test.each([1, 2, 3, 4])(
    'write %d: there is one complete pack after the next attempt, and never half of one',
    async (at) => {
      const broken = failing(at, when);
      await expect(makePack(order(1), kit({ store: broken.store }), parts(), signal)).rejects.toMatchObject({
        reason: 'StoreUnavailable',
        needsPerson: false,
      });
      expect(broken.writes()).toBe(at);
      const late = section('Evidence', () => ({ content: { findings: ['later'] }, missing: [] }));
      const head = await makePack(order(1), kit(), parts({ sections: [late] }), signal);
      const { predicate, subject } = (await statementOf(1))!;
      expect(head.pack.sequence).toBe(1);
      for (const { name, digest } of subject) {
        const stored = await store.head(`packs/nightly/${predicate.folder}/${name}`, {}, signal);
        expect(stored?.sha256).toBe(digest.sha256);
      }
      expect(
        readFileSync(join(folder, 'store/holdfast.dev/audit/nightly/packs/nightly/00000001.sigstore.json'), 'utf8'),
      ).toContain('dsseEnvelope');
      expect(files().filter((name) => /^packs\/nightly\/\d{8}\.sigstore\.json$/.test(name))).toHaveLength(1);
    },
  );
});
