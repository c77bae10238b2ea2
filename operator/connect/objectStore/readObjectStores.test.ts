import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { openStores } from './openStores.ts';
import { readObjectStores } from './readObjectStores.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-stores-'));
  writeFileSync(join(folder, 'ca'), rootCertificates[0] ?? '');
  writeFileSync(join(folder, 'token'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const path = join(folder, 'stores.yaml');
  writeFileSync(path, text.replaceAll('DIR', folder));
  return readObjectStores(path);
}

const usual = { maxConnections: 4, connectSeconds: 10, silenceSeconds: 30, requestSeconds: 300 };

test('what is not said has its default', () => {
  expect(read('main: {s3: {endpoint: "https://s3.example.com/", region: us-east-1}}')).toEqual([
    {
      name: 'main',
      url: 'https://s3.example.com',
      region: 'us-east-1',
      pathStyle: true,
      checksums: 'Sha256',
      ...usual,
    },
  ]);
});

test('all fields, in JSON', () => {
  const fields = {
    endpoint: 'https://s3.example.com:9000',
    publicEndpoint: 'https://s3.example.org',
    region: 'eu-central-1',
    pathStyle: false,
    caFile: join(folder, 'ca'),
    checksums: 'Md5',
    maxConnections: 1,
    connectSeconds: 2,
    silenceSeconds: 3,
    requestSeconds: 4,
  };
  const { endpoint: url, publicEndpoint: publicUrl, ...others } = fields;
  expect(
    read(JSON.stringify({ a: { s3: fields }, b: { s3: { endpoint: 'http://127.0.0.1:1', region: 'x' } } })),
  ).toEqual([
    { name: 'a', url, publicUrl, ...others },
    expect.objectContaining({ name: 'b', url: 'http://127.0.0.1:1' }),
  ]);
});

const s3 = 'endpoint: "https://a", region: b';
test.each([
  ['[]', 'the file must be a map'],
  ['a: {', 'is not YAML'],
  [`a: {s3: {${s3}}}\na: {s3: {${s3}}}`, 'is not YAML'],
  [`A: {s3: {${s3}}}`, 'lower case letters'],
  ['a: {}', 'a: `s3` must be a map'],
  [`a: {gcs: {}}`, 'a has no field `gcs`; known are s3'],
  [`a: {s3: {${s3}, url: x}}`, 'a has no field `url`'],
  [`a: {s3: {${s3}, accessKeyId: x}}`, 'a has no field `accessKeyId`'],
  ['a: {s3: {region: b}}', '`endpoint` must be the address of S3'],
  ['a: {s3: {endpoint: "ftp://a", region: b}}', '`endpoint` must be the address of S3'],
  ['a: {s3: {endpoint: "https://x:y@a", region: b}}', 'must not contain credentials'],
  ['a: {s3: {endpoint: "https://a/bucket", region: b}}', 'must not have a path'],
  ['a: {s3: {endpoint: "https://a?x", region: b}}', 'must not have a path'],
  ['a: {s3: {endpoint: "http://a", region: b}}', 'must be https'],
  ['a: {s3: {endpoint: "https://a"}}', '`region` must be'],
  ['a: {s3: {endpoint: "https://a", region: "b/c"}}', '`region` must be'],
  [`a: {s3: {${s3}, pathStyle: 1}}`, '`pathStyle` must be true or false'],
  [`a: {s3: {${s3}, checksums: Off}}`, '`checksums` must be Sha256'],
  [`a: {s3: {${s3}, caFile: ca}}`, '`caFile` must be the path of a file'],
  [`a: {s3: {${s3}, caFile: DIR/none}}`, 'cannot be read as certificates'],
  [`a: {s3: {${s3}, caFile: DIR/token}}`, 'cannot be read as certificates'],
  ['a: {s3: {endpoint: "http://127.0.0.1", region: b, caFile: DIR/ca}}', 'has no effect without https'],
  [`a: {s3: {${s3}, maxConnections: 0}}`, 'an integer from 1 to 64'],
  [`a: {s3: {${s3}, requestSeconds: 1.5}}`, 'an integer from 1 to 3600'],
])('%s is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
  expect(() => read(text)).toThrow('--object-stores ');
});

test('an object store that is not configured is refused, and the others are not named', async () => {
  const open = openStores({ servers: read(`secret: {s3: {${s3}}}`), folder, quota: Infinity });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const opened = open({ is: 's3', endpoint: 'other', bucket: 'b', root: 'r', credentials }, new Date(0));
  await expect(opened).rejects.toMatchObject({ reason: 'Invalid', message: expect.not.stringContaining('secret') });
});
