/** Stores whose oldest packs were deleted, and exports of a part: what is done to them, and what ours and the script say of it. */
import { readFileSync, readdirSync } from 'node:fs';
import { cp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { rfc8785 } from '../../operator/lib/rfc8785.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { dispose } from '../../operator/evidence/retention/dispose.ts';
import { dispositions, type Chain } from '../../operator/evidence/retention/plan.ts';
import type { SignedDisposition } from '../../operator/evidence/retention/anchor.ts';
import { signStatement } from '../../operator/evidence/statement/signStatement.ts';
import type { DispositionPredicate, DispositionStatement } from '../../operator/evidence/statement/types.ts';
import type { CheckName, Verdict } from '../../operator/evidence/verify/verdict.ts';
import { LockedStore } from './lockedStore.ts';
import { addPack, addSegment, cluster, newKey, signedAt, store, write, type Made } from './packs.ts';
import { bundleAt, filesAt } from './tamperings.ts';

export const firstRecord = 'packs/nightly/disposition-00000001.sigstore.json';
export const secondRecord = 'packs/nightly/disposition-00000002.sigstore.json';
const now = new Date('2026-11-06T00:00:00Z');
const { signal } = new AbortController();

/** Packs 1 and 2 are deleted, each with a record of its own. */
export async function deleteOldest(made: Made): Promise<void> {
  const records: SignedDisposition[] = [];
  for (const most of [1, 2]) {
    const { steps } = dispositions([{ ...chainOf(made, most), records }], {
      ...{ store, cluster, holds: [], version: '1', hint: made.key.hint, now },
    });
    const step = steps.find(({ statement }) => statement)!;
    const copy = new LockedStore(now);
    const sign = async (statement: DispositionStatement): Promise<Uint8Array> => {
      const { bundle, digest } = await signStatement(statement, made.key);
      records.push({ statement, digest: digest.sha256, where: step.record });
      return bundle;
    };
    await dispose(step, { store: copy, sign, proceed: () => Promise.resolve() }, signal);
    await write(made.folder, step.record, copy.objects.get(step.record)![0]!.body);
    for (const { key } of step.objects) await rm(join(made.folder, key));
  }
}

function chainOf({ packs }: Made, most: number): Omit<Chain, 'records'> {
  const parts = packs.map(({ statement: { subject, predicate }, digest }) => ({
    sequence: predicate.sequence,
    sha256: digest,
    time: predicate.sequence > most ? now : new Date('2026-01-01T00:00:00Z'),
    start: new Date(0),
    end: new Date('2026-01-01T00:00:00Z'),
    class: predicate.sequence > most ? 'Audit' : 'Telemetry',
    objects: [...subject.map(({ name }) => `${predicate.folder}/${name}`), bundleAt(predicate.sequence).slice(14)].map(
      (name) => ({ key: `packs/nightly/${name}`, sha256: sha256(name) }),
    ),
  }));
  return { chain: { kind: 'Pack', name: 'nightly' }, parts };
}

/** The files of the section Policy are left out, and listed. */
export async function leaveOut({ folder, packs }: Made): Promise<void> {
  const files = [];
  for (const { statement } of packs) {
    const { folder: content, files: all, sequence } = statement.predicate;
    const { name, size, digest } = all.find(({ section }) => section === 'Policy')!;
    const path = `packs/nightly/${content}/${name}`;
    await rm(join(folder, path));
    files.push({ path, size, sha256: digest.sha256, pack: 'nightly', sequence, section: 'Policy' });
  }
  await rm(join(folder, 'journal'), { recursive: true });
  await write(folder, 'REDACTED.json', `${rfc8785({ files, reason: 'only Evidence' })}\n`);
}

export interface PartTampering {
  readonly name: string;
  readonly begin: (made: Made) => Promise<void>;
  readonly act: (made: Made) => Promise<unknown>;
  readonly ours: Verdict['is'];
  readonly script: 0 | 1 | 2;
  /** What ours says, and which check. */
  readonly check?: CheckName;
  readonly says?: RegExp;
}

function bundleText(folder: string, path: string): { payload: Buffer; text: string } {
  const text = readFileSync(join(folder, path), 'utf8');
  const { dsseEnvelope } = JSON.parse(text) as { dsseEnvelope: { payload: string } };
  return { payload: Buffer.from(dsseEnvelope.payload, 'base64'), text };
}

/** The second record with something changed, signed by who has the key. */
function record(change: (predicate: DispositionPredicate) => object, key?: Made['key']) {
  return async (made: Made): Promise<void> => {
    const statement = JSON.parse(bundleText(made.folder, secondRecord).payload.toString()) as DispositionStatement;
    const predicate = { ...statement.predicate, ...change(statement.predicate) };
    const { bundle } = await signStatement({ ...statement, predicate }, key ?? made.key);
    await write(made.folder, secondRecord, bundle);
  };
}

const insider = 'by who has the key';

const afterDeletion: readonly Omit<PartTampering, 'begin'>[] = [
  { name: 'nothing', act: () => Promise.resolve(), ours: 'Verified', script: 0 },
  {
    name: 'a file of what was deleted is still there',
    act: ({ folder }) => write(folder, 'packs/nightly/00000002-0123456789ab/evidence-1.json', '{}'),
    ours: 'Verified',
    script: 0,
  },
  {
    name: 'the records are removed',
    act: async ({ folder }) => {
      await rm(join(folder, firstRecord));
      await rm(join(folder, secondRecord));
    },
    ours: 'Refused',
    script: 2,
    check: 'Chain',
    says: /packs 1 to 2 are missing/,
  },
  {
    name: 'the first record is removed',
    act: ({ folder }) => rm(join(folder, firstRecord)),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /what is before 2 was deleted earlier, and no record says so/,
  },
  {
    name: 'the newest record is removed',
    act: ({ folder }) => rm(join(folder, secondRecord)),
    ours: 'Refused',
    script: 2,
    check: 'Chain',
    says: /pack 2 is missing/,
  },
  {
    name: 'the first pack that is left is removed as well',
    act: ({ folder }) => rm(join(folder, bundleAt(3))),
    ours: 'Refused',
    script: 2,
    check: 'Chain',
    says: /pack 3 is missing/,
  },
  {
    name: 'a byte of a record is flipped',
    act: async ({ folder }) => {
      const { text, payload } = bundleText(folder, secondRecord);
      payload[40] = payload[40]! ^ 1;
      await write(folder, secondRecord, text.replace(/"payload":"[^"]*"/, `"payload":"${payload.toString('base64')}"`));
    },
    ours: 'Refused',
    script: 1,
    check: 'Signatures',
    says: /its signature is not valid/,
  },
  {
    name: 'a record is signed with another key',
    act: record(() => ({}), newKey()),
    ours: 'Refused',
    script: 1,
    check: 'Signatures',
    says: /none of those that are believed/,
  },
  {
    name: 'a pack is renamed to a record',
    act: ({ folder }) => cp(join(folder, bundleAt(3)), join(folder, secondRecord)),
    ours: 'Refused',
    script: 1,
    check: 'Bundles',
    says: /predicateType/,
  },
  {
    name: 'a record becomes a link',
    act: async ({ folder }) => {
      await rename(join(folder, secondRecord), join(folder, 'copy'));
      await symlink('../../copy', join(folder, secondRecord));
    },
    ours: 'Refused',
    script: 1,
    check: 'Found',
    says: /symbolic link/,
  },
  {
    name: `a record of another chain, ${insider}`,
    act: record(() => ({ chain: { kind: 'Pack', name: 'weekly' } })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /of another chain/,
  },
  {
    name: `a record of another store, ${insider}`,
    act: record(() => ({ store: { namespace: 'team-b', name: 'vault' } })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /of another store/,
  },
  {
    name: `a record of another cluster, ${insider}`,
    act: record(() => ({ cluster: { id: 'other' } })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /of another store/,
  },
  {
    name: `a record that does not follow the one before, ${insider}`,
    act: record(({ previous }) => ({ previous: { ...previous, digest: { sha256: 'f'.repeat(64) } } })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /does not follow packs\/nightly\/disposition-00000001/,
  },
  {
    name: `another anchor than the last that it lists, ${insider}`,
    act: record(({ anchor }) => ({ anchor: { ...anchor, digest: { sha256: 'f'.repeat(64) } } })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /its anchor is not the last/,
  },
  {
    name: `another pack as the last that was deleted, ${insider}`,
    act: record(({ anchor, disposed }) => {
      const digest = { sha256: 'f'.repeat(64) };
      return { anchor: { ...anchor, digest }, disposed: disposed.map((one) => ({ ...one, digest })) };
    }),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /3 does not follow what the record says was deleted before it/,
  },
  {
    name: `it was deleted before it was due, ${insider}`,
    act: record(() => ({ time: '2026-03-01T00:00:00.000Z' })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /2 was deleted before it was due/,
  },
  {
    name: `a record that lists nothing of what it deletes, ${insider}`,
    act: record(({ disposed }) => ({ from: 2, disposed: disposed.map((one) => ({ ...one, sequence: 7 })) })),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /does not list each of 2 to 2/,
  },
];
export const deletions: readonly PartTampering[] = afterDeletion.map((one) => ({ begin: deleteOldest, ...one }));

const redactionOf = ({ folder }: Made): { files: { sha256: string; path: string }[] } =>
  JSON.parse(readFileSync(join(folder, 'REDACTED.json'), 'utf8')) as { files: { sha256: string; path: string }[] };

async function redacted(made: Made, change: (files: { sha256: string; path: string }[]) => object[]): Promise<void> {
  const { files, ...rest } = redactionOf(made);
  await write(made.folder, 'REDACTED.json', `${rfc8785({ ...rest, files: change(files) })}\n`);
}

const ofPart: readonly Omit<PartTampering, 'begin'>[] = [
  { name: 'nothing', act: () => Promise.resolve(), ours: 'Partial', script: 2 },
  {
    name: 'REDACTED.json is removed',
    act: ({ folder }: Made) => rm(join(folder, 'REDACTED.json')),
    ours: 'Refused',
    script: 1,
    check: 'Files',
    says: /policy-20261103\.json|it is missing/,
  },
  {
    name: 'another digest is listed than was signed',
    act: (made: Made) =>
      redacted(made, (files) => files.map((one, at) => (at === 1 ? { ...one, sha256: sha256('x') } : one))),
    ours: 'Refused',
    script: 1,
    check: 'Files',
    says: /it is missing: pack 2 has it/,
  },
  {
    name: 'a file is removed that is not listed',
    act: async (made: Made) => {
      const folder = filesAt(made, 2);
      await rm(join(folder, readdirSync(folder)[0]!));
    },
    ours: 'Refused',
    script: 1,
    check: 'Files',
    says: /it is missing: pack 2 has it/,
  },
  {
    name: 'a file that is listed is there, changed',
    act: (made: Made) => write(made.folder, redactionOf(made).files[1]!.path, '{"controls":[],"number":9}'),
    ours: 'Refused',
    script: 1,
    check: 'Files',
    says: /it was changed|bytes, and/,
  },
  {
    name: 'REDACTED.json is not a list',
    act: ({ folder }: Made) => write(folder, 'REDACTED.json', '[]'),
    ours: 'Refused',
    script: 1,
    check: 'Files',
    says: /is not a list of files/,
  },
  {
    name: 'REDACTED.json becomes a link',
    act: async ({ folder }: Made) => {
      await rename(join(folder, 'REDACTED.json'), join(folder, 'list'));
      await symlink('list', join(folder, 'REDACTED.json'));
    },
    ours: 'Refused',
    script: 1,
    check: 'Found',
    says: /symbolic link/,
  },
  {
    name: 'a pack in the middle is removed, although files of it are listed',
    act: ({ folder }: Made) => rm(join(folder, bundleAt(2))),
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /pack 2 is missing/,
  },
];
export const parts: readonly PartTampering[] = ofPart.map((one) => ({ begin: leaveOut, ...one }));

/** Number 5 is of another writer, and pack 6 says so. `skipped` are the numbers that it says that of. */
function skipping(skipped: readonly number[] = [5], previous = 4) {
  return async (made: Made): Promise<void> => {
    const stranger = newKey();
    const facts = { time: signedAt(5).toISOString(), period: periodOf(5) };
    const choice = { number: 5, previous: made.packs[3]!, segment: made.segments[3]! };
    await addPack(made.folder, { ...choice, signer: stranger, facts });
    await addSkipping(made, skipped, previous);
  };
}

async function addSkipping(made: Made, skipped: readonly number[], previous = 4): Promise<void> {
  const digest = { sha256: made.packs[previous - 1]!.digest };
  const facts = {
    ...{ time: signedAt(5).toISOString(), period: periodOf(5), previous: { sequence: previous, digest } },
    skipped: skipped.map((sequence) => ({
      sequence,
      digest: { sha256: 'a'.repeat(64) },
      reason: 'it is "locked", {"sequence":7}',
    })),
  };
  await addPack(made.folder, {
    number: 6,
    segment: await addSegment(made.folder, 5, made.segments[3]),
    signer: made.key,
    facts: { ...facts, journal: undefined },
  });
}

function periodOf(number: number) {
  const day = 86_400_000;
  const end = Date.parse('2026-11-01T02:00:00Z') + number * day;
  return { start: new Date(end - day).toISOString(), end: new Date(end).toISOString() };
}

const ofSkips: readonly Omit<PartTampering, 'begin'>[] = [
  {
    name: 'nothing',
    act: () => Promise.resolve(),
    ours: 'Partial',
    script: 2,
    check: 'Chain',
    says: /5 is not of this chain, as pack 6 says: it is "locked", \{"sequence":7\}/,
  },
  {
    name: 'what is skipped is removed after all',
    act: ({ folder }) => rm(join(folder, bundleAt(5))),
    ours: 'Partial',
    script: 2,
    check: 'Chain',
    says: /5 is not of this chain/,
  },
  {
    name: 'what is skipped becomes something else',
    act: ({ folder }) => write(folder, bundleAt(5), 'nonsense'),
    ours: 'Partial',
    script: 2,
    check: 'Chain',
    says: /5 is not of this chain/,
  },
  {
    name: 'what is skipped is an older pack, replayed',
    act: ({ folder }) => cp(join(folder, bundleAt(2)), join(folder, bundleAt(5))),
    ours: 'Partial',
    script: 1,
    check: 'Chain',
    says: /5 is not of this chain/,
  },
  {
    name: 'a file far beyond',
    act: async (made) => {
      await write(made.folder, 'packs/nightly/99999999.sigstore.json', '{}');
      await addSkipping(made, [5, 99_999_999]);
    },
    ours: 'Partial',
    script: 2,
    check: 'Chain',
    says: /99999999 is not of this chain/,
  },
  {
    name: 'a file far beyond that nothing skips',
    act: ({ folder }) => write(folder, 'packs/nightly/99999999.sigstore.json', '{}'),
    ours: 'Refused',
    script: 1,
    check: 'Bundles',
    says: /99999999|mediaType|not an object/,
  },
  {
    name: `a pack that is signed is skipped, ${insider}`,
    act: async (made) => {
      await addPack(made.folder, {
        ...{ number: 5, previous: made.packs[3]!, segment: made.segments[3]!, signer: made.key },
        facts: { time: signedAt(5).toISOString(), period: periodOf(5) },
      });
    },
    ours: 'Refused',
    script: 1,
    check: 'Chain',
    says: /it skips pack 5, which is signed as well: there are two histories/,
  },
  {
    name: 'a stranger says that a pack is skipped',
    act: async (made) => {
      const text = readFileSync(join(made.folder, bundleAt(6)), 'utf8');
      const json = JSON.parse(text) as { dsseEnvelope: { payload: string } };
      const statement = JSON.parse(Buffer.from(json.dsseEnvelope.payload, 'base64').toString()) as never;
      await write(made.folder, bundleAt(6), (await signStatement(statement, newKey())).bundle);
    },
    ours: 'Refused',
    script: 1,
    check: 'Signatures',
    says: /none of those that are believed/,
  },
  {
    name: 'the pack that says so is removed',
    act: ({ folder }) => rm(join(folder, bundleAt(6))),
    ours: 'Refused',
    script: 1,
    check: 'Signatures',
    says: /none of those that are believed/,
  },
];
export const skips: readonly PartTampering[] = ofSkips.map((one) => ({ begin: skipping(), ...one }));

/** The second table of docs/evidence-verification.md. */
export function tableOfParts(all: readonly PartTampering[]): string {
  const codes = { 0: 'verified', 1: 'refused', 2: 'partial' };
  const ours = { Verified: 'verified', Partial: 'partial', Refused: 'refused', Unverifiable: 'unverifiable' };
  return [
    '| what was done | `kubectl holdfast` | `verify.sh` |',
    '| --- | --- | --- |',
    ...all.map(
      ({ name, ours: is, check, script }) => `| ${name} | ${ours[is]}${check ? `: ${check}` : ''} | ${codes[script]} |`,
    ),
  ].join('\n');
}
