/** Servers that answer wrongly, late, too much or not at all: each has a reason of its own, and none a value. */
import { gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { asking, serverAt, time, told } from '../../../test/prometheus/asking.ts';
import { body, one, startFaulty, vector, type Answer, type Faulty } from '../../../test/prometheus/faulty.ts';
import { openPrometheus } from './openPrometheus.ts';

const open: Faulty[] = [];

afterEach(() => Promise.all(open.splice(0).map((server) => server.stop())));

async function faulty(answer: Answer): Promise<Faulty> {
  const server = await startFaulty(answer);
  open.push(server);
  return server;
}

const error = (type: string, text: string, status: number): Answer =>
  body(JSON.stringify({ status: 'error', errorType: type, error: text }), status);
const warned = (key: string, text: string): string =>
  vector(one).replace('"data"', `"${key}":[${JSON.stringify(text)}],"data"`);
const valued = (value: string): string => vector(`{"metric":{},"value":[TIME,${value}]}`);
const endless: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    if (!response.destroyed && response.write(' '.repeat(65_536))) setImmediate(more);
    else response.once('drain', more);
  };
  more();
};
const dripping: Answer = (response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 100);
  response.once('close', () => clearInterval(timer));
};

test.each<[what: string, answer: Answer, reason: string]>([
  ['an endless body', endless, 'TooLarge'],
  ['a body of a byte at a time', dripping, 'TimedOut'],
  ['silence', () => undefined, 'TimedOut'],
  ['a body that stops', (response) => void response.writeHead(200, { 'content-length': 99 }).write('{'), 'TimedOut'],
  [
    'interim answers without end',
    (response) => {
      const timer = setInterval(() => response.writeProcessing(), 50);
      response.once('close', () => clearInterval(timer));
    },
    'TimedOut',
  ],
  ['a reset', (response) => response.socket?.resetAndDestroy(), 'Down'],
  [
    'a reset within the body',
    (response) => {
      response.writeHead(200, { 'content-length': 99 }).write('{', () => response.socket?.resetAndDestroy());
    },
    'Down',
  ],
  ['no HTTP', (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'), 'Malformed'],
  ['a redirect', (response) => void response.writeHead(302, { location: '/login' }).end(), 'Redirected'],
  ['a permanent redirect', (response) => void response.writeHead(308, { location: '/' }).end(), 'Redirected'],
  [
    'a compressed bomb',
    (response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(8 << 20, ' '))),
    'Malformed',
  ],
  ['a page', body('<!DOCTYPE html><title>Log in</title>'), 'Malformed'],
  ['a page of a proxy that waited', body('<html>', 504), 'TimedOut'],
  ['a page of a proxy without a server', body('<html>', 502), 'Down'],
  ['no such path', body('404 page not found', 404), 'Refused'],
  ['401', body('Unauthorized', 401), 'Unauthorized'],
  ['403', body('{"status":"success"}', 403), 'Unauthorized'],
  ['429', body('{"status":"error","errorType":"bad_data","error":"x"}', 429), 'Busy'],
  ['204', body('', 204), 'Refused'],
  ['a success with another status', body(vector(one), 400), 'Refused'],
  ['an empty body', body(''), 'Malformed'],
  ['truncated JSON', body(vector(one).slice(0, -2)), 'Malformed'],
  ['two JSON objects', body(vector(one) + vector(one)), 'Malformed'],
  ['deep JSON', body('['.repeat(100_000)), 'Malformed'],
  ['deep JSON that is complete', body(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 'Malformed'],
  ['what is not UTF-8', (response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d])), 'Malformed'],
  ['null', body('null'), 'Malformed'],
  ['another API', body('{"status":"success","message":"ok"}'), 'Malformed'],
  ['a status twice', body(vector(one).replace('{', '{"status":"error",')), 'Malformed'],
  ['a value twice', body(vector('{"metric":{},"value":[TIME,"1"],"value":[TIME,"2"]}')), 'Malformed'],
  ['a key twice by an escape', body(vector(one).replace('{', '{"statu\\u0073":"error",')), 'Malformed'],
  ['bad data', error('bad_data', '1:2: parse error', 400), 'BadQuery'],
  ['a timeout', error('timeout', 'query timed out in expression evaluation', 503), 'TimedOut'],
  ['a cancellation', error('canceled', 'query was canceled', 503), 'TimedOut'],
  [
    'too many samples',
    error('execution', 'query processing would load too many samples into memory in query execution', 422),
    'TooManySamples',
  ],
  [
    'a limit of Mimir',
    error('execution', 'the query exceeded the maximum number of series limit', 422),
    'TooManySamples',
  ],
  ['many-to-many', error('execution', 'found duplicate series for the match group', 422), 'Refused'],
  ['an unknown error', error('brand_new', 'x', 500), 'Refused'],
  ['a store that is away', error('unavailable', 'no store', 503), 'Down'],
  ['an error with status 200', error('bad_data', 'x', 200), 'BadQuery'],
  [
    'warnings (thanos#622: a part of the stores)',
    body(warned('warnings', 'No StoreAPIs matched for this query')),
    'Partial',
  ],
  // util/annotations of prometheus/prometheus: what is of another type is left out, and the rest is the result.
  [
    'a maximum without the native histograms',
    body(warned('infos', 'PromQL info: ignored histogram in max aggregation (1:5)')),
    'Partial',
  ],
  [
    'a comparison without them, as Thanos tells it',
    body(
      warned(
        'warnings',
        'PromQL info: incompatible sample types encountered for binary operator \">\": histogram > float',
      ),
    ),
    'Partial',
  ],
  ['infos that are no strings', body(vector(one).replace('"data"', '"infos":{},"data"')), 'Malformed'],
  ['warnings that are no strings', body(vector(one).replace('"data"', '"warnings":[1],"data"')), 'Malformed'],
  ['a matrix', body('{"status":"success","data":{"resultType":"matrix","result":[]}}'), 'BadQuery'],
  ['a string', body('{"status":"success","data":{"resultType":"string","result":[TIME,"x"]}}'), 'BadQuery'],
  ['native histograms', body(vector('{"metric":{},"histogram":[TIME,{"count":"1","sum":"1"}]}')), 'BadQuery'],
  ['another type', body('{"status":"success","data":{"resultType":"table","result":[]}}'), 'Malformed'],
  ['a result that is no list', body('{"status":"success","data":{"resultType":"vector","result":{}}}'), 'Malformed'],
  ['a result of null', body('{"status":"success","data":{"resultType":"vector","result":null}}'), 'Malformed'],
  ['a value that is a number', body(valued('1')), 'Malformed'],
  ['a huge integer', body(valued(`"${'9'.repeat(400)}"`)), 'Malformed'],
  ['hexadecimal', body(valued('"0x10"')), 'Malformed'],
  ['an empty value', body(valued('""')), 'Malformed'],
  ['a value with a blank', body(valued('" 1"')), 'Malformed'],
  ['Infinity', body(valued('"Infinity"')), 'Malformed'],
  ['three parts of a value', body(valued('"1","2"')), 'Malformed'],
  ['another time', body(vector('{"metric":{},"value":[1,"1"]}')), 'Malformed'],
  ['a time beyond all', body(vector('{"metric":{},"value":[1e999,"1"]}')), 'Malformed'],
  ['a label that is a number', body(vector('{"metric":{"a":1},"value":[TIME,"1"]}')), 'Malformed'],
  ['no labels', body(vector('{"value":[TIME,"1"]}')), 'Malformed'],
  [
    'a series twice',
    body(vector('{"metric":{"a":"1","b":"2"},"value":[TIME,"1"]}', '{"metric":{"b":"2","a":"1"},"value":[TIME,"1"]}')),
    'Malformed',
  ],
  [
    'more series than allowed',
    body(vector(...Array.from({ length: 11 }, (_, index) => `{"metric":{"a":"${index}"},"value":[TIME,"1"]}`))),
    'TooManySamples',
  ],
  ['nothing (keda#3065: it is not 0)', body(vector()), 'Empty'],
  ['NaN (argo-rollouts#180, flagger#1098, keda#7475)', body(valued('"NaN"')), 'NotANumber'],
  ['+Inf (keda#3644)', body(valued('"+Inf"')), 'Infinite'],
  ['-Inf', body(valued('"-Inf"')), 'Infinite'],
  [
    'several series (keda#5202: not the first)',
    body(vector('{"metric":{"a":"1"},"value":[TIME,"1"]}', '{"metric":{"a":"2"},"value":[TIME,"1"]}')),
    'SeveralSeries',
  ],
  [
    'several series, all but one NaN (ray#64725)',
    body(vector('{"metric":{"a":"1"},"value":[TIME,"NaN"]}', '{"metric":{"a":"2"},"value":[TIME,"1"]}')),
    'SeveralSeries',
  ],
])('%s', async (_, answer, reason) => {
  const server = await faulty(answer);
  const { ask, results } = asking(serverAt(server.url, { timeoutSeconds: 1, maxBytes: 1 << 20, maxSamples: 10 }));
  const result = await ask('up');
  expect(told(result)).toBe(reason);
  expect(results).toEqual([`main ${result.is === 'answer' ? 'answer' : result.reason}`]);
  if (result.is === 'none') expect(result.message).not.toContain('127.0.0.1');
});

test.each<[what: string, answer: Answer, value: number]>([
  ['a number', body(vector(one)), 1],
  ['a scalar', body('{"status":"success","data":{"resultType":"scalar","result":[TIME,"0.25"]}}'), 0.25],
  ['a negative number with an exponent', body(valued('"-1.5e-7"')), -1.5e-7],
  ['an integer beyond 2^53', body(valued('"9007199254740993"')), 9007199254740992],
  ['what only informs', body(warned('infos', 'PromQL info: metric might not be a counter')), 1],
  ['what only informs, as before 2.54', body(warned('warnings', 'PromQL info: metric might not be a counter')), 1],
  ['labels as those of objects', body(vector('{"metric":{"__proto__":"x","constructor":"y"},"value":[TIME,"1"]}')), 1],
  ['fields that are not known', body(vector(one).replace('"data"', '"stats":{"a":[1]},"data"')), 1],
])('%s is an answer', async (_, answer, value) => {
  const server = await faulty(answer);
  expect(told(await asking(serverAt(server.url)).ask('up'))).toBe(value);
});

test('a server that cannot be reached', async () => {
  const server = await faulty(body(vector(one)));
  await server.stop();
  open.splice(0);
  const result = await asking(serverAt(server.url)).ask('up');
  expect(result).toEqual({
    is: 'none',
    reason: 'Down',
    message:
      'Prometheus server main does not respond (ECONNREFUSED); check that it runs and can be reached from the operator',
  });
});

test('a query is sent as a form, with nothing in the address (prom-label-proxy#111)', async () => {
  const server = await faulty(body(vector(one)));
  await asking(serverAt(`${server.url}/prometheus`)).ask('a&time=0&b+c%20#"é');
  const [{ form, headers } = { form: new URLSearchParams(), headers: {} }] = server.requests;
  expect(Object.fromEntries(form)).toEqual({
    query: 'a&time=0&b+c%20#"é',
    time: (time.getTime() / 1000).toFixed(3),
    timeout: '8000ms',
    partial_response: 'false',
  });
  expect(headers.authorization).toBeUndefined();
  expect(headers['accept-encoding']).toBe('identity');
});

test('the token is read for each query (telegraf#14191, opentelemetry-collector-contrib#22153), and never shown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-token-'));
  const tokenFile = join(folder, 'token');
  const server = await faulty(body(vector(one)));
  const { ask } = asking(serverAt(server.url, { tokenFile }));
  const missing = await ask('up');
  writeFileSync(tokenFile, 'first\n');
  await ask('up');
  writeFileSync(tokenFile, 'second');
  await ask('up');
  writeFileSync(tokenFile, 'third\r\nX-Scope-OrgID: other');
  const wrong = await ask('up');
  rmSync(folder, { recursive: true });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  expect([told(missing), told(wrong)]).toEqual(['Unauthorized', 'Unauthorized']);
  expect(JSON.stringify(wrong)).not.toMatch(/third|other/);
});

test('proxies of the environment are not used', async () => {
  const proxy = await faulty(body(vector(one)));
  const server = await faulty(body(valued('"2"')));
  const names = ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = proxy.url;
  const answer = await asking(serverAt(server.url)).ask('up');
  names.forEach((name, index) => {
    if (before[index] === undefined) delete process.env[name];
    else process.env[name] = before[index];
  });
  expect(told(answer)).toBe(2);
  expect(proxy.connections()).toBe(0);
});

test('after failures to connect, answers come at once until the server is tried again', async () => {
  let now = 0;
  const server = await faulty(body(vector(one)));
  const { url } = server;
  const port = Number(new URL(url).port);
  await server.stop();
  open.splice(0);
  const { ask } = asking(serverAt(url), { elapsed: () => now });
  const down = [await ask('up', 'a'), await ask('up', 'b'), await ask('up', 'c')];
  expect(down.map(told)).toEqual(['Down', 'Down', 'Down']);
  let accepted = 0;
  const closing = createServer((socket) => {
    accepted += 1;
    socket.destroy();
  }).listen(port, '127.0.0.1');
  await once(closing, 'listening');
  expect(told(await ask('up', 'd'))).toBe('Down');
  expect(accepted).toBe(0);
  now += 5000;
  // One tries, and the others have the answer of before.
  expect((await Promise.all([ask('up', 'a'), ask('up', 'b'), ask('up', 'c')])).map(told)).toEqual([
    'Down',
    'Down',
    'Down',
  ]);
  expect(accepted).toBe(1);
  closing.close();
  await once(closing, 'close');
});

test('queries that are not answered in time are held against their own namespace only', async () => {
  const server = await faulty((response, form) => {
    if (form.get('query') !== 'slow') body(vector(one))(response, form);
  });
  const { ask } = asking(serverAt(server.url, { timeoutSeconds: 1 }));
  await Promise.all([ask('slow', 'greedy'), ask('slow', 'greedy'), ask('slow', 'greedy')]);
  expect(server.requests).toHaveLength(3);
  expect(told(await ask('up', 'greedy'))).toBe('TimedOut');
  expect(server.requests).toHaveLength(3);
  expect(told(await ask('up', 'other'))).toBe(1);
});

test('one namespace leaves room for others, and waits no longer than the limit', async () => {
  let running = 0;
  let most = 0;
  const server = await faulty((response, form) => {
    if (form.get('query') === 'quick') return body(vector(one))(response, form);
    most = Math.max(most, ++running);
    response.once('close', () => (running -= 1));
  });
  const { ask } = asking(serverAt(server.url, { timeoutSeconds: 1, maxConcurrent: 4 }));
  const greedy = Promise.all(Array.from({ length: 20 }, () => ask('slow', 'greedy')));
  expect(told(await ask('quick', 'other'))).toBe(1);
  const reasons = (await greedy).map(told);
  expect(most).toBe(2);
  expect(new Set(reasons)).toEqual(new Set(['TimedOut', 'Busy']));
});

test('a namespace has so many queries in a minute', async () => {
  let now = 0;
  const server = await faulty(body(vector(one)));
  const { ask } = asking(serverAt(server.url, { maxQueriesPerMinute: 2 }), { elapsed: () => now });
  expect([await ask('up'), await ask('up'), await ask('up'), await ask('up', 'other')].map(told)).toEqual([
    1,
    1,
    'Busy',
    1,
  ]);
  now = 60_000;
  expect(told(await ask('up'))).toBe(1);
});

test('a signal that aborts ends the query, and is the only error', async () => {
  const server = await faulty(() => controller.abort(new Error('stopping')));
  const controller = new AbortController();
  const { askMetrics } = openPrometheus({ servers: [serverAt(server.url)], elapsed: () => 0, random: () => 0 });
  const query = { namespace: 'a', query: 'up', time };
  await expect(askMetrics(query, controller.signal)).rejects.toThrow('stopping');
  await expect(askMetrics(query, controller.signal)).rejects.toThrow('stopping');
  expect(server.requests).toHaveLength(1);
});

test('servers by name', async () => {
  const first = await faulty(body(vector(one)));
  const second = await faulty(body(valued('"2"')));
  const servers = [serverAt(first.url), serverAt(second.url, { name: 'second', isDefault: false })];
  const opened = (list: typeof servers) =>
    openPrometheus({ servers: list, elapsed: () => 0, random: () => 0 }).askMetrics;
  const ask = (list: typeof servers, server?: string) =>
    opened(list)(
      { namespace: 'a', query: 'up', time, ...(server !== undefined && { server }) },
      AbortSignal.timeout(60_000),
    );
  expect(told(await ask(servers))).toBe(1);
  expect(told(await ask(servers, 'second'))).toBe(2);
  const unknown = [
    await ask(servers, 'third'),
    await ask(servers, 'constructor'),
    await ask([]),
    await ask(servers.slice(1)),
  ];
  expect(unknown.map(told)).toEqual(Array(4).fill('UnknownServer'));
  expect(JSON.stringify(unknown)).not.toContain('second');
});

test('a query that cannot be confined is not sent', async () => {
  const server = await faulty(body(vector(one)));
  const { ask } = asking(serverAt(server.url, { tenant: { label: 'namespace' } }));
  expect([await ask('up{'), await ask('up{namespace="b"}'), await ask('info(up)')].map(told)).toEqual(
    Array(3).fill('BadQuery'),
  );
  expect(server.requests).toEqual([]);
  // prom-label-proxy#291: what reads no series is answered.
  await ask('1 + 1');
  expect(server.requests[0]?.form.get('query')).toBe('1 + 1');
});

test('without a tenant label, a query is sent as it is', async () => {
  const server = await faulty(body(vector(one)));
  await asking(serverAt(server.url)).ask('a_function_of_the_next_version(up)');
  expect(server.requests[0]?.form.get('query')).toBe('a_function_of_the_next_version(up)');
});
