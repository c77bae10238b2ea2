/** The connector against a real sshd on loopback addresses. Each address is a host of its own to it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openSsh } from './openSsh.ts';
import { privateKeyText } from './privateKey.ts';
import { openTestConnector, until, type Client, type TestConnector } from '../../../test/ssh/connector.ts';
import { startTestServer, type TestServer } from '../../../test/ssh/server.ts';

// A busy machine may take a second for a connection.
jest.setTimeout(60_000);

/** Jobs of Ansible read the key from a volume. */
const asInJobs = `import sys; sys.path.insert(0, '${join(import.meta.dirname, '../ansible')}'); import run; sys.stdout.write(run.key_text(sys.stdin.read()))`;

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

describe('a host that answers', () => {
  test('gives the output of the script byte for byte, its errors and its exit code', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const script = `cat; printf '${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'; echo oops >&2; exit 7`;
    const output = Buffer.concat([Buffer.from('hello\n'), bytes]);
    expect(await connector.ask(server.target(), script)).toEqual({
      is: 'answered',
      output,
      exitCode: 7,
      errors: 'oops\n',
    });
  });

  test('that is asked once leaves no connection open; from the second request on, one is kept for all', async () => {
    const connection = 'echo "$SSH_CONNECTION"';
    const once = await connector.outputOf(server.target(), connection);
    expect(connector.masters()).toEqual([]);
    const kept = await connector.outputOf(server.target(), connection);
    expect(kept).not.toBe(once);
    expect(await connector.outputOf(server.target(), connection)).toBe(kept);
    expect(connector.masters()).toHaveLength(1);
  });

  test('shows the private key to nobody: not in arguments, environment or readable files', async () => {
    const secret = server.clientKey.privateKey.split('\n')[2] ?? '';
    const stop = new AbortController();
    const begun = join(server.folder, 'begun-with-key');
    const work = connector.ask(server.target(), `touch ${begun}; sleep 60`, {}, stop.signal);
    await until(() => existsSync(begun));
    const shown = connector
      .processes()
      .map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8'));
    const files = readdirSync(connector.folder).flatMap((name) =>
      readdirSync(join(connector.folder, name)).map((file) => join(connector.folder, name, file)),
    );
    const keyFiles = files.filter((file) => statSync(file).isFile() && readFileSync(file, 'utf8').includes(secret));
    stop.abort(new Error('seen enough'));
    await expect(work).rejects.toThrow('seen enough');
    expect(secret).toMatch(/^[A-Za-z0-9+/=]{40,}$/);
    expect(shown.join('\n')).not.toContain(secret);
    expect(keyFiles).toHaveLength(1);
    expect(files.every((file) => (statSync(join(file, '..')).mode & 0o777) === 0o700)).toBe(true);
    await connector.ask(server.target());
    expect(keyFiles.filter((file) => readdirSync(join(file, '..')).includes(file.split('/').at(-1) ?? ''))).toEqual([]);
  });

  test('has no more connections than the bound, whatever the number of hosts', async () => {
    const hosts = [1, 2, 3, 4, 5].map((number) =>
      server.target({ id: `default/host-${number}`, host: `127.0.0.${number}` }),
    );
    for (const masters of [0, 2, 2]) {
      const answers = await Promise.all(hosts.map((host) => connector.outputOf(host)));
      expect(answers).toEqual(hosts.map(() => 'hello\n'));
      expect(connector.masters()).toHaveLength(masters);
    }
  });

  test.each([
    ['the line ends of Windows and none at its end', (key: string) => key.trim().replaceAll('\n', '\r\n')],
    ['indented lines', (key: string) => key.replaceAll(/^/gm, '    ')],
    ['all on one line', (key: string) => key.replaceAll('\n', ' ')],
    ['its line ends in words', (key: string) => key.replaceAll('\n', '\\n')],
    ['a byte order mark and a remark before it', (key: string) => `\uFEFFBag Attributes\n${key}`],
  ])('accepts a private key with %s', async (_, written) => {
    const privateKey = written(server.clientKey.privateKey);
    const inJob = execFileSync('python3', ['-c', asInJobs], { input: privateKey, encoding: 'utf8' });
    expect(inJob).toBe(privateKeyText(privateKey));
    expect(await connector.outputOf(server.target({ privateKey }))).toBe('hello\n');
  });
});

describe('a connection that broke', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('by %s to its process is replaced unseen', async (signal) => {
    await connector.connect(server.target());
    for (const { pid } of connector.masters()) process.kill(pid, signal);
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });

  test('on the side of the host is replaced unseen', async () => {
    await connector.connect(server.target());
    server.dropConnections();
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });

  test('in the middle of a script is a failure, since the script may have run', async () => {
    await connector.connect(server.target());
    const begun = join(server.folder, 'begun');
    const work = connector.ask(server.target(), `touch ${begun}; sleep 60`);
    await until(() => existsSync(begun));
    server.dropConnections();
    expect(await work).toMatchObject({ is: 'failed', reason: 'ConnectionLost' });
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });

  test('whose process hangs costs one request and is replaced', async () => {
    await connector.connect(server.target());
    for (const { pid } of connector.masters()) process.kill(pid, 'SIGSTOP');
    expect(await connector.ask(server.target(), 'cat', { timeoutSeconds: 1 })).toMatchObject({
      is: 'failed',
      reason: 'TimedOut',
    });
    expect(await connector.outputOf(server.target())).toBe('hello\n');
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
    await connector.ask(target);
    expect(await connector.ask(target)).toMatchObject({
      is: 'failed',
      reason: 'BecomeDenied',
      message: expect.stringMatching(/a password is required.*NOPASSWD/),
    });
    expect(connector.masters()).toHaveLength(1);
  });

  test('that allows runs the script', async () => {
    await withSudo('[ "$1 $2" = "-n --" ] || exit 9; shift 2; exec "$@"');
    expect(await connector.outputOf(server.target({ become: 'sudo' }))).toBe('hello\n');
  });
});

describe('the end', () => {
  test('an aborted request rejects with its reason and leaves no process', async () => {
    const stop = new AbortController();
    const work = connector.ask(server.target(), 'sleep 60', {}, stop.signal);
    await until(() => connector.clients().length > 0);
    stop.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
    await connector.noClients();
    await expect(connector.ask(server.target(), 'cat', {}, stop.signal)).rejects.toThrow('lease lost');
  });

  test('closing ends what is at work', async () => {
    const work = connector.ask(server.target(), 'sleep 60');
    await until(() => connector.clients().length > 0);
    const ended = expect(work).rejects.toThrow('closed');
    await connector.ssh.close();
    await ended;
    await connector.noClients();
    await expect(connector.ask(server.target())).rejects.toThrow('closed');
  });

  test('what a killed process was at ends with it, with its keys', async () => {
    await connector.connect(server.target());
    const left = connector.processes().length;
    const other = await startOther();
    other.kill('SIGKILL');
    await until(() => connector.processes().length === left && readdirSync(connector.folder).length === 1);
    expect(connector.masters()).toHaveLength(1);
    expect(await connector.outputOf(server.target())).toBe('hello\n');
  });

  test('what is left when its shells were killed as well is removed by the next, what a living process has is not', async () => {
    await connector.connect(server.target());
    const own = new Set(connector.processes().map(({ pid }) => pid));
    const other = await startOther();
    // Stopped, it starts no other shell.
    other.kill('SIGSTOP');
    const others = (): Client[] =>
      connector.processes().filter(({ pid, title }) => !own.has(pid) && !title.endsWith('[mux]'));
    for (const { pid } of others()) process.kill(pid, 'SIGKILL');
    await until(() => others().length === 0);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(connector.masters()).toHaveLength(2);
    const [kept] = readdirSync(connector.folder).filter((name) => name.startsWith(`ssh-${process.pid}-`));
    const next = openSsh({ folder: connector.folder });
    await until(() => connector.masters().length === 1);
    expect(readdirSync(connector.folder)).toContain(kept);
    expect(readdirSync(connector.folder)).toHaveLength(2);
    await next.close();
  });

  const started: ChildProcess[] = [];

  afterEach(() => started.splice(0).forEach((other) => other.kill('SIGKILL')));

  /** A process with a connector of its own in the folder: with an open connection, and a client at work. */
  const startOther = async (): Promise<ChildProcess> => {
    const begun = join(server.folder, `begun-${Math.random()}`);
    const program = `
      import { openSsh } from ${JSON.stringify(join(import.meta.dirname, 'openSsh.ts'))};
      const ssh = openSsh({ folder: ${JSON.stringify(connector.folder)} });
      const ask = (script) => ssh.execute(${JSON.stringify(server.target())},
        { script, input: '', timeoutSeconds: 60, maxBytes: 1000 }, new AbortController().signal);
      await ask('echo');
      await ask('echo');
      void ask('sleep 60');
      void ask('touch ${begun}; sleep 60');`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
    started.push(other);
    await until(() => existsSync(begun));
    return other;
  };

  test('a state connector.folder that cannot be written is told', async () => {
    for (const name of readdirSync(connector.folder)) rmSync(join(connector.folder, name), { recursive: true });
    expect(await connector.ask(server.target())).toMatchObject({
      is: 'failed',
      reason: 'ClientUnusable',
      message: expect.stringContaining('state directory'),
    });
  });
});
