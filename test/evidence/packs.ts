/** Stores of evidence in a folder, as the operator makes them: for tests that change something in one, and see who notices. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownKey, type OwnKey } from '../../operator/connect/signing/ownKey.ts';
import type { EvidenceSigner, EvidenceWitness } from '../../operator/connect/signing/types.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { rfc8785 } from '../../operator/lib/rfc8785.ts';
import { firstKeys, type SignedKeys } from '../../operator/evidence/statement/keyLife.ts';
import { keysStatement } from '../../operator/evidence/statement/keysStatement.ts';
import { bundleName, keyFileName, manifestName } from '../../operator/evidence/statement/names.ts';
import { segmentName } from '../../operator/evidence/journal/segment.ts';
import { packStatement, type PackFacts } from '../../operator/evidence/statement/packStatement.ts';
import { signStatement } from '../../operator/evidence/statement/signStatement.ts';
import type { AnyStatement, KeysPredicate, PackFile, PackStatement } from '../../operator/evidence/statement/types.ts';

export const cluster = { id: '6f1c2c6e-0c39-4c7b-9d1a-6a4b5f3a2b10' };
export const store = { namespace: 'platform', name: 'vault' };
const DAY = 86_400_000;
const begin = Date.parse('2026-11-01T02:00:00Z');

export function newKey(): OwnKey {
  return ownKey(pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey));
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** When pack `number` was signed. */
export function signedAt(number: number): Date {
  return new Date(begin + number * DAY + 90_000);
}

export interface MadePack {
  readonly statement: PackStatement;
  readonly digest: string;
  readonly bundle: Buffer;
}

export interface Made {
  readonly folder: string;
  readonly key: OwnKey;
  readonly packs: readonly MadePack[];
  readonly manifest: SignedKeys;
  /** Digests of the segments of the journal. */
  readonly segments: readonly string[];
}

export interface PackChoice {
  readonly number: number;
  readonly previous?: MadePack;
  readonly segment?: string;
  readonly signer: EvidenceSigner;
  readonly witnesses?: readonly EvidenceWitness[];
  /** What is other than usual. */
  readonly facts?: Partial<PackFacts>;
  /** What the files are, by stem. */
  readonly contents?: Readonly<Record<string, string>>;
}

/** `packs/nightly` with packs from 1, a journal of a segment for each, a list of keys. */
export async function makeStore(folder: string, count = 4, key = newKey()): Promise<Made> {
  await write(folder, 'store.json', rfc8785({ cluster, ...store, created: new Date(begin).toISOString() }));
  const manifest = await addManifest(folder, firstKeys({ store, cluster }, key, new Date(begin)), key);
  const packs: MadePack[] = [];
  const segments: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    segments.push(await addSegment(folder, number, segments.at(-1)));
    const previous = packs.at(-1);
    packs.push(
      await addPack(folder, { number, signer: key, segment: segments.at(-1)!, ...(previous && { previous }) }),
    );
  }
  return { folder, key, packs, manifest, segments };
}

export async function addPack(folder: string, choice: PackChoice, place = 'packs/nightly'): Promise<MadePack> {
  const { number, signer, witnesses } = choice;
  const contents = choice.contents ?? {
    evidence: rfc8785({ findings: [{ check: 'sshd', number }] }),
    policy: rfc8785({ controls: [], number }),
  };
  const statement = statementOf(choice, contents);
  for (const [stem, text] of Object.entries(contents))
    await write(folder, `${place}/${statement.predicate.folder}/${nameOf(stem, number)}`, text);
  const { bundle, digest } = await signStatement(statement, signer, witnesses);
  await write(folder, `${place}/${bundleName(number)}`, bundle);
  return { statement, bundle, digest: digest.sha256 };
}

function nameOf(stem: string, number: number): string {
  return `${stem}-${signedAt(number).toISOString().slice(0, 10).replaceAll('-', '')}.json`;
}

export function statementOf(
  { number, previous, segment, signer, facts }: PackChoice,
  contents: Readonly<Record<string, string>>,
): PackStatement {
  const files = Object.entries(contents).map(([stem, text]): PackFile => ({
    name: nameOf(stem, number),
    section: stem === 'policy' ? 'Policy' : 'Evidence',
    mediaType: 'application/json',
    size: Buffer.byteLength(text),
    digest: { sha256: sha256(text) },
    status: 'complete',
    records: 1,
  }));
  return packStatement({
    pack: { namespace: 'platform', name: 'nightly', uid: '1b4e28ba-2fa1-11d2-883f-0016d3cca427' },
    store,
    cluster,
    version: '0.1.0',
    sequence: number,
    ...(previous && { previous: { sequence: number - 1, digest: { sha256: previous.digest } } }),
    period: {
      start: new Date(begin + (number - 1) * DAY).toISOString(),
      end: new Date(begin + number * DAY).toISOString(),
    },
    time: signedAt(number).toISOString(),
    schedule: { cron: '0 2 * * *', timeZone: 'UTC', seconds: 86_400 },
    expected: ['Evidence', 'Policy'],
    files,
    ...(segment !== undefined && {
      journal: { first: number, last: number, entries: 2, digest: { sha256: segment } },
    }),
    key: { hint: signer.hint, manifest: 1 },
    retention: { class: 'Audit', mode: 'None' },
    ...facts,
  });
}

/** Two entries. Returns its digest. */
export async function addSegment(folder: string, number: number, previous: string | undefined): Promise<string> {
  const time = signedAt(number).toISOString();
  const firstEntry = (number - 1) * 2 + 1;
  const lines = [
    { segment: { number, ...(previous !== undefined && { previous }), store, cluster, openedTime: time, firstEntry } },
    ...[0, 1].map((at) => ({
      sequence: firstEntry + at,
      time,
      event: 'FindingOpened',
      object: { kind: 'DeviceBaseline', namespace: 'platform', name: `rhel-${at}` },
    })),
    { closed: { time, entries: 2 } },
  ];
  const text = lines.map((line) => `${rfc8785(line)}\n`).join('');
  await write(folder, `journal/${segmentName(number)}`, text);
  return sha256(text);
}

/** Writes the list, signed, and the file of each key. */
export async function addManifest(folder: string, list: KeysPredicate, signer: EvidenceSigner): Promise<SignedKeys> {
  const { bundle, digest } = await signStatement(keysStatement(list), signer);
  await write(folder, `keys/${manifestName(list.sequence)}`, bundle);
  for (const { hint, publicKey } of list.keys) await write(folder, `keys/${keyFileName(hint)}`, publicKey);
  return { ...list, digest };
}

/** A statement that no builder would make, signed all the same. */
export async function signAnything(statement: unknown, signer: EvidenceSigner): Promise<Buffer> {
  return (await signStatement(statement as AnyStatement, signer)).bundle;
}

export async function write(folder: string, path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), data);
}
