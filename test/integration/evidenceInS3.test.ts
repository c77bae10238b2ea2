/** A store in a real S3 is verified where it is, and a change there is noticed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { s3Tree } from '../../operator/cli/evidence/s3Tree.ts';
import { openS3 } from '../../operator/connect/objectStore/s3.ts';
import { verifyTree } from '../../operator/evidence/verify/verify.ts';
import { makeStore, type Made } from '../evidence/packs.ts';
import { gatewayCredentials, serverAt, startGateway, type Gateway } from '../objectStore/gateway.ts';

const root = 'holdfast.dev/platform/vault';
const { signal } = new AbortController();
const variables = {
  AWS_ACCESS_KEY_ID: gatewayCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: gatewayCredentials.secretAccessKey,
};
let gateway: Gateway;
let folder = '';
let made: Made;

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.createBucket('audit', 'plain');
  folder = mkdtempSync(join(tmpdir(), 'holdfast-s3-'));
  made = await makeStore(folder, 3);
}, 300_000);

afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true });
});

function verify(place: string) {
  const tree = s3Tree({ place, 's3-endpoint': gateway.url }, variables);
  return verifyTree(tree, { keys: [createPublicKey(made.key.publicKey)] });
}

test('as it is, and after one object was changed', async () => {
  const store = openS3({ server: serverAt(gateway.url), bucket: 'audit', root, credentials: gatewayCredentials });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of entries.filter((entry) => entry.isFile())) {
    const path = join(parentPath, name);
    await store.put(relative(folder, path), await readFile(path), { contentType: 'application/json' }, signal);
  }
  expect(await verify(`s3://audit/${root}`)).toMatchObject({ is: 'Verified', packs: [{}, {}, {}] });
  const file = `packs/nightly/${made.packs[1]!.statement.predicate.folder}/evidence-20261103.json`;
  const before = await readFile(join(folder, file), 'utf8');
  await store.put(file, Buffer.from(before.replace('sshd', 'sshx')), { contentType: 'application/json' }, signal);
  store.close();
  const { is, checks } = await verify(`s3://audit/${root}/`);
  expect(is).toBe('Refused');
  expect(checks.flatMap(({ problems }) => problems)).toEqual([
    { where: file, is: 'Refused', message: 'it was changed: its digest is not the one that was signed in pack 2' },
  ]);
});

test('what cannot be read is said', async () => {
  await expect(verify('s3://none/prefix')).rejects.toThrow(/none/);
  expect(() => s3Tree({ place: 's3://audit' }, variables)).toThrow('an address of S3 is s3://BUCKET/PREFIX');
  expect(() => s3Tree({ place: `s3://audit/${root}` }, {})).toThrow('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
});
