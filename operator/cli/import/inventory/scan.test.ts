/** Real servers, one that hangs, one that refuses, and a person who answers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ioWith } from '../../../../test/builders/io.ts';
import { freePort } from '../../../../test/freePort.ts';
import { startTestServer, type TestServer } from '../../../../test/ssh/server.ts';
import { confirmed } from './confirm.ts';
import { fingerprint } from './knownHosts.ts';
import { scanned } from './scan.ts';

let server: TestServer;
let mute: Server;
let folder: string;
const limits = { atOnce: 2, seconds: 2, allSeconds: 60 };
const at = (name: string, port: number) => ({ name, host: '127.0.0.1', port });
const portOf = (one: Server): number => (one.address() as AddressInfo).port;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-scan-'));
  server = await startTestServer();
  // Accepts connections, and never says a word.
  mute = createServer(() => undefined);
  await new Promise<void>((settle) => mute.listen(0, '127.0.0.1', settle));
});

afterAll(async () => {
  mute.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('hosts that hang or refuse stop no other, and each says why it has no key', async () => {
  const hosts = [
    ...['mute-1', 'mute-2', 'mute-3'].map((name) => at(name, portOf(mute))),
    at('closed', await freePort()),
    at('web', server.port),
  ];
  const found = await scanned(hosts, limits);
  const [type = '', base64 = ''] = server.hostKey.publicKey.split(' ');
  expect(found.get('web')).toEqual({ keys: [{ type, base64 }] });
  for (const name of ['mute-1', 'mute-2', 'mute-3', 'closed'])
    expect(found.get(name)).toEqual({
      why: expect.stringMatching(/^no (answer within 2 s|SSH server answered); check/),
    });
});

test('all of them end within their time; who was not asked is told so', async () => {
  const hosts = ['a', 'b', 'c', 'd'].map((name) => at(name, portOf(mute)));
  const found = await scanned(hosts, { atOnce: 1, seconds: 600, allSeconds: 1 });
  expect([...found.values()]).toEqual(
    hosts.map(() => ({ why: expect.stringContaining('1 s for all hosts were over') })),
  );
});

test('what a server without end sends is bounded', async () => {
  const endless = createServer((socket) => {
    const send = (): void => {
      while (!socket.destroyed && socket.write('x'.repeat(65_536)));
    };
    socket.on('drain', send).on('error', () => undefined);
    send();
  });
  await new Promise<void>((settle) => endless.listen(0, '127.0.0.1', settle));
  expect(await scanned([at('endless', portOf(endless))], limits)).toEqual(
    new Map([['endless', { why: expect.stringContaining('check its address') }]]),
  );
  endless.close();
});

test('a fingerprint is the one that ssh-keygen prints', () => {
  const [type = '', base64 = ''] = server.hostKey.publicKey.split(' ');
  const file = join(folder, 'key.pub');
  writeFileSync(file, `${type} ${base64}\n`);
  const printed = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1];
  expect(fingerprint({ type, base64 })).toBe(printed);
});

describe('a person confirms', () => {
  const key = { type: 'ssh-ed25519', base64: 'AAAAC3NzaC1lZDI1NTE5AAAAICeXyE9e7vDMsF6QbDVxn1WgDjn5GcWGdh644sjaEtIu' };
  const all = ['web', 'db', 'mail'].map((name) => ({ name, host: name, port: 22, keys: [key] }));
  const answering = (...answers: readonly string[]) => {
    const left = [...answers];
    const io = {
      ...ioWith({}),
      asked: [] as string[],
      ask: (question: string) => Promise.resolve((io.asked.push(question), left.shift())),
    };
    return io;
  };

  test.each([
    { name: 'all by yes', answers: ['yes'], names: ['web', 'db', 'mail'], asked: 1 },
    { name: 'none by y', answers: ['y', '', '', ''], names: [], asked: 4 },
    { name: 'each by itself', answers: ['', 'y', 'n', 'YES'], names: ['web', 'mail'], asked: 4 },
    { name: 'those before the end of the input', answers: ['', 'y'], names: ['web'], asked: 3 },
    { name: 'none where nobody is asked', answers: [], names: [], asked: 1 },
  ])('$name', async ({ answers, names, asked }) => {
    const io = answering(...answers);
    expect([...(await confirmed(all, io))]).toEqual(names);
    expect(io.asked).toHaveLength(asked);
  });

  test('without a terminal nobody is asked, and nothing is accepted', async () => {
    const io = ioWith({});
    expect([...(await confirmed(all, io))]).toEqual([]);
    expect(io.err).toContain(`web ${fingerprint(key)} ssh-ed25519`);
  });
});
