/** Hosts that refuse, are silent, hang, drip or flood: each ends as a failure within its time. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openSsh } from './openSsh.ts';
import { never, openTestConnector, type TestConnector } from '../../../test/ssh/connector.ts';
import { freePort } from '../../../test/freePort.ts';
import { startTestServer, type TestServer } from '../../../test/ssh/server.ts';
import type { AddressedTarget } from './types.ts';

// A busy machine may take a second for a connection.
jest.setTimeout(60_000);

let server: TestServer;
let connector: TestConnector;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.stop());

beforeEach(() => {
  connector = openTestConnector();
});

afterEach(() => connector.close());

describe('a host that does not answer', () => {
  const open: (() => void)[] = [];

  afterEach(() => open.splice(0).forEach((close) => close()));

  /** A target that is no sshd, but does this with a connection. */
  const answering = async (answer: (socket: Socket) => void): Promise<AddressedTarget> => {
    const listener = createServer((socket) => {
      open.push(() => socket.destroy());
      answer(socket.on('error', () => undefined));
    });
    open.push(() => listener.close());
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    return server.target({ port: (listener.address() as AddressInfo).port });
  };

  test.each([
    ['closes connections', (socket: Socket) => socket.end(), 'ConnectionLost'],
    ['is a web server', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'ConnectionLost'],
    ['is of another time', (socket: Socket) => socket.end('SSH-9.9-Future\r\n'), 'Failed'],
  ])('one that %s', async (_, answer, reason) => {
    const target = await answering(answer);
    const message = expect.stringContaining(`port ${target.port}`);
    expect(await connector.ask(target)).toEqual({ is: 'failed', reason, message });
  });

  test('one that accepts connections and is silent is given up after the time for connecting', async () => {
    const hurried = openSsh({ folder: connector.folder, connectTimeoutSeconds: 1 });
    const request = { script: 'cat', input: '', timeoutSeconds: 50, maxBytes: 1000 };
    const answer = await hurried.execute(await answering(() => undefined), request, never);
    expect(answer).toMatchObject({ is: 'failed', reason: 'ConnectionTimedOut' });
    await hurried.close();
  });

  test('one that drips its greeting is given up after the time of the request', async () => {
    const target = await answering((socket) => {
      const drip = setInterval(() => socket.write('x'), 50);
      open.push(() => clearInterval(drip));
    });
    expect(await connector.ask(target, 'cat', { timeoutSeconds: 1 })).toMatchObject({
      is: 'failed',
      reason: 'TimedOut',
    });
  });

  test.each<[string, readonly string[]]>([
    [
      'checks the key for ever',
      ['AuthorizedKeysCommand /bin/sleep 600', 'AuthorizedKeysCommandUser root', 'AuthorizedKeysFile none'],
    ],
    ['starts no shell', ['ForceCommand /bin/sleep 600']],
  ])('one that %s is given up after the time of the request', async (_, configuration) => {
    const other = await startTestServer(configuration);
    open.push(() => void other.stop());
    expect(await connector.ask(other.target(), 'cat', { timeoutSeconds: 3 })).toMatchObject({ reason: 'TimedOut' });
    await connector.noClients();
  });

  test('one that stops after its greeting is given up after the time of the request', async () => {
    const target = await answering((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(await connector.ask(target, 'cat', { timeoutSeconds: 2 })).toMatchObject({ is: 'failed' });
    await connector.noClients();
  });

  test('many of one namespace leave a turn for another, which is answered before the first of them is given up', async () => {
    const few = openSsh({ folder: connector.folder, maxRequests: 4 });
    const request = { script: 'cat', input: 'hello\n', timeoutSeconds: 50, maxBytes: 1000 };
    const silent = await answering(() => undefined);
    const stop = new AbortController();
    const hung = Array.from({ length: 20 }, (_, index) =>
      few.execute({ ...silent, id: `neighbour/${index}` }, request, stop.signal),
    );
    const first = await Promise.race([...hung, few.execute(server.target(), request, never)]);
    expect(first).toMatchObject({ is: 'answered' });
    stop.abort(new Error('enough'));
    expect(new Set((await Promise.allSettled(hung)).map(({ status }) => status))).toEqual(new Set(['rejected']));
    await few.close();
  });

  test('one that refuses the port', async () => {
    expect(await connector.ask(server.target({ port: await freePort() }))).toMatchObject({
      reason: 'ConnectionRefused',
    });
  });

  test('a script that hangs, drips or floods is cut, and its connection with it', async () => {
    const cases: [string, string, number][] = [
      ['sleep 60', 'TimedOut', 2],
      ['while printf x; do sleep 0.1; done', 'TimedOut', 2],
      ['cat /dev/zero', 'OutputTooLarge', 50],
      ['cat /dev/zero >&2', 'OutputTooLarge', 50],
    ];
    await Promise.all(
      cases.map(async ([script, reason, timeoutSeconds], index) => {
        const target = server.target({ host: `127.0.0.${index + 1}` });
        expect(await connector.ask(target, script, { timeoutSeconds })).toMatchObject({ is: 'failed', reason });
      }),
    );
    await connector.noClients();
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });
});
