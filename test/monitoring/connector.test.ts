/** The connector on a real Prometheus, whose samples are of two tenants and of several ages. */
import { mkdtemp, rm, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { confined } from '../../operator/lib/promqlQuery.ts';
import { asking, serverAt, told, type Asked } from '../prometheus/asking.ts';
import { body, one, startFaulty, vector } from '../prometheus/faulty.ts';
import { createAuthority, issueCertificate } from '../cluster/certificates.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

// Two hours old, so that nothing is of now.
const at = new Date((Math.floor(Date.now() / 1000) - 7200) * 1000);
const seconds = at.getTime() / 1000;

let prometheus: Prometheus;
/** Without a tenant label, and with one. */
let open: Asked;
let mine: Asked;

/** A series with a sample a minute, from `from` to `to` seconds before the time that is asked about. */
function series(name: string, from: number, to: number, value: (minute: number) => number | string): string[] {
  const samples: string[] = [];
  for (let age = from; age >= to; age -= 60) samples.push(`${name} ${value((from - age) / 60)} ${seconds - age}`);
  return samples;
}

beforeAll(async () => {
  const tenants = ['team-a', 'team-b'].flatMap((namespace, tenant) => [
    ...series(`secrets{namespace="${namespace}",owner="${namespace}"}`, 3600, 0, () => tenant + 1),
    ...series(`requests_total{namespace="${namespace}",code="200"}`, 3600, 0, (minute) => minute * 60),
  ]);
  const lines = [
    ...tenants,
    ...series('secrets{owner="nobody"}', 3600, 0, () => 3),
    ...series('errors_total{namespace="team-a",code="500"}', 3600, 0, (minute) => minute * 6),
    ...series('gone{namespace="team-a"}', 3600, 120, () => 1),
    ...series('long_gone{namespace="team-a"}', 3600, 900, (minute) => minute),
    ...series('bad{namespace="team-a",kind="nan"}', 600, 0, () => 'NaN'),
    ...series('bad{namespace="team-a",kind="inf"}', 600, 0, () => '+Inf'),
    ...Array.from({ length: 1200 }, (_, index) => `wide{namespace="team-a",index="${index}"} 1 ${seconds}`),
  ];
  prometheus = await startPrometheus({
    targets: [],
    samples: `${lines.join('\n')}\n# EOF\n`,
    args: ['--query.max-samples=5000'],
  });
  open = asking(serverAt(prometheus.url), { at });
  mine = asking(serverAt(prometheus.url, { tenant: { label: 'namespace' }, maxSamples: 2000 }), { at });
});

afterAll(() => prometheus.stop());

test.each<[query: string, is: number | string]>([
  ['secrets{namespace="team-b"}', 2],
  ['sum(secrets)', 6],
  ['scalar(secrets{namespace="team-a"})', 1],
  ['rate(requests_total{namespace="team-a"}[10m])', 1],
  ['sum(rate(errors_total[10m])) / sum(rate(requests_total{namespace="team-a"}[10m]))', 0.1],
  ['9007199254740993', 9007199254740992],
  ['1e300 * 10', 1e301],
  ['secrets', 'SeveralSeries'],
  ['nothing', 'Empty'],
  ['bad{kind="nan"}', 'NotANumber'],
  ['0 / sum(secrets - secrets)', 'NotANumber'],
  ['bad{kind="inf"}', 'Infinite'],
  ['sum(secrets) / 0', 'Infinite'],
  ['-1 / 0', 'Infinite'],
  ['secrets[5m]', 'BadQuery'],
  ['"text"', 'BadQuery'],
  ['secrets{', 'BadQuery'],
  ['no_such_function(secrets)', 'BadQuery'],
  ['wide', 'TooManySamples'],
  ['sum(sum_over_time(secrets[1h:1s]))', 'TooManySamples'],
  ['secrets * on () group_left secrets', 'Refused'],
  ['secrets + on () secrets', 'Refused'],
])('%s is %s', async (query, is) => {
  const answer = told(await open.ask(query));
  expect(typeof is === 'number' ? expect.closeTo(is, 9) : is).toEqual(answer);
});

test('a warning is no value, and an information is one', async () => {
  // Prometheus before 2.48 has neither; where there is one, it is Partial.
  expect(['Partial', 'NotANumber', 'Infinite', 'Empty']).toContain(told(await open.ask('quantile(2, secrets)')));
  expect(told(await open.ask('sum(rate(secrets[5m]))'))).toBe(0);
});

test.each<[query: string, maxAge: number, is: number | string]>([
  ['sum(secrets)', 60, 6],
  ['secrets{namespace="team-a"} + ignoring (owner) requests_total{namespace="team-a",code="200"} * 0', 60, 'Empty'],
  // An instant query takes a sample that is five minutes old as if it were of now.
  ['gone', 60, 'Stale'],
  ['gone', 180, 1],
  ['sum(gone) + sum(secrets)', 60, 'Stale'],
  // A rate is one of samples that ended a quarter of an hour ago.
  ['sum(rate(long_gone[30m]))', 60, 'Stale'],
  ['count(rate(long_gone[30m]))', 1800, 1],
  ['sum(secrets) or vector(0)', 60, 6],
  ['nothing or vector(0)', 60, 'Stale'],
  ['absent(nothing)', 60, 1],
  ['gone offset 30m', 180, 1],
  ['gone offset 30m', 60, 'Stale'],
  ['count({__name__=~"secrets|requests_total", namespace=~".+"})', 60, 4],
  ['vector(1)', 60, 1],
])('%s, at most %i s old, is %s', async (query, maxAge, is) => {
  const value = await open.value(query, maxAge);
  expect(value.is === 'value' ? value.value : value.reason).toBe(is);
});

describe('a tenant sees nothing of another', () => {
  /** Whatever of team-b, or of no tenant, shows in an answer: its name, or its values. */
  const foreign = /team-b|nobody/;

  test.each([
    'secrets',
    'secrets{}',
    '{__name__="secrets"}',
    '{__name__=~".+"}',
    '{__name__!="x"}',
    '{__name__=~"secrets|requests_total"}',
    'secrets or secrets',
    'secrets or ignoring (namespace) secrets{owner!="team-a"}',
    'secrets{owner=~".*"} unless on (owner) secrets{owner="team-a"}',
    'secrets offset 5m',
    'secrets @ end()',
    `secrets @ ${seconds}`,
    'last_over_time(secrets[10m])',
    'last_over_time(secrets[10m:1m])',
    'max_over_time(max by (namespace, owner) (secrets)[30m:1m] @ start() offset 1m)',
    'last_over_time(secrets[5m] offset -1m)',
    'count by (namespace, owner) (secrets)',
    'sum without (code) ({__name__=~".+"})',
    'topk(10, secrets)',
    'count_values by (owner) ("namespace", secrets)',
    'group by (namespace) ({owner=~".+"})',
    'label_replace(secrets, "namespace", "x", "owner", "(.*)")',
    'label_join(secrets, "namespace", "", "owner")',
    'label_replace(secrets, "leak", "$1", "owner", "(.*)")',
    'secrets * on () group_left (owner) max(secrets)',
    'secrets * ignoring (namespace, owner) group_right (owner) secrets',
    'secrets # {namespace="team-a"}',
    'secrets{owner=~".+"# }\n}',
    'secrets # \r or secrets{owner="nobody"}',
    'secrets{owner!="}"} or secrets{owner!=\'{\'}',
    'secrets{owner!=`"}`} or secrets',
    'secrets{owner=~"\\x74eam-.|nobody"}',
    "secrets{owner=~'\\u0074eam-b|nobody|team-a'}",
    '(((secrets)))',
    '-secrets',
    '+secrets',
    'secrets == bool secrets',
    'secrets atan2 secrets',
    'sort(secrets)',
    'timestamp(secrets)',
    'clamp_max(secrets, 1e+5)',
    'secrets ^ 1 ^ 1',
    'secrets\u00a0or\u2003secrets',
    'secrets and on () vector(1)',
    'ALERTS or secrets',
  ])('%s', async (query) => {
    // What there is to be seen shows without the label: each query is an attack.
    const all = JSON.stringify(await open.ask(query.replaceAll('\u00a0', ' ').replaceAll('\u2003', ' ')));
    const answer = await mine.ask(query);
    expect(answer.is).toBe('answer');
    expect(JSON.stringify(answer)).not.toMatch(foreign);
    expect(JSON.stringify(answer)).not.toBe(all);
  });

  test.each<[query: string, is: number]>([
    ['sum(secrets)', 1],
    ['count(secrets)', 1],
    ['sum(secrets) or vector(0)', 1],
    ['scalar(sum(secrets))', 1],
    ['count({__name__=~"secrets|requests_total"})', 2],
    ['sum(rate(requests_total[10m]))', 1],
    ['absent(secrets{owner="team-b"})', 1],
    ['absent_over_time(secrets{owner="team-b"}[5m])', 1],
    ['count(absent(secrets{owner="team-b"}) and on () absent(secrets{owner="nobody"}))', 1],
    ['max(max_over_time(sum(secrets)[30m:1m]))', 1],
    ['sum(sum_over_time(secrets[2m:1m]))', 2],
    ['sum(secrets @ end() offset 10m)', 1],
    ['quantile(1, secrets)', 1],
    ['max(secrets) > bool 1', 0],
    ['time() - max(timestamp(secrets))', 0],
  ])('%s is %d', async (query, is) => {
    const answer = told(await mine.ask(query));
    // Both ends of a window may count.
    if (query.includes('sum_over_time')) expect([2, 3]).toContain(answer);
    else expect(typeof answer === 'number' ? Math.round(answer * 1000) / 1000 : answer).toBe(is);
  });

  test.each([
    'secrets{namespace="team-b"}',
    'secrets{namespace=~"team-.*"}',
    'secrets{namespace!="team-a"}',
    'secrets{namespace=""}',
    'secrets{"namespace"="team-b"}',
    'secrets{owner="a" or namespace="team-b"}',
    'info(secrets)',
    'secrets}or{__name__="secrets"',
    'secrets) or (secrets',
    'secrets{owner="team-a"',
    'secrets{owner="\\"}',
    'secrets;secrets',
    'WITH (s = secrets) s',
    'secrets default 1',
    '$secrets',
    '{{secrets}}',
  ])('%s is refused', async (query) => {
    const { results } = mine;
    const before = results.length;
    expect(told(await mine.ask(query))).toBe('BadQuery');
    expect(results.slice(before)).toEqual(['main BadQuery']);
  });

  test('a namespace is data, whatever it is called', async () => {
    for (const namespace of ['"} or secrets{owner=~".*', 'team-a"', '.*', '', '\\', 'team-a\n'])
      expect(JSON.stringify(await mine.ask('secrets', namespace))).not.toMatch(/team-b"|"value":[12]/);
  });

  test('how old samples are is asked within the tenant, too', async () => {
    expect(await mine.value('sum(secrets{owner="team-b"}) or vector(0)', 60)).toMatchObject({ reason: 'Stale' });
    expect(await mine.value('sum(secrets)', 60)).toEqual({ is: 'value', value: 1 });
  });

  test('Prometheus reads what is written again as it is meant: random queries have no foreign series', async () => {
    let seed = 1;
    const pick = <T>(items: readonly T[]): T => {
      seed = (seed * 48271) % 2147483647;
      return items[seed % items.length]!;
    };
    const expression = (depth: number): string => {
      if (depth === 0)
        return pick([
          'secrets',
          '{__name__=~"sec.*"}',
          "secrets{owner!='#'}",
          'secrets{owner=~".+",}',
          'requests_total{}',
          '1',
        ]);
      const inner = expression(depth - 1);
      return pick([
        `(${inner})`,
        `max by (owner, namespace) (${inner}) # ${inner.replaceAll('\n', ' ')}\n`,
        `${inner} or ${expression(depth - 1)}`,
        `- ${inner}`,
        `${inner} and ignoring (code, owner) ${expression(depth - 1)}`,
        `max_over_time((${inner})[10m:1m] offset 1m)`,
        `label_replace(${inner}, "x", "$1", "owner", "(.*)")`,
        `topk(5, ${inner})`,
        `${inner} unless ${pick(['gone', 'secrets{owner="team-a"}'])}`,
      ]);
    };
    let answers = 0;
    for (let count = 0; count < 300; count += 1) {
      const query = expression(1 + (count % 4));
      const result = await mine.ask(query);
      expect(JSON.stringify(result)).not.toMatch(foreign);
      if (result.is === 'answer' && result.series.length > 0) answers += 1;
      // What Prometheus accepts as it is, it accepts as it is written again.
      const before = await open.ask(query);
      if (before.is === 'answer') expect(result.is === 'none' && result.reason).not.toBe('BadQuery');
      expect('query' in confined(query, 'namespace', 'team-a')).toBe(true);
    }
    expect(answers).toBeGreaterThan(100);
  });
});

test('certificates of another authority, another name, and none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-tls-'));
  const other = await mkdtemp(join(tmpdir(), 'holdfast-tls-'));
  const authority = await createAuthority(folder);
  const foreigner = await createAuthority(other);
  const pair = await issueCertificate(authority, { file: 'server', commonName: 'server', usage: 'server' });
  const [cert, key] = await Promise.all([readFile(pair.certificate, 'utf8'), readFile(pair.key, 'utf8')]);
  const server = await startFaulty(body(vector(one)), { cert, key });
  const caFile = join(folder, 'trusted');
  const { ask } = asking(serverAt(server.url, { caFile }));
  await writeFile(caFile, await readFile(foreigner.certificate));
  const refused = await ask('up');
  // Renewed in the file, as the kubelet does.
  await writeFile(caFile, await readFile(authority.certificate));
  const accepted = await ask('up');
  const withoutFile = await asking(serverAt(server.url)).ask('up');
  const misnamed = await asking(serverAt(server.url.replace('127.0.0.1', '127.0.0.2'), { caFile })).ask('up');
  const plain = await asking(serverAt(server.url.replace('https:', 'http:'))).ask('up');
  await server.stop();
  await Promise.all([folder, other].map((one) => rm(one, { recursive: true })));
  expect(told(accepted)).toBe(1);
  expect(refused).toMatchObject({ reason: 'Down', message: expect.stringContaining('`caFile`') as unknown });
  expect([withoutFile, misnamed].map(told)).toEqual(['Down', 'Down']);
  expect(['Down', 'Malformed']).toContain(told(plain));
  expect(server.requests).toHaveLength(1);
});
