import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readServers } from './readServers.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-servers-'));
  writeFileSync(join(folder, 'token'), 'secret\n');
  writeFileSync(join(folder, 'empty'), '\n');
  writeFileSync(join(folder, 'lines'), 'a\nb');
  writeFileSync(join(folder, 'ca'), rootCertificates[0] ?? '');
});

afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const path = join(folder, 'servers.yaml');
  writeFileSync(path, text.replaceAll('DIR', folder));
  return readServers(path);
}

const usual = { maxConcurrent: 8, maxQueriesPerMinute: 600, timeoutSeconds: 10, maxSamples: 1000, maxBytes: 1048576 };

test('an only server is the default', () => {
  expect(read('main: {url: "http://prometheus.monitoring.svc:9090/"}')).toEqual([
    { name: 'main', url: 'http://prometheus.monitoring.svc:9090', isDefault: true, ...usual },
  ]);
});

test('all fields, in JSON', () => {
  const thanos = {
    url: 'https://thanos-querier.openshift-monitoring.svc:9091/path/',
    caFile: join(folder, 'ca'),
    tokenFile: join(folder, 'token'),
    tenant: { label: 'namespace' },
    default: true,
    maxConcurrent: 4,
    maxQueriesPerMinute: 60,
    timeoutSeconds: 30,
    maxSamples: 10,
    maxBytes: 4096,
  };
  const { default: isDefault, ...fields } = thanos;
  expect(
    read(JSON.stringify({ thanos, local: { url: 'http://localhost:9090', tokenFile: join(folder, 'token') } })),
  ).toEqual([
    { ...fields, name: 'thanos', url: 'https://thanos-querier.openshift-monitoring.svc:9091/path', isDefault },
    { name: 'local', url: 'http://localhost:9090', tokenFile: join(folder, 'token'), isDefault: false, ...usual },
  ]);
});

test('no server is the default among several of which none is', () => {
  const servers = read('a: {url: "http://a"}\nb: {url: "http://b"}');
  expect(servers.map(({ isDefault }) => isDefault)).toEqual([false, false]);
});

test.each<[text: string, problem: string]>([
  ['', 'is not YAML: expected a document'],
  ['null', 'the file must be a map'],
  ['- url: http://a', 'the file must be a map'],
  ['a: {url: "http://a"}\na: {url: "http://b"}', 'is not YAML: duplicated mapping key'],
  ['{"a": {"url": "http://a", "url": "http://b"}}', 'is not YAML: duplicated mapping key'],
  ['a: {', 'is not YAML'],
  ['A: {url: "http://a"}', 'the name "A" must be of lower case letters'],
  ['__proto__: {url: "http://a"}', 'the name "__proto__" must be'],
  ['a: http://a', 'a must be a map'],
  ['a: {}', 'a: `url` must be the address of a server'],
  ['a: {url: "prometheus:9090"}', 'a: `url` must be the address of a server'],
  ['a: {url: "ftp://a"}', 'a: `url` must be the address of a server'],
  ['a: {url: "file:///etc/passwd"}', 'a: `url` must be the address of a server'],
  ['a: {url: 9090}', 'a: `url` must be the address of a server'],
  ['a: {url: "http://user:secret@a"}', 'a: `url` must not contain credentials'],
  ['a: {url: "http://@a"}', 'a: `url` must not contain credentials'],
  ['a: {url: "http://a?namespace=b"}', 'a: `url` must not have a query or a fragment'],
  ['a: {url: "http://a/?"}', 'a: `url` must not have a query or a fragment'],
  ['a: {url: "http://a/#"}', 'a: `url` must not have a query or a fragment'],
  ['a: {url: "http://a/api/v1/query"}', 'a: `url` must end before /api/v1'],
  ['a: {url: "http://a", insecure: true}', 'a has no field `insecure`; known are url, caFile'],
  ['a: {url: "http://a", tokenFile: DIR/token}', 'a: a token is sent over https only'],
  ['a: {url: "http://127.0.0.1.example.com", tokenFile: DIR/token}', 'a: a token is sent over https only'],
  ['a: {url: "http://localhost.example.com", tokenFile: DIR/token}', 'a: a token is sent over https only'],
  ['a: {url: "http://a", caFile: DIR/ca}', 'a: `caFile` has no effect without https'],
  ['a: {url: "https://a", tokenFile: token}', 'a: `tokenFile` must be the path of a file, from the root'],
  ['a: {url: "https://a", tokenFile: DIR/none}', 'a: `tokenFile` DIR/none: ENOENT'],
  ['a: {url: "https://a", tokenFile: DIR/empty}', 'a: `tokenFile` DIR/empty: is empty'],
  ['a: {url: "https://a", tokenFile: DIR/lines}', 'a: `tokenFile` DIR/lines: is not a bearer token'],
  ['a: {url: "https://a", caFile: DIR/none}', 'a: `caFile` DIR/none cannot be read as certificates in PEM: ENOENT'],
  ['a: {url: "https://a", caFile: DIR/token}', 'a: `caFile` DIR/token cannot be read as certificates in PEM'],
  ['a: {url: "http://a", tenant: namespace}', 'a: `tenant` must be a map'],
  ['a: {url: "http://a", tenant: {}}', 'a: `tenant.label` must be the name of a label'],
  ['a: {url: "http://a", tenant: {label: "a.b"}}', 'a: `tenant.label` must be the name of a label'],
  ['a: {url: "http://a", tenant: {label: __name__}}', 'a: `tenant.label` must be the name of a label'],
  ['a: {url: "http://a", tenant: {label: a, value: b}}', 'a: `tenant` has no field `value`; known are label'],
  ['a: {url: "http://a", default: "yes"}', 'a: `default` must be true or false'],
  [
    'a: {url: "http://a", default: true}\nb: {url: "http://b", default: true}',
    'a, b are both `default: true`; keep one',
  ],
  ['a: {url: "http://a", maxConcurrent: 1}', 'a: `maxConcurrent` must be an integer from 2 to 256'],
  ['a: {url: "http://a", timeoutSeconds: 0.5}', 'a: `timeoutSeconds` must be an integer from 1 to 120'],
  ['a: {url: "http://a", maxBytes: "1"}', 'a: `maxBytes` must be an integer from 1024'],
  ['a: {url: "http://a", maxSamples: null}', 'a: `maxSamples` must be an integer'],
])('%s', (text, problem) => {
  const start = `--prometheus-servers ${join(folder, 'servers.yaml')}: ${problem.replaceAll('DIR', folder)}`;
  expect(() => read(text)).toThrow(start);
});

test('a file that is not there', () => {
  expect(() => readServers('/no/such/file')).toThrow('--prometheus-servers /no/such/file: ENOENT');
});
