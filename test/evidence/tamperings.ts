/** What someone could do to a store, who notices, and in which words. Each is done to a store of its own. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hintOf, preAuthEncoding } from '../../operator/lib/dsse.ts';
import { rfc8785 } from '../../operator/lib/rfc8785.ts';
import { revokedKeys, rotatedKeys } from '../../operator/evidence/statement/keyLife.ts';
import { bundleName, lateBundleName } from '../../operator/evidence/statement/names.ts';
import { segmentName } from '../../operator/evidence/journal/segment.ts';
import { PAYLOAD_TYPE } from '../../operator/evidence/statement/types.ts';
import type { CheckName } from '../../operator/evidence/verify/verdict.ts';
import { addManifest, addPack, addSegment, newKey, signAnything, write, type Made, type PackChoice } from './packs.ts';

export interface Tampering {
  readonly name: string;
  readonly act: (made: Made) => Promise<unknown>;
  /** Which check of ours refuses, and what it says. */
  readonly check: CheckName;
  readonly says: RegExp;
  /** Whether the script and cosign notice as well; the script takes some of it as a part. */
  readonly script: boolean | 'partial';
  readonly cosign: boolean;
  /** What the auditor gives beside the key. */
  readonly to?: number;
}

const packs = 'packs/nightly';

export function bundleAt(number: number): string {
  return `${packs}/${bundleName(number)}`;
}

/** The directory of the files of a pack. */
export function filesAt({ folder, packs: made }: Made, number: number): string {
  const name = made[number - 1]?.statement.predicate.folder ?? '';
  return join(folder, packs, name);
}

function fileAt(made: Made, number: number, stem: string): string {
  const folder = filesAt(made, number);
  return join(folder, readdirSync(folder).find((name) => name.startsWith(stem)) ?? '');
}

async function edited(path: string, edit: (before: Buffer) => string | Uint8Array): Promise<void> {
  await write('/', path, edit(await readFile(path)));
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

interface BundleJson {
  mediaType: string;
  verificationMaterial: { publicKey: { hint: string } } & Record<string, unknown>;
  dsseEnvelope: { payload: string; payloadType: string; signatures: Record<string, string>[] } & Record<
    string,
    unknown
  >;
}

/** Changes the JSON of the bundle of pack 2. */
function bundle(change: (json: BundleJson) => unknown): Tampering['act'] {
  return ({ folder }) =>
    edited(join(folder, bundleAt(2)), (before) => {
      const json = JSON.parse(before.toString()) as BundleJson;
      change(json);
      return `${JSON.stringify(json)}\n`;
    });
}

/** Changes the text of the bundle of pack 2. */
function text(change: (before: string) => string): Tampering['act'] {
  return ({ folder }) => edited(join(folder, bundleAt(2)), (before) => change(before.toString()));
}

/** The last pack, signed with the right key over something that is not right. */
function statement(change: (statement: Record<string, unknown>) => unknown): Tampering['act'] {
  return async ({ folder, packs: made, key }) => {
    const last = made.at(-1)!;
    const copy = JSON.parse(rfc8785(last.statement)) as Record<string, unknown>;
    change(copy);
    await write(folder, bundleAt(last.statement.predicate.sequence), await signAnything(copy, key));
  };
}

/** The bytes of a statement, signed with the right key as they are. */
function payload(change: (before: string) => string, type = PAYLOAD_TYPE): Tampering['act'] {
  return async ({ folder, packs: made, key }) => {
    const last = made.at(-1)!;
    const bytes = Buffer.from(change(rfc8785(last.statement)));
    const { signature } = await key.sign(preAuthEncoding(type, bytes));
    await edited(join(folder, bundleAt(last.statement.predicate.sequence)), (before) => {
      const json = JSON.parse(before.toString()) as BundleJson;
      json.dsseEnvelope.payload = bytes.toString('base64');
      json.dsseEnvelope.payloadType = type;
      json.dsseEnvelope.signatures = [{ sig: signature.toString('base64') }];
      return `${JSON.stringify(json)}\n`;
    });
  };
}

type Predicate = Record<string, unknown> & { files: Record<string, unknown>[] };
const predicateOf = (made: Record<string, unknown>) => made['predicate'] as Predicate;

/** Exchanges two packs, with all their files. */
async function exchange({ folder, packs: made }: Made, a: number, b: number): Promise<void> {
  const at = (name: string) => join(folder, packs, name);
  const folderOf = (number: number) => made[number - 1]!.statement.predicate.folder;
  const asNumber = (number: number, name: string) => name.replace(/^\d+/, bundleName(number).slice(0, 8));
  await rename(at(bundleName(a)), at('a'));
  await rename(at(bundleName(b)), at(bundleName(a)));
  await rename(at('a'), at(bundleName(b)));
  await rename(at(folderOf(a)), at(asNumber(b, folderOf(a))));
  await rename(at(folderOf(b)), at(asNumber(a, folderOf(b))));
}

async function remove(made: Made, number: number): Promise<void> {
  await rm(join(made.folder, bundleAt(number)));
  await rm(filesAt(made, number), { recursive: true });
}

const DAY = 86_400_000;

/** When pack `number` was signed; of one that is still to come, a day after the one before. */
function timeOf({ packs: made }: Made, number: number): Date {
  const there = made[Math.min(number, made.length) - 1]!.statement.predicate.time;
  return new Date(Date.parse(there) + Math.max(0, number - made.length) * DAY);
}

/** A pack with that number, as one of that store is. */
async function put(made: Made, choice: Omit<PackChoice, 'previous'>): Promise<void> {
  const { number } = choice;
  const previous = made.packs[number - 2]!;
  const same = made.packs[number - 1]?.statement.predicate;
  const { pack, store, cluster, period, journal } = same ?? previous.statement.predicate;
  const time = timeOf(made, number);
  const end = new Date(time.getTime() - 90_000).toISOString();
  const facts = {
    ...{ pack, store, cluster, time: time.toISOString() },
    period: same ? period : { start: period.end, end },
    ...(same && journal && { journal }),
    ...choice.facts,
  };
  await addPack(made.folder, { ...choice, previous, facts });
}

/** One more, a day after the last. */
export async function nextPack(
  made: Made,
  facts: PackChoice['facts'],
  signer: PackChoice['signer'] = made.key,
): Promise<void> {
  const segment = made.segments.length + 1;
  const digest = { sha256: await addSegment(made.folder, segment, made.segments.at(-1)) };
  const journal = { first: segment, last: segment, entries: 2, digest };
  await put(made, { number: made.packs.length + 1, signer, facts: { journal, ...facts } });
}

/** The last segment of the journal that a pack covers. */
function segmentAt({ folder, packs: made }: Made, number: number): string {
  return join(folder, `journal/${segmentName(made[number - 1]!.statement.predicate.journal!.last)}`);
}

const insider = 'by who has the key';

export const tamperings: readonly Tampering[] = [
  {
    name: 'a byte of a file is flipped',
    act: (made) => edited(fileAt(made, 2, 'evidence'), (before) => flipped(before, 5)),
    check: 'Files',
    says: /evidence-\d{8}\.json: it was changed: its digest is not the one that was signed in pack 2/,
    script: true,
    cosign: true,
  },
  {
    name: 'a byte of what was signed is flipped',
    act: bundle(
      (json) =>
        (json.dsseEnvelope.payload = flipped(Buffer.from(json.dsseEnvelope.payload, 'base64'), 200).toString('base64')),
    ),
    check: 'Signatures',
    says: /00000002\.sigstore\.json: its signature is not valid/,
    script: true,
    cosign: true,
  },
  {
    name: 'a byte of the signature is flipped',
    act: bundle(
      ({ dsseEnvelope: { signatures } }) =>
        (signatures[0]!['sig'] = flipped(Buffer.from(signatures[0]!['sig']!, 'base64'), 40).toString('base64')),
    ),
    check: 'Signatures',
    says: /its signature is not valid/,
    script: true,
    cosign: true,
  },
  {
    name: 'two files of a pack are exchanged',
    act: async (made) => {
      const [a, b] = [fileAt(made, 2, 'evidence'), fileAt(made, 2, 'policy')];
      const [first, second] = [readFileSync(a), readFileSync(b)];
      await write('/', a, second);
      await write('/', b, first);
    },
    check: 'Files',
    says: /evidence-\d{8}\.json: it (has \d+ bytes|was changed)/,
    script: true,
    cosign: false,
  },
  {
    name: 'a file is replaced by that of another pack',
    act: (made) => cp(fileAt(made, 1, 'evidence'), fileAt(made, 2, 'evidence')),
    check: 'Files',
    says: /evidence-\d{8}\.json: it (has \d+ bytes|was changed)/,
    script: true,
    cosign: true,
  },
  {
    name: 'a file is removed',
    act: (made) => rm(fileAt(made, 2, 'policy')),
    check: 'Files',
    says: /policy-\d{8}\.json: it is missing: pack 2 has it/,
    script: true,
    cosign: false,
  },
  {
    name: 'a file is added',
    act: (made) => write(filesAt(made, 2), 'waiver.json', '{}'),
    check: 'Files',
    says: /waiver\.json: it is beside the files of pack 2/,
    script: true,
    cosign: true,
  },
  {
    name: 'a hidden file is added, in a directory',
    act: (made) => write(filesAt(made, 2), '.a/b', ''),
    check: 'Files',
    says: /\.a\/b: it is beside the files of pack 2/,
    script: true,
    cosign: false,
  },
  {
    name: 'a file is added whose name has two lines',
    act: (made) => write(filesAt(made, 2), 'a\nb.json', '{}'),
    check: 'Files',
    says: /b\.json: it is beside the files of pack 2/,
    script: true,
    cosign: true,
  },
  {
    name: 'a file is renamed',
    act: (made) => rename(fileAt(made, 2, 'policy'), join(filesAt(made, 2), 'policy.json')),
    check: 'Files',
    says: /policy-\d{8}\.json: it is missing/,
    script: true,
    cosign: false,
  },
  {
    name: 'a file is cut',
    act: (made) => edited(fileAt(made, 2, 'policy'), (before) => before.subarray(0, 9)),
    check: 'Files',
    says: /it has 9 bytes, and \d+ were signed/,
    script: true,
    cosign: true,
  },
  {
    name: 'a file becomes a link to a copy of it',
    act: async (made) => {
      const file = fileAt(made, 2, 'policy');
      await rename(file, join(made.folder, 'copy'));
      await symlink(join(made.folder, 'copy'), file);
    },
    check: 'Found',
    says: /policy-\d{8}\.json: it is a symbolic link; copy the files themselves/,
    script: true,
    cosign: false,
  },
  {
    name: 'a bundle becomes a link to a copy of it',
    act: async ({ folder }) => {
      await rename(join(folder, bundleAt(2)), join(folder, 'copy'));
      await symlink(join(folder, 'copy'), join(folder, bundleAt(2)));
    },
    check: 'Found',
    says: /it is a symbolic link/,
    script: true,
    cosign: false,
  },
  {
    name: 'an older pack is replayed under a new number',
    act: async (made) => {
      await cp(join(made.folder, bundleAt(2)), join(made.folder, bundleAt(5)));
      await cp(
        filesAt(made, 2),
        join(made.folder, packs, made.packs[1]!.statement.predicate.folder.replace('00000002', '00000005')),
        { recursive: true },
      );
    },
    check: 'Chain',
    says: /00000005\.sigstore\.json: it is pack 2 under the name of pack 5/,
    script: true,
    cosign: false,
  },
  {
    name: 'two packs are exchanged',
    act: (made) => exchange(made, 2, 3),
    check: 'Chain',
    says: /it is pack 3 under the name of pack 2/,
    script: true,
    cosign: false,
  },
  {
    name: 'a pack in the middle is removed',
    act: (made) => remove(made, 2),
    check: 'Chain',
    says: /packs\/nightly\/: pack 2 is missing/,
    script: true,
    cosign: false,
  },
  {
    name: 'the first packs are removed',
    act: async (made) => {
      await remove(made, 1);
      await remove(made, 2);
    },
    check: 'Chain',
    says: /packs 1 to 2 are missing; if they are elsewhere/,
    script: 'partial',
    cosign: false,
  },
  {
    name: 'the newest pack is removed, and the auditor knows its number',
    to: 4,
    act: (made) => remove(made, 4),
    check: 'Chain',
    says: /pack 4 is missing/,
    script: false,
    cosign: false,
  },
  {
    name: `a pack is signed again with other files, ${insider}`,
    act: async (made) => {
      await remove(made, 3);
      await put(made, { number: 3, signer: made.key, contents: { evidence: '{}', policy: '{}' } });
    },
    check: 'Chain',
    says: /00000004\.sigstore\.json: it does not follow pack 3 as it is here, but another one/,
    script: true,
    cosign: false,
  },
  {
    name: 'a second pack of one number, its number written otherwise',
    act: ({ folder }) => cp(join(folder, bundleAt(1)), join(folder, packs, '000000002.sigstore.json')),
    check: 'Found',
    says: /000000002\.sigstore\.json: its number is not written as a store writes it/,
    script: true,
    cosign: false,
  },
  {
    name: 'a second pack of one number, as if a witness had added it',
    act: ({ folder }) => cp(join(folder, bundleAt(1)), join(folder, packs, lateBundleName(2, 'tsa'))),
    check: 'Witnesses',
    says: /00000002\.tsa\.sigstore\.json: it is of another signature/,
    script: false,
    cosign: true,
  },
  {
    name: 'a pack is signed with another key',
    act: async (made) => {
      const other = newKey();
      await remove(made, 4);
      await put(made, { number: 4, signer: other });
    },
    check: 'Signatures',
    says: /it was signed with key \S+, which is none of those that are believed/,
    script: true,
    cosign: true,
  },
  {
    name: 'the hint of the key is changed',
    act: bundle((json) => (json.verificationMaterial.publicKey.hint = newKey().hint)),
    check: 'Signatures',
    says: /it was signed with key \S+, which is none of those that are believed/,
    script: false,
    cosign: false,
  },
  {
    name: 'a pack is signed with a key that was rotated out',
    act: async (made) => {
      const next = newKey();
      await addManifest(made.folder, rotatedKeys(made.manifest, next, { now: timeOf(made, 4) }), made.key);
      await nextPack(made, {});
    },
    check: 'Keys',
    says: /00000005\.sigstore\.json: it was signed at \S+, but its key was valid until \S+ only/,
    script: false,
    cosign: false,
  },
  {
    name: 'a pack is signed with a key before it was valid',
    act: async (made) => {
      const next = newKey();
      await addManifest(
        made.folder,
        rotatedKeys(made.manifest, next, {
          now: new Date(timeOf(made, 5).getTime() + 1000),
          overlapUntil: timeOf(made, 9),
        }),
        made.key,
      );
      await nextPack(made, {}, next);
    },
    check: 'Keys',
    says: /00000005\.sigstore\.json: it was signed at \S+, but its key is valid from \S+ only/,
    script: true,
    cosign: true,
  },
  {
    name: 'a pack is signed with a key that was revoked',
    act: async (made) => {
      const next = newKey();
      const rotated = await addManifest(
        made.folder,
        rotatedKeys(made.manifest, next, { now: timeOf(made, 3), overlapUntil: timeOf(made, 9) }),
        made.key,
      );
      await addManifest(
        made.folder,
        revokedKeys(rotated, { hint: made.key.hint, from: timeOf(made, 3), reason: 'stolen' }, timeOf(made, 4)),
        next,
      );
    },
    check: 'Keys',
    says: /00000004\.sigstore\.json: it was signed at \S+, but its key was revoked at \S+ \(stolen\)/,
    script: false,
    cosign: false,
  },
  {
    name: 'a pack is dated back, with a key that was revoked',
    act: async (made) => {
      const next = newKey();
      const rotated = await addManifest(
        made.folder,
        rotatedKeys(made.manifest, next, { now: timeOf(made, 4), overlapUntil: timeOf(made, 9) }),
        made.key,
      );
      await addManifest(
        made.folder,
        revokedKeys(rotated, { hint: made.key.hint, from: timeOf(made, 8), reason: 'stolen' }, timeOf(made, 8)),
        next,
      );
      await nextPack(made, {});
    },
    check: 'Keys',
    says: /00000005\.sigstore\.json: its key was revoked at \S+, and neither a timestamp nor a later pack proves/,
    script: false,
    cosign: false,
  },
  {
    name: 'a revocation is removed from the list of keys',
    act: async (made) => {
      const next = newKey();
      const rotated = await addManifest(
        made.folder,
        rotatedKeys(made.manifest, next, { now: timeOf(made, 4), overlapUntil: timeOf(made, 9) }),
        made.key,
      );
      await addManifest(
        made.folder,
        revokedKeys(rotated, { hint: made.key.hint, from: timeOf(made, 2), reason: 'stolen' }, timeOf(made, 4)),
        next,
      );
      await edited(join(made.folder, 'keys/manifest-00000003.sigstore.json'), (before) => {
        const json = JSON.parse(before.toString()) as BundleJson;
        const list = JSON.parse(Buffer.from(json.dsseEnvelope.payload, 'base64').toString()) as {
          predicate: { keys: Record<string, unknown>[] };
        };
        for (const key of list.predicate.keys) {
          delete key['revokedTime'];
          delete key['reason'];
        }
        json.dsseEnvelope.payload = Buffer.from(rfc8785(list)).toString('base64');
        return JSON.stringify(json);
      });
    },
    check: 'Keys',
    says: /manifest-00000003\.sigstore\.json: its signature is not valid/,
    script: false,
    cosign: false,
  },
  {
    name: 'the newest list of keys is removed',
    act: async (made) => {
      const next = newKey();
      await addManifest(
        made.folder,
        rotatedKeys(made.manifest, next, { now: timeOf(made, 4), overlapUntil: timeOf(made, 9) }),
        made.key,
      );
      await nextPack(made, { key: { hint: made.key.hint, manifest: 2 } });
      await rm(join(made.folder, 'keys/manifest-00000002.sigstore.json'));
    },
    check: 'Keys',
    says: /it names list of keys 2, which is missing: that may revoke its key/,
    script: false,
    cosign: false,
  },
  {
    name: 'a list of keys adds a key, and is signed with that',
    act: async (made) => {
      const next = newKey();
      await addManifest(
        made.folder,
        rotatedKeys(made.manifest, next, { now: timeOf(made, 4), overlapUntil: timeOf(made, 9) }),
        next,
      );
      await nextPack(made, {}, next);
    },
    check: 'Keys',
    says: /manifest-00000002\.sigstore\.json: it is not signed by a key of the list before/,
    script: true,
    cosign: true,
  },
  {
    name: `a list of keys of another store, ${insider}`,
    act: ({ folder, manifest, key }) =>
      addManifest(folder, { ...manifest, store: { namespace: 'team-b', name: 'vault' } }, key),
    check: 'Origin',
    says: /it is the list of keys of store team-b\/vault/,
    script: false,
    cosign: false,
  },
  {
    name: 'the file of a key is replaced',
    act: ({ folder, key }) =>
      write(folder, `keys/${Buffer.from(key.hint, 'base64').toString('hex')}.pub`, newKey().publicKey),
    check: 'Keys',
    says: /\.pub: it is not the key that the list of keys has under that name/,
    script: false,
    cosign: false,
  },
  {
    name: 'a pack is signed with a key of another curve',
    act: async (made) => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
      const signer = {
        hint: hintOf(publicKey),
        sign: (data: Buffer) =>
          Promise.resolve({
            signature: sign('sha256', data, privateKey),
            key: { $case: 'publicKey' as const, publicKey: '', hint: hintOf(publicKey) },
          }),
      };
      await remove(made, 4);
      await put(made, { number: 4, signer });
    },
    check: 'Signatures',
    says: /which is none of those that are believed/,
    script: true,
    cosign: true,
  },
  {
    name: `another payload type, ${insider}`,
    act: payload((before) => before, 'application/json'),
    check: 'Bundles',
    says: /its `payloadType` is application\/json, not application\/vnd\.in-toto\+json/,
    script: true,
    cosign: true,
  },
  {
    name: `another predicate type, ${insider}`,
    act: statement((made) => (made['predicateType'] = 'https://slsa.dev/provenance/v1')),
    check: 'Bundles',
    says: /its `predicateType` is https:\/\/slsa\.dev\/provenance\/v1, not/,
    script: true,
    cosign: true,
  },
  {
    name: `another type of statement, ${insider}`,
    act: statement((made) => (made['_type'] = 'https://in-toto.io/Statement/v0.1')),
    check: 'Bundles',
    says: /its `_type` is https:\/\/in-toto\.io\/Statement\/v0\.1, not/,
    script: true,
    cosign: false,
  },
  {
    name: 'a list of keys under the name of a pack',
    act: ({ folder }) => cp(join(folder, 'keys/manifest-00000001.sigstore.json'), join(folder, bundleAt(2))),
    check: 'Bundles',
    says: /its `predicateType` is \S+evidence-keys\/v1, not/,
    script: true,
    cosign: true,
  },
  {
    name: 'a second signature is added',
    act: bundle(({ dsseEnvelope: { signatures } }) => signatures.push({ ...signatures[0] })),
    check: 'Bundles',
    says: /it has 2 signatures, not one/,
    script: true,
    cosign: true,
  },
  {
    name: 'the signature is removed',
    act: bundle(({ dsseEnvelope }) => (dsseEnvelope.signatures = [])),
    check: 'Bundles',
    says: /it has 0 signatures, not one/,
    script: true,
    cosign: true,
  },
  {
    name: 'a `keyid` is added',
    act: bundle(({ dsseEnvelope: { signatures } }) => (signatures[0]!['keyid'] = 'a')),
    check: 'Bundles',
    says: /it has the `keyid` a, and must have none/,
    script: false,
    cosign: true,
  },
  {
    name: 'a name is there twice in the bundle',
    act: text((before) => before.replace('"payload":"', '"payload":"e30=","payload":"')),
    check: 'Bundles',
    says: /it has the name "payload" twice, at \$\.dsseEnvelope/,
    script: true,
    cosign: true,
  },
  {
    name: 'a name is there twice, in the other spelling of protobuf',
    act: text((before) => before.replace('"payloadType":', '"payload_type":"text/plain","payloadType":')),
    check: 'Bundles',
    says: /`dsseEnvelope` has payload_type, which a bundle of evidence does not have/,
    script: false,
    cosign: true,
  },
  {
    name: `a name is there twice in what was signed, ${insider}`,
    act: payload((before) => before.replace(/,("sequence":\d+,"store")/, ',"sequence":9,$1')),
    check: 'Bundles',
    says: /its statement has the name "sequence" twice, at \$\.predicate/,
    script: false,
    cosign: true,
  },
  {
    name: `what was signed is not RFC 8785, ${insider}`,
    act: payload((before) => before.replace('{"_type"', '{ "_type"')),
    check: 'Bundles',
    says: /its statement is not JSON as RFC 8785 writes it/,
    script: true,
    cosign: false,
  },
  {
    name: `a file has a digest of SHA-512 alone, ${insider}`,
    act: statement(
      (made) => ((made['subject'] as Record<string, unknown>[])[0]!['digest'] = { sha512: '0'.repeat(128) }),
    ),
    check: 'Bundles',
    says: /its statement is invalid: subject\.0\.digest must (have required property 'sha256'|NOT have additional properties)/,
    script: true,
    cosign: true,
  },
  {
    name: `the subjects are not the files, ${insider}`,
    act: statement((made) => (made['subject'] as object[]).pop()),
    check: 'Bundles',
    says: /its subjects are not the files of its predicate/,
    script: true,
    cosign: true,
  },
  {
    name: `the size of a file is wrong, ${insider}`,
    act: statement((made) => (predicateOf(made).files[0]!['size'] = 1)),
    check: 'Files',
    says: /it has \d+ bytes, and 1 were signed/,
    script: false,
    cosign: false,
  },
  {
    name: `a path as the name of a file, ${insider}`,
    act: statement((made) => {
      (made['subject'] as Record<string, unknown>[])[0]!['name'] = '../../../etc/passwd';
      predicateOf(made).files[0]!['name'] = '../../../etc/passwd';
    }),
    check: 'Bundles',
    says: /its statement is invalid: \S+name must match pattern/,
    script: true,
    cosign: false,
  },
  {
    name: `it says that it is complete, and is not, ${insider}`,
    act: statement((made) => (predicateOf(made).files[0]!['status'] = 'failed')),
    check: 'Completeness',
    says: /it says that it is complete, and lists what is missing/,
    script: false,
    cosign: false,
  },
  {
    name: 'a bundle is cut',
    act: text((before) => before.slice(0, -40)),
    check: 'Bundles',
    says: /it is not JSON in full; it may be cut/,
    script: true,
    cosign: true,
  },
  {
    name: 'something follows a bundle',
    act: text((before) => `${before}{}`),
    check: 'Bundles',
    says: /it is not JSON in full/,
    script: false,
    cosign: true,
  },
  {
    name: 'a bundle of 9 MiB',
    act: text((before) => before.trimEnd().padEnd(9 << 20)),
    check: 'Bundles',
    says: /it cannot be read: \S+ is longer than 8388608 bytes/,
    script: false,
    cosign: false,
  },
  {
    name: 'base64 with bits that no byte has',
    act: bundle(({ dsseEnvelope }) => (dsseEnvelope.payload = looseBase64(dsseEnvelope.payload))),
    check: 'Bundles',
    says: /`payload` is not base64 in its one spelling/,
    script: false,
    cosign: false,
  },
  {
    name: 'a signature over a file beside the envelope',
    act: bundle((json) =>
      Object.assign(json, {
        messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: 'AA==' }, signature: 'AA==' },
      }),
    ),
    check: 'Bundles',
    says: /it has messageSignature, which a bundle of evidence does not have/,
    script: false,
    cosign: true,
  },
  {
    name: 'a segment of the journal is changed',
    act: (made) => edited(segmentAt(made, 2), (before) => before.toString().replace('"time":"2', '"time":"1')),
    check: 'Journal',
    says: /\d{12}\.ndjson: it was changed: its digest is not the one that was signed in pack 2/,
    script: false,
    cosign: false,
  },
  {
    name: 'a segment of the journal is removed',
    act: (made) => rm(segmentAt(made, 2)),
    check: 'Journal',
    says: /segments (\d+) to \1 before it are missing/,
    script: false,
    cosign: false,
  },
  {
    name: 'two segments of the journal are exchanged',
    act: async (made) => {
      const aside = join(made.folder, 'aside');
      await rename(segmentAt(made, 2), aside);
      await rename(segmentAt(made, 3), segmentAt(made, 2));
      await rename(aside, segmentAt(made, 3));
    },
    check: 'Journal',
    says: /it is segment \d+ under the name of segment \d+/,
    script: false,
    cosign: false,
  },
  {
    name: 'an entry of the journal is removed',
    act: (made) => edited(segmentAt(made, 2), (before) => before.toString().replace(/\n[^\n]*/, '')),
    check: 'Journal',
    says: /it has \d+ entries, and says that it has \d+/,
    script: false,
    cosign: false,
  },
  {
    name: 'the journal is written again, with digests that fit',
    act: async (made) => {
      const first = await addSegment(made.folder, 1, 'f'.repeat(64));
      await addSegment(made.folder, 2, first);
    },
    check: 'Journal',
    says: /000000000001\.ndjson: it was changed|it is the first segment, and follows one/,
    script: false,
    cosign: false,
  },
  {
    name: 'the journal is removed',
    act: ({ folder }) => rm(join(folder, 'journal'), { recursive: true }),
    check: 'Journal',
    says: /it names segments of the journal, which are missing/,
    script: false,
    cosign: false,
  },
  {
    name: `a pack of another cluster, ${insider}`,
    act: statement((made) => (predicateOf(made)['cluster'] = { id: 'other' })),
    check: 'Origin',
    says: /it is of cluster other, not of \S+/,
    script: false,
    cosign: false,
  },
  {
    name: `a pack of another store, ${insider}`,
    act: statement((made) => (predicateOf(made)['store'] = { namespace: 'team-b', name: 'vault' })),
    check: 'Origin',
    says: /it is of store team-b\/vault, not of platform\/\w+/,
    script: false,
    cosign: false,
  },
  {
    name: `a pack of another EvidencePack, ${insider}`,
    act: statement((made) => (predicateOf(made)['pack'] = { namespace: 'platform', name: 'weekly', uid: 'a' })),
    check: 'Origin',
    says: /it is of weekly, in the directory of nightly/,
    script: false,
    cosign: false,
  },
];

/** The same bytes, with a bit in the padding. */
function looseBase64(canonical: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const end = canonical.indexOf('=');
  if (end < 0) return canonical.replace(/.$/, (last) => `${last}\n`);
  const last = alphabet[alphabet.indexOf(canonical[end - 1]!) + 1]!;
  return `${canonical.slice(0, end - 1)}${last}${canonical.slice(end)}`;
}

/** The table of docs/evidence-verification.md. */
export function tableOf(all: readonly Tampering[]): string {
  const mark = (noticed: boolean | 'partial') => (noticed === true ? 'refused' : noticed ? 'partial' : '–');
  return [
    '| what was done | `kubectl holdfast` | `verify.sh` | `cosign` |',
    '| --- | --- | --- | --- |',
    ...all.map(
      ({ name, check, script, cosign }) => `| ${name} | refused: ${check} | ${mark(script)} | ${mark(cosign)} |`,
    ),
  ].join('\n');
}
