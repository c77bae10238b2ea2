/** Requests over a connection that is open already: against a real sshd, and against what no OpenSSH client would say. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AnswerMemory } from './answerMemory.ts';
import { runOverChannel } from './channel.ts';
import { never, openTestConnector, until, type TestConnector } from '../../../test/ssh/connector.ts';
import { startTestServer, type TestServer } from '../../../test/ssh/server.ts';

jest.setTimeout(60_000);

describe('over an open connection', () => {
  let server: TestServer;
  let connector: TestConnector;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    connector = openTestConnector();
    await connector.connect(server.target());
  });

  afterEach(() => connector.close());

  test('no client is started', async () => {
    const stop = new AbortController();
    const clients = connector.clients();
    const begun = join(server.folder, 'begun');
    const work = connector.ask(server.target(), `touch ${begun}; sleep 60`, {}, stop.signal);
    await until(() => existsSync(begun));
    expect(connector.clients()).toEqual(clients);
    stop.abort(new Error('seen enough'));
    await expect(work).rejects.toThrow('seen enough');
  });

  test('output, errors and exit code are those of the script', async () => {
    const answer = await connector.ask(server.target(), "cat; printf '\\0\\377'; echo oops >&2; exit 7");
    const output = Buffer.concat([Buffer.from('hello\n'), Buffer.of(0, 255)]);
    expect(answer).toEqual({ is: 'answered', output, exitCode: 7, errors: 'oops\n' });
  });

  test('five megabytes go there and back, more than either side takes ahead', async () => {
    const input = '0123456789abcde\n'.repeat(320 * 1024);
    const answer = await connector.ask(server.target(), 'cat', { input, maxBytes: 10_000_000 });
    expect(answer.is === 'answered' && answer.output.equals(Buffer.from(input))).toBe(true);
  });

  // ansible#56444, #81777, #78344: the other side is gone while input is sent, and the run counts as neither done nor lost.
  test.each([
    ['ends at once', 'exit 3', 3],
    ['closes its input', 'exec <&-; echo out; sleep 0.2; exit 4', 4],
    ['reads a part of it', 'head -c 10 >/dev/null; exit 5', 5],
  ])('a script that %s is answered as it ended, whatever input is left', async (_, script, exitCode) => {
    const input = '0123456789abcde\n'.repeat(320 * 1024);
    expect(await connector.ask(server.target(), script, { input })).toMatchObject({ is: 'answered', exitCode });
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });

  test('more output than allowed ends the request', async () => {
    const endless = 'while :; do echo 0123456789; done';
    const answer = await connector.ask(server.target(), endless, { maxBytes: 100_000 });
    expect(answer).toMatchObject({ is: 'failed', reason: 'OutputTooLarge' });
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });

  test('a script that is killed is told like a connection that broke', async () => {
    expect(await connector.ask(server.target(), 'kill -9 $PPID $$')).toMatchObject({
      is: 'failed',
      reason: 'ConnectionLost',
    });
  });

  test('more requests at once than the host has sessions for are all answered', async () => {
    const answers = await Promise.all(Array.from({ length: 14 }, () => connector.outputOf(server.target())));
    expect(answers).toEqual(answers.map(() => 'hello\n'));
  });

  test('a host that has no session left on it is asked over a new one', async () => {
    await server.restart(['MaxSessions 1']);
    expect(await connector.outputOf(server.target())).toBe('hello\n');
    const begun = join(server.folder, 'occupied');
    const [own = ''] = readdirSync(connector.folder);
    const [socket = ''] = readdirSync(join(connector.folder, own)).filter((name) => /^c\d+$/.test(name));
    const place = join(connector.folder, own, socket);
    const other = spawn('ssh', ['-F', 'none', '-S', place, 'any', `touch ${begun}; sleep 60`], { stdio: 'ignore' });
    const end = once(other, 'exit');
    await until(() => existsSync(begun));
    expect(await connector.outputOf(server.target())).toBe('hello\n');
    await end;
    expect(connector.masters()).toHaveLength(1);
  });
});

describe('what keeps the connection', () => {
  const greeting = bytes('00000008 00000001 00000004 00000008 8000000f 00000000');
  const opened = (largest: string): Buffer => bytes(`00000012 00 5b 00000000 00000007 00200000 ${largest}`);
  const running = [greeting, opened('00008000')];
  const output = bytes('0000000c 00 5e 00000000 00000002 6869');
  const exitStatus = bytes('0000001a 00 62 00000000 0000000b 657869742d737461747573 00 00000003');
  const closed = bytes('00000006 00 61 00000000');
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-channel-'));
  let peer: Server;

  afterEach(() => void peer.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const bounds = { milliseconds: 300, maxBytes: 1000, portion: new AnswerMemory(1e9).open('fleet') };

  const says = async (parts: readonly Buffer[], how: 'ends' | 'waits' = 'ends') => {
    peer = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      for (const byte of Buffer.concat(parts)) socket.write(Buffer.of(byte));
      if (how === 'ends') socket.end();
    });
    const socket = join(folder, 'control');
    await once(peer.listen(socket), 'listening');
    const run = { ...bounds, socket, command: 'cat', input: Buffer.from('hello\n') };
    return runOverChannel(run, never);
  };

  test('may send its messages in pieces of any size', async () => {
    expect(await says([...running, output, exitStatus, closed])).toMatchObject({
      cut: undefined,
      exitCode: 3,
      output: Buffer.from('hi'),
      errors: '',
    });
  });

  test.each([
    ['ends at once', []],
    ['refuses', [bytes('00000008 00000001 00000004 00000008 80000003 00000000')]],
    ['speaks a later version', [bytes('00000008 00000001 00000005')]],
    ['speaks another protocol', [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]],
    ['announces a frame without end', [greeting, bytes('7fffffff')]],
    ['sends an empty frame', [bytes('00000000')]],
    ['opens no channel', [greeting, bytes('00000012 00 5c 00000000 00000001 00000000 00000000')]],
    ['opens a channel that takes no data', [greeting, opened('00000000')]],
    ['lets the host refuse the command', [...running, bytes('00000006 00 64 00000000')]],
  ])('and %s has run nothing: a client is asked', async (_, parts) => {
    expect(await says(parts)).toBeUndefined();
  });

  test('and is not there has run nothing', async () => {
    const run = { ...bounds, socket: join(folder, 'nobody'), command: 'cat', input: Buffer.alloc(0) };
    expect(await runOverChannel(run, never)).toBeUndefined();
  });

  test.each([
    ['ends', [output]],
    ['speaks of another channel', [output, bytes('00000006 00 61 00000001')]],
    ['sends text beyond the end of its message', [bytes('0000000c 00 5e 00000000 0000ffff 6869')]],
    ['closes the channel without an exit code', [output, closed]],
  ])('and %s while the command runs may have run it: no answer, and no other try', async (_, parts) => {
    expect(await says([...running, ...parts])).toMatchObject({ cut: undefined, exitCode: 255 });
  });

  test.each([
    ['before it has greeted', []],
    ['while the command runs', running],
  ])('and falls silent %s is given up in time', async (_, parts) => {
    expect(await says(parts, 'waits')).toMatchObject({ cut: 'time' });
  });
});

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}
