import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readServices } from './readServices.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-services-'));
  writeFileSync(join(folder, 'ca'), rootCertificates[0] ?? '');
});

afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const path = join(folder, 'services.yaml');
  writeFileSync(path, text.replaceAll('DIR', folder));
  return readServices(path);
}

test('a service of each kind', () => {
  expect(
    read(`
ca: {fulcio: {url: "https://fulcio.sigstore.svc/", tokenFile: /var/run/token}}
tsa: {timestampAuthority: {url: "http://tsa.example.com/api/v1/timestamp", timeoutSeconds: 5}}
log: {rekor: {url: "https://rekor.sigstore.svc", caFile: DIR/ca}}
`),
  ).toEqual([
    {
      name: 'ca',
      kind: 'fulcio',
      url: 'https://fulcio.sigstore.svc',
      tokenFile: '/var/run/token',
      timeoutSeconds: 30,
    },
    { name: 'tsa', kind: 'timestampAuthority', url: 'http://tsa.example.com/api/v1/timestamp', timeoutSeconds: 5 },
    {
      name: 'log',
      kind: 'rekor',
      url: 'https://rekor.sigstore.svc',
      caFile: join(folder, 'ca'),
      timeoutSeconds: 30,
    },
  ]);
});

test.each<[text: string, problem: string]>([
  ['', 'is not YAML'],
  ['[]', 'the file must be a map'],
  ['a: 1', 'a must be a map'],
  ['a: {}', 'a must have one of `fulcio`, `timestampAuthority`, `rekor`'],
  ['a: {rekor: {url: "https://a"}, fulcio: {url: "https://a"}}', 'a must have one of'],
  ['a: {tsa: {url: "https://a"}}', 'a has no field `tsa`; known are fulcio, timestampAuthority, rekor'],
  ['TSA: {rekor: {url: "https://a"}}', 'the name "TSA" must be of lower case letters'],
  ['../a: {rekor: {url: "https://a"}}', 'the name "../a" must be of lower case letters'],
  ['a: {rekor: null}', 'a: `rekor` must be a map'],
  ['a: {rekor: {}}', 'a: `rekor`: `url` must be the address of a server, such as https://rekor'],
  ['a: {rekor: {url: "gopher://a"}}', 'a: `rekor`: `url` must be the address of a server'],
  ['a: {rekor: {url: "https://u:p@a"}}', 'a: `rekor`: `url` must not contain credentials'],
  ['a: {rekor: {url: "https://a/api/v2"}}', 'a: `rekor`: `url` must end before /api/v2'],
  ['a: {rekor: {url: "https://a", tokenFile: /a}}', 'a: `rekor` has no field `tokenFile`'],
  ['a: {rekor: {url: "https://a", caFile: DIR/none}}', 'a: `rekor`: `caFile` DIR/none cannot be read'],
  ['a: {rekor: {url: "http://a", caFile: DIR/ca}}', 'a: `rekor`: `caFile` has no effect without https'],
  ['a: {rekor: {url: "https://a", timeoutSeconds: 0}}', '`timeoutSeconds` must be an integer from 1 to 120'],
  ['a: {fulcio: {url: "https://a"}}', 'a: `fulcio` must have `tokenFile`'],
  ['a: {fulcio: {url: "http://a", tokenFile: /a}}', 'a: `fulcio`: a token is sent over https only'],
  ['a: {fulcio: {url: "https://a", tokenFile: a}}', '`tokenFile` must be the path of a file, from the root'],
])('%s', (text, problem) => {
  const start = `--signing-services ${join(folder, 'services.yaml')}: `;
  expect(() => read(text)).toThrow(start);
  expect(() => read(text)).toThrow(problem.replaceAll('DIR', folder));
});
