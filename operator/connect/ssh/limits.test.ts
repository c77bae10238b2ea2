/**
 * Hosts and clients that do not end: each way, by each way to ask. A request is over at its limit, with everything that belongs to it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openSsh } from './openSsh.ts';
import { never, openTestConnector, until, type TestConnector } from '../../../test/ssh/connector.ts';
import { startTestServer, type TestServer } from '../../../test/ssh/server.ts';

// A client notices by itself after 30 seconds that its host is gone, which is too late.
jest.setTimeout(12_000);

let server: TestServer;
let connector: TestConnector;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

beforeEach(() => {
  connector = openTestConnector();
});

afterEach(async () => {
  server.dropConnections();
  await connector.close();
});

/** sshd starts `timeout`, and that the shell of the script. */
const sshd = '$(cut -d " " -f 4 "/proc/$PPID/stat")';
const large = 'x'.repeat(6_000_000);

const ways: Readonly<Record<string, { script: string; input?: string; reason?: string }>> = {
  'hangs, and its sshd with it': { script: `echo begun; kill -STOP ${sshd}; sleep 60` },
  'ignores every signal it can': { script: 'trap "" HUP INT PIPE TERM; while :; do sleep 1; done' },
  'ends, and leaves a process behind that has its streams': { script: 'echo begun; sleep 60 & exit 0' },
  'closes its output and does not end': { script: 'exec >&- 2>&-; sleep 60' },
  'sends a byte now and then': { script: 'while printf x; do sleep 0.1; done' },
  'complains a byte at a time': { script: 'while printf x >&2; do sleep 0.1; done' },
  'never reads what it is sent': { script: 'sleep 60', input: large },
  'sends without end': { script: 'cat /dev/zero', reason: 'OutputTooLarge' },
  'sends lines without end': { script: 'while :; do echo; done', reason: 'OutputTooLarge' },
  'complains without end': { script: 'cat /dev/zero >&2', reason: 'OutputTooLarge' },
};

describe.each(Object.entries(ways))('a host that %s', (_, { script, input = '', reason = 'TimedOut' }) => {
  test.each([
    ['by a client of its own', 0],
    ['by a client that makes a connection to keep', 1],
    ['over a connection that is kept', 2],
  ])('asked %s is left in time, and nothing of it stays', async (_, earlier) => {
    const target = server.target();
    for (let times = 0; times < earlier; times++) await connector.ask(target);
    const bounds = reason === 'TimedOut' ? { timeoutSeconds: 1 } : { maxBytes: 100_000 };
    expect(await connector.ask(target, script, { input, ...bounds })).toMatchObject({ is: 'failed', reason });
    await connector.noClients();
    expect(await connector.outputOf(target)).toBe('hello\n');
  });
});

test('given up by its caller, a request to a host that hangs ends at once, with the connection that it made', async () => {
  const target = server.target();
  await connector.ask(target);
  const stop = new AbortController();
  const work = connector.ask(target, `kill -STOP ${sshd}; sleep 60`, {}, stop.signal);
  await until(() => connector.masters().length > 0);
  stop.abort(new Error('lease lost'));
  await expect(work).rejects.toThrow('lease lost');
  await connector.noClients();
});

test('closed while hosts hang, the connector leaves nothing', async () => {
  const hosts = [1, 2, 3, 4].map((last) => server.target({ host: `127.0.0.${last}` }));
  await Promise.all(hosts.map((host) => connector.ask(host)));
  const works = hosts.map((host) => connector.ask(host, `kill -STOP ${sshd}; sleep 60`));
  await until(() => connector.masters().length === 2);
  const ends = Promise.allSettled(works);
  await connector.close();
  expect((await ends).map(({ status }) => status)).toEqual(hosts.map(() => 'rejected'));
  connector = openTestConnector();
});

test('hosts that send much and hang take the memory of their namespace, and none of another', async () => {
  const small = openSsh({ folder: connector.folder, answerBytes: 8_000_000 });
  const request = { script: 'head -c 1000000 /dev/zero; sleep 60', input: '', timeoutSeconds: 60, maxBytes: 4_000_000 };
  const stop = new AbortController();
  const evil = Array.from({ length: 8 }, (_, index) => {
    const target = server.target({ host: `127.0.1.${index + 1}`, id: `evil/${index}` });
    return small.execute(target, request, stop.signal);
  });
  // The others send less than would make it more than its half.
  expect(await Promise.any(evil)).toMatchObject({ is: 'failed', reason: 'OutputTooLarge' });
  const good = { script: 'head -c 1000000 /dev/zero', input: '', timeoutSeconds: 10, maxBytes: 4_000_000 };
  const answer = await small.execute(server.target({ id: 'good/1' }), good, never);
  expect(answer.is === 'answered' && answer.output.length).toBe(1_000_000);
  stop.abort(new Error('enough'));
  const ends = await Promise.allSettled(evil);
  expect(ends.map(({ status }) => status)).toContain('rejected');
  await small.close();
});
