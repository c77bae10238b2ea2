/** The connector against a real sshd on loopback addresses. Each address is a host of its own to it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openSsh } from './openSsh.ts';
import { certify, freePort, makeKey, otherUser, startTestServer, type TestServer } from './testServer.ts';
import type { Ssh, SshAnswer, SshRequest, SshTarget } from './types.ts';

// A busy machine may take a second for a connection.
jest.setTimeout(60_000);

const never = new AbortController().signal;
let server: TestServer;
let folder: string;
let ssh: Ssh;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-ssh-'));
  ssh = openSsh({ folder, maxConnections: 2 });
});

afterEach(async () => {
  await ssh.close();
  await noClients();
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

interface Client {
  pid: number;
  title: string;
}

/** Our ssh processes: those that run in a folder of the connector's. */
function clients(): Client[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return [];
      return [{ pid: Number(pid), title: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      return [];
    }
  });
}

function masters(): Client[] {
  return clients().filter(({ title }) => title.endsWith('[mux]'));
}

/** A killed process takes a moment to be gone. */
function noClients(): Promise<void> {
  return until(() => clients().length === 0);
}

function ask(target: SshTarget, script = 'cat', changes: Partial<SshRequest> = {}, signal = never): Promise<SshAnswer> {
  return ssh.execute(target, { script, input: 'hello\n', timeoutSeconds: 20, maxBytes: 1_000_000, ...changes }, signal);
}

async function outputOf(target: SshTarget, script?: string): Promise<string> {
  const answer = await ask(target, script);
  return answer.is === 'answered' ? answer.output.toString() : JSON.stringify(answer);
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 2000) throw new Error('What was waited for did not come about within 20 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a host that answers', () => {
  test('gives the output of the script byte for byte, its errors and its exit code', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const script = `cat; printf '${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'; echo oops >&2; exit 7`;
    const output = Buffer.concat([Buffer.from('hello\n'), bytes]);
    expect(await ask(server.target(), script)).toEqual({ is: 'answered', output, exitCode: 7, errors: 'oops\n' });
  });

  test('keeps one connection for several requests', async () => {
    const connection = 'echo "$SSH_CONNECTION"';
    const first = await outputOf(server.target(), connection);
    expect(await outputOf(server.target(), connection)).toBe(first);
    expect(masters()).toHaveLength(1);
  });

  test('shows the private key to nobody: not in arguments, environment or readable files', async () => {
    const secret = server.clientKey.privateKey.split('\n')[2] ?? '';
    const stop = new AbortController();
    const work = ask(server.target(), 'sleep 60', {}, stop.signal);
    await until(() => masters().length === 1);
    const shown = clients().map(
      ({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8'),
    );
    const files = readdirSync(folder).flatMap((name) =>
      readdirSync(join(folder, name)).map((file) => join(folder, name, file)),
    );
    const keyFiles = files.filter((file) => statSync(file).isFile() && readFileSync(file, 'utf8').includes(secret));
    stop.abort(new Error('seen enough'));
    await expect(work).rejects.toThrow('seen enough');
    expect(secret).toMatch(/^[A-Za-z0-9+/=]{40,}$/);
    expect(shown.join('\n')).not.toContain(secret);
    expect(keyFiles).toHaveLength(1);
    expect(files.every((file) => (statSync(join(file, '..')).mode & 0o777) === 0o700)).toBe(true);
    await ask(server.target());
    expect(keyFiles.filter((file) => readdirSync(join(file, '..')).includes(file.split('/').at(-1) ?? ''))).toEqual([]);
  });

  test('has no more connections than the bound, whatever the number of hosts', async () => {
    const hosts = [1, 2, 3, 4, 5].map((number) =>
      server.target({ id: `default/host-${number}`, host: `127.0.0.${number}` }),
    );
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(hosts.map((host) => outputOf(host)));
      expect(answers).toEqual(hosts.map(() => 'hello\n'));
      expect(masters()).toHaveLength(2);
    }
  });

  test('accepts a private key pasted with the line ends of Windows and none at its end', async () => {
    const privateKey = server.clientKey.privateKey.trim().replaceAll('\n', '\r\n');
    expect(await outputOf(server.target({ privateKey }))).toBe('hello\n');
  });
});

describe('identity', () => {
  test('a host with another key than the pinned one is refused, with its fingerprint', async () => {
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other');
    const answer = await ask(server.target({ hostKeys: [publicKey] }));
    expect(answer).toEqual({
      is: 'failed',
      reason: 'HostKeyChanged',
      message: expect.stringMatching(
        /^host key of 127\.0\.0\.1 has changed: expected the pinned key; compare with the host's console, then update spec\.ssh\.hostKeys \(it shows SHA256:/,
      ),
    });
  });

  test('a host without a key of the pinned types is refused', async () => {
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other', 'ecdsa');
    const answer = await ask(server.target({ hostKeys: [publicKey] }));
    expect(answer).toMatchObject({ reason: 'HostKeyChanged', message: expect.stringContaining('ecdsa-sha2-nistp256') });
  });

  test('an open connection is not used for a target that pins another key', async () => {
    expect(await outputOf(server.target())).toBe('hello\n');
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other');
    expect(await ask(server.target({ hostKeys: [publicKey] }))).toMatchObject({ reason: 'HostKeyChanged' });
  });

  test('an open connection is not used for other credentials', async () => {
    expect(await outputOf(server.target())).toBe('hello\n');
    const { privateKey } = makeKey(mkdtempSync(join(server.folder, 'k')), 'other');
    expect(await ask(server.target({ privateKey }))).toMatchObject({ reason: 'AuthenticationFailed' });
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('an open connection is not used for another account', async () => {
    expect(await outputOf(server.target(), 'id -un')).toBe('root\n');
    const answer = await ask(server.target({ user: otherUser }), 'id -un');
    expect(answer).toMatchObject({ is: 'answered', exitCode: 1 });
    expect(String((answer as { output?: Buffer }).output)).toContain('not available');
  });

  test('a private key with a passphrase, or none at all, is refused with what to store', async () => {
    const locked = ['RFC4716', 'PEM', 'PKCS8'].map((format) => {
      const { file } = makeKey(mkdtempSync(join(server.folder, 'k')), 'locked', 'ecdsa');
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-m', format, '-f', file]);
      return readFileSync(file, 'utf8');
    });
    for (const privateKey of [...locked, '', 'no key at all']) {
      expect(await ask(server.target({ privateKey }))).toMatchObject({
        reason: 'CredentialsUnusable',
        message: expect.stringContaining('ssh-privatekey'),
      });
    }
  });

  test.each([
    [{ host: '-oProxyCommand=touch /tmp/x' }, 'spec.ssh.host'],
    [{ user: '-x' }, 'spec.ssh.user'],
    [{ hostKeys: [] }, 'exactly one'],
    [{ hostKeys: ['ssh-ed25519 AAAA\n* ssh-ed25519 BBBB'] }, 'spec.ssh.hostKeys[0]'],
  ])('a target with %j is not tried', async (changes, said) => {
    expect(await ask(server.target(changes))).toMatchObject({
      is: 'failed',
      reason: 'Failed',
      message: expect.stringContaining(said),
    });
  });
});

describe('host certificates', () => {
  const signed = async (principals: string, options: readonly string[] = []): Promise<SshTarget> => {
    const authority = makeKey(mkdtempSync(join(server.folder, 'ca')), 'ca');
    certify(authority, server.hostKey, principals, ['-h', ...options]);
    await server.restart([`HostCertificate ${server.hostKey.file}-cert.pub`]);
    return server.target({ hostKeys: [], hostCertificateAuthorities: [authority.publicKey] });
  };

  afterAll(() => server.restart());

  test('a host whose certificate names it is accepted, one that it does not name is not, though the authority is the same', async () => {
    const target = await signed('127.0.0.1,other');
    expect(await outputOf(target)).toBe('hello\n');
    expect(await ask({ ...target, host: '127.0.0.2' })).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('name is not a listed principal'),
    });
    const { publicKey } = makeKey(mkdtempSync(join(server.folder, 'ca')), 'other');
    expect(await ask({ ...target, hostCertificateAuthorities: [publicKey] })).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('of no authority'),
    });
  });

  test('a certificate that has run out is refused', async () => {
    const target = await signed('127.0.0.1', ['-V', '20200101:20210101']);
    expect(await ask(target)).toMatchObject({ reason: 'HostKeyChanged', message: expect.stringContaining('expired') });
  });

  test('a host without a certificate is refused, even by the key of the authority itself', async () => {
    await server.restart();
    const target = server.target({ hostKeys: [], hostCertificateAuthorities: [server.hostKey.publicKey] });
    expect(await ask(target)).toMatchObject({
      reason: 'HostKeyChanged',
      message: expect.stringContaining('no host certificate'),
    });
  });
});

test('a certificate of the account is used', async () => {
  const authority = makeKey(server.folder, 'users');
  const key = makeKey(server.folder, 'certified');
  const certificate = certify(authority, key, server.target().user);
  await server.restart([`TrustedUserCAKeys ${authority.file}.pub`]);
  expect(await ask(server.target({ privateKey: key.privateKey }))).toMatchObject({ reason: 'AuthenticationFailed' });
  expect(await outputOf(server.target({ privateKey: key.privateKey, certificate }))).toBe('hello\n');
  await server.restart();
});

describe('a host that does not answer', () => {
  const open: (() => void)[] = [];

  afterEach(() => open.splice(0).forEach((close) => close()));

  /** A target that is no sshd, but does this with a connection. */
  const answering = async (answer: (socket: Socket) => void): Promise<SshTarget> => {
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
    expect(await ask(target)).toEqual({ is: 'failed', reason, message });
  });

  test('one that accepts connections and is silent is given up after the time for connecting', async () => {
    const hurried = openSsh({ folder, connectTimeoutSeconds: 1 });
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
    expect(await ask(target, 'cat', { timeoutSeconds: 1 })).toMatchObject({ is: 'failed', reason: 'TimedOut' });
  });

  test('a refused port and a name that does not resolve are told apart', async () => {
    expect(await ask(server.target({ port: await freePort() }))).toMatchObject({ reason: 'ConnectionRefused' });
    expect(await ask(server.target({ host: 'no-such-host.invalid' }))).toMatchObject({ reason: 'NameNotResolved' });
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
        expect(await ask(target, script, { timeoutSeconds })).toMatchObject({ is: 'failed', reason });
      }),
    );
    await noClients();
    expect(await outputOf(server.target())).toBe('hello\n');
  });
});

describe('a connection that broke', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('by %s to its process is replaced unseen', async (signal) => {
    await ask(server.target());
    for (const { pid } of masters()) process.kill(pid, signal);
    expect(await outputOf(server.target())).toBe('hello\n');
  });

  test('on the side of the host is replaced unseen', async () => {
    await ask(server.target());
    server.dropConnections();
    expect(await outputOf(server.target())).toBe('hello\n');
  });

  test('in the middle of a script is a failure, since the script may have run', async () => {
    await ask(server.target());
    const begun = join(server.folder, 'begun');
    const work = ask(server.target(), `touch ${begun}; sleep 60`);
    await until(() => existsSync(begun));
    server.dropConnections();
    expect(await work).toMatchObject({ is: 'failed', reason: 'ConnectionLost' });
    expect(await outputOf(server.target())).toBe('hello\n');
  });

  test('whose process hangs costs one request and is replaced', async () => {
    await ask(server.target());
    for (const { pid } of masters()) process.kill(pid, 'SIGSTOP');
    expect(await ask(server.target(), 'cat', { timeoutSeconds: 1 })).toMatchObject({
      is: 'failed',
      reason: 'TimedOut',
    });
    expect(await outputOf(server.target())).toBe('hello\n');
  });
});

describe('sudo', () => {
  const withSudo = async (script: string): Promise<void> => {
    const file = join(server.folder, 'sudo');
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await server.restart([`SetEnv PATH=${server.folder}:/usr/bin:/bin`]);
  };

  afterAll(() => server.restart());

  test('that refuses is told with its own words and the rule that is missing; the connection is kept', async () => {
    await withSudo('echo "sudo: a password is required" >&2; exit 1');
    const target = server.target({ become: 'sudo' });
    expect(await ask(target)).toMatchObject({
      is: 'failed',
      reason: 'BecomeDenied',
      message: expect.stringMatching(/a password is required.*NOPASSWD/),
    });
    expect(masters()).toHaveLength(1);
  });

  test('that allows runs the script', async () => {
    await withSudo('[ "$1 $2" = "-n --" ] || exit 9; shift 2; exec "$@"');
    expect(await outputOf(server.target({ become: 'sudo' }))).toBe('hello\n');
  });
});

describe('the end', () => {
  test('an aborted request rejects with its reason and leaves no process', async () => {
    const stop = new AbortController();
    const work = ask(server.target(), 'sleep 60', {}, stop.signal);
    await until(() => clients().length > 0);
    stop.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
    await noClients();
    await expect(ask(server.target(), 'cat', {}, stop.signal)).rejects.toThrow('lease lost');
  });

  test('closing ends what is at work', async () => {
    const work = ask(server.target(), 'sleep 60');
    await until(() => clients().length > 0);
    const ended = expect(work).rejects.toThrow('closed');
    await ssh.close();
    await ended;
    await noClients();
    await expect(ask(server.target())).rejects.toThrow('closed');
  });

  test('what a killed process left behind is ended and removed, what a living one has is not', async () => {
    await ask(server.target());
    const program = `
      import { openSsh } from ${JSON.stringify(join(import.meta.dirname, 'openSsh.ts'))};
      const ssh = openSsh({ folder: ${JSON.stringify(folder)} });
      const request = { script: 'echo', input: '', timeoutSeconds: 20, maxBytes: 1000 };
      await ssh.execute(${JSON.stringify(server.target())}, request, new AbortController().signal);
      console.log('open');
      setInterval(() => undefined, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(masters()).toHaveLength(2);
    const [own] = readdirSync(folder).filter((name) => name.startsWith(`ssh-${process.pid}-`));
    const next = openSsh({ folder });
    await until(() => masters().length === 1);
    expect(readdirSync(folder)).toContain(own);
    expect(readdirSync(folder)).toHaveLength(2);
    await next.close();
  });

  test('a state folder that cannot be written is told', async () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    expect(await ask(server.target())).toMatchObject({
      is: 'failed',
      reason: 'Failed',
      message: expect.stringContaining('state folder'),
    });
  });
});
