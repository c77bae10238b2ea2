/** Signing with the real services, verified by ours, by cosign, and by openssl: keyless, with timestamps, in a log; and when one is away. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSigning } from '../../operator/connect/signing/openSigning.ts';
import { bundleName, lateBundleName } from '../../operator/evidence/statement/names.ts';
import { addWitness, signStatement } from '../../operator/evidence/statement/signStatement.ts';
import { folderTree } from '../../operator/evidence/verify/folderTree.ts';
import { verifyTree, type VerifyOptions } from '../../operator/evidence/verify/verify.ts';
import { rootsIn } from '../../operator/evidence/verify/witnesses.ts';
import { firstKeys } from '../../operator/evidence/statement/keyLife.ts';
import { addManifest, addPack, cluster, newKey, statementOf, store, write } from '../evidence/packs.ts';
import { cosignVerifies } from '../evidence/verifiers.ts';
import { account, identity, startSigning, type SigningBed } from '../signing/bed.ts';

let bed: SigningBed;
const { signal } = new AbortController();
const key = newKey();

beforeAll(async () => {
  bed = await startSigning();
  writeFileSync(join(bed.folder, 'key.pub'), key.publicKey);
}, 300_000);

afterAll(() => bed.stop());

function signing() {
  return openSigning([bed.tsa, bed.log, bed.ca]);
}

function now() {
  const time = new Date(Date.now()).toISOString();
  return { time, period: { start: time, end: time }, key: { hint: key.hint } };
}

const place = 'packs/nightly';

function fileOf(folder: string): string {
  const [content = ''] = readdirSync(join(folder, place)).filter((name) => !name.endsWith('.json'));
  return join(folder, place, content, readdirSync(join(folder, place, content))[0] ?? '');
}

function verify(folder: string, options: Partial<VerifyOptions> = {}) {
  const roots = rootsIn(readFileSync(bed.trustedRoot, 'utf8'));
  return verifyTree(folderTree(folder), { keys: [createPublicKey(key.publicKey)], roots, ...options });
}

function problemsOf({ checks }: Awaited<ReturnType<typeof verify>>): string[] {
  return checks.flatMap(({ name, problems }) => problems.map(({ message }) => `${name}: ${message}`));
}

test('a key of our own, with a timestamp and an entry of a log', async () => {
  const folder = mkdtempSync(join(bed.folder, 'own-'));
  const witnesses = [signing().witness('tsa', signal), signing().witness('log', signal)];
  await addPack(folder, { number: 1, signer: key, witnesses, facts: now() });
  const bundle = join(folder, place, bundleName(1));
  const verdict = await verify(folder);
  expect(problemsOf(verdict)).toEqual([]);
  expect(verdict.checks.find(({ name }) => name === 'Witnesses')).toMatchObject({
    is: 'Passed',
    message: '1 of 1 have a timestamp of an authority',
  });
  const trust = ['--key', join(bed.folder, 'key.pub')];
  expect(await cosignVerifies(bundle, trust, fileOf(folder))).toMatchObject({ isVerified: true });
  const both = [...trust, '--trusted-root', bed.trustedRoot, '--use-signed-timestamps'];
  expect(await cosignVerifies(bundle, both, fileOf(folder))).toMatchObject({ isVerified: true });
}, 120_000);

test('keyless, as the service account of the operator', async () => {
  const folder = mkdtempSync(join(bed.folder, 'keyless-'));
  const signer = signing().keyless('ca', signal);
  const witnesses = [signing().witness('tsa', signal), signing().witness('log', signal)];
  await addPack(folder, { number: 1, signer, witnesses, facts: { ...now(), key: { hint: signer.hint } } });
  const wanted = { identity, issuer: bed.issuer.url };
  expect(problemsOf(await verify(folder, { keys: [], identity: wanted }))).toEqual([]);
  expect(problemsOf(await verify(folder, { keys: [], identity: { ...wanted, identity: `${identity}x` } }))).toEqual([
    `Signatures: it was signed by ${identity}, not by ${identity}x`,
  ]);
  expect(problemsOf(await verify(folder, { keys: [], identity: { ...wanted, issuer: 'https://other' } }))).toEqual([
    `Signatures: the identity of its certificate was issued by ${bed.issuer.url}, not by https://other`,
  ]);
  // A part of the name, or a pattern, is not the name.
  expect((await verify(folder, { keys: [], identity: { ...wanted, identity: '.*' } })).is).toBe('Refused');
  expect(problemsOf(await verify(folder))).toEqual([
    expect.stringContaining('it was signed without a key, as https://kubernetes.io/namespaces/holdfast/'),
  ]);
  const trust = ['--certificate-identity', identity, '--certificate-oidc-issuer', bed.issuer.url];
  const bundle = join(folder, place, bundleName(1));
  const roots = ['--trusted-root', bed.trustedRoot, '--insecure-ignore-sct', '--use-signed-timestamps'];
  expect(await cosignVerifies(bundle, [...trust, ...roots], fileOf(folder))).toMatchObject({ isVerified: true });
}, 120_000);

test('a witness that is away is added later, and both are of one signature', async () => {
  const folder = mkdtempSync(join(bed.folder, 'late-'));
  const away = openSigning([{ ...bed.tsa, url: 'http://127.0.0.1:1/api/v1/timestamp' }]);
  const choice = { number: 1, signer: key, facts: now() };
  const { bundle, missing } = await signStatement(statementOf(choice, { evidence: '{}', policy: '[]' }), key, [
    away.witness('tsa', signal),
  ]);
  expect(missing).toEqual([
    {
      name: 'tsa',
      reason:
        'timestamp authority tsa does not respond (ECONNREFUSED); check that it runs and can be reached from the operator',
    },
  ]);
  const made = await addPack(folder, { ...choice, contents: { evidence: '{}', policy: '[]' } });
  await write(folder, `${place}/${bundleName(1)}`, bundle);
  const late = await addWitness(bundle, signing().witness('tsa', signal), key.publicKey);
  await write(folder, `${place}/${lateBundleName(1, 'tsa')}`, late);
  const verdict = await verify(folder);
  expect(problemsOf(verdict)).toEqual([]);
  expect(verdict.checks.find(({ name }) => name === 'Witnesses')?.message).toBe(
    '1 of 1 have a timestamp of an authority',
  );
  // The timestamp of another signature.
  await write(folder, `${place}/${bundleName(1)}`, made.bundle);
  expect(problemsOf(await verify(folder))).toEqual([
    `Witnesses: it is of another signature than ${place}/00000001.sigstore.json`,
  ]);
}, 120_000);

test('a timestamp that is moved into the bundle of another pack is refused', async () => {
  const folder = mkdtempSync(join(bed.folder, 'moved-'));
  const made = await addPack(folder, { number: 1, signer: key, facts: now() });
  const other = await signStatement(statementOf({ number: 1, signer: key, facts: now() }, { evidence: '1' }), key, [
    signing().witness('tsa', signal),
    signing().witness('log', signal),
  ]);
  const json = (bytes: Buffer) => JSON.parse(bytes.toString()) as { verificationMaterial: Record<string, unknown> };
  for (const [part, says] of [
    ['timestampVerificationData', 'it has a timestamp of another signature'],
    ['tlogEntries', 'it has an entry of a log for another signature'],
  ] as const) {
    const moved = json(made.bundle);
    moved.verificationMaterial[part] = json(other.bundle).verificationMaterial[part];
    await write(folder, `${place}/${bundleName(1)}`, JSON.stringify(moved));
    expect(problemsOf(await verify(folder))).toEqual([`Witnesses: ${says}`]);
    // Even where nobody said whom to believe.
    expect(problemsOf(await verifyTree(folderTree(folder), { keys: [createPublicKey(key.publicKey)] }))).toEqual([
      `Witnesses: ${says}`,
    ]);
  }
}, 120_000);

test('a statement that is dated after its timestamp is refused', async () => {
  const folder = mkdtempSync(join(bed.folder, 'dated-'));
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await addPack(folder, {
    number: 1,
    signer: key,
    witnesses: [signing().witness('tsa', signal)],
    facts: { ...now(), time: tomorrow },
  });
  expect(problemsOf(await verify(folder))).toEqual([
    expect.stringMatching(/^Witnesses: it says that it was signed at .*, and has a timestamp of /),
  ]);
});

/** sigstore/sigstore-go#642: the time of a timestamp was not compared with the time in which the key is valid. */
test('a timestamp of before the key was valid is refused, although the statement is dated into its time', async () => {
  const folder = mkdtempSync(join(bed.folder, 'early-'));
  const soon = new Date(Date.now() + 120_000);
  await addManifest(folder, firstKeys({ store, cluster }, key, soon), key);
  const facts = { ...now(), time: soon.toISOString() };
  await addPack(folder, { number: 1, signer: key, witnesses: [signing().witness('tsa', signal)], facts });
  expect(problemsOf(await verify(folder))).toEqual([
    expect.stringMatching(/^Witnesses: it has a timestamp of \S+, but its key is valid from \S+ only$/),
  ]);
});

test('an authority and a log that are not trusted are refused', async () => {
  const folder = mkdtempSync(join(bed.folder, 'untrusted-'));
  const root = JSON.parse(readFileSync(bed.trustedRoot, 'utf8')) as Record<string, unknown>;
  await addPack(folder, { number: 1, signer: key, witnesses: [signing().witness('tsa', signal)], facts: now() });
  expect(
    problemsOf(await verify(folder, { roots: rootsIn(JSON.stringify({ ...root, timestampAuthorities: [] })) })),
  ).toEqual(['Witnesses: its timestamp is not of an authority in --trusted-root (timestamp could not be verified)']);
  await addPack(folder, { number: 1, signer: key, witnesses: [signing().witness('log', signal)], facts: now() });
  expect(
    problemsOf(await verify(folder, { roots: rootsIn(JSON.stringify({ ...root, tlogs: [] })) })).filter((one) =>
      one.startsWith('Witnesses'),
    ),
  ).toEqual([expect.stringContaining('Witnesses: its entry is not in a log of --trusted-root')]);
}, 120_000);

test('without a key, a signature needs a timestamp', async () => {
  const signer = signing().keyless('ca', signal);
  const statement = statementOf({ number: 1, signer, facts: now() }, { evidence: '{}' });
  await expect(signStatement(statement, signer)).rejects.toThrow('needs a timestamp while its certificate is valid');
});

test('a token is read each time, and never said', async () => {
  const statement = statementOf({ number: 1, signer: key, facts: now() }, { evidence: '{}' });
  const attempt = () => signStatement(statement, signing().keyless('ca', signal), [signing().witness('tsa', signal)]);
  const good = readFileSync(bed.tokenFile, 'utf8');
  for (const [token, says] of [
    ['', 'is not a token of OIDC'],
    ['not a token', 'is not a token of OIDC'],
    [bed.issuer.token(account, 'other-audience'), 'certificate authority ca refuses'],
    [good.slice(0, -6), 'certificate authority ca refuses'],
  ] as const) {
    writeFileSync(bed.tokenFile, token);
    const error = await attempt().catch((problem: unknown) => problem as Error);
    expect((error as Error).message).toContain(says);
    expect((error as Error).message).not.toContain(token.slice(20, 60) || 'eyJ');
  }
  writeFileSync(bed.tokenFile, good);
  const { bundle } = await attempt();
  const { verificationMaterial } = JSON.parse(bundle.toString()) as {
    verificationMaterial: { certificate: { rawBytes: string } };
  };
  expect(new X509Certificate(Buffer.from(verificationMaterial.certificate.rawBytes, 'base64')).subjectAltName).toBe(
    `URI:${identity}`,
  );
}, 120_000);
