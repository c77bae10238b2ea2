/** The shells that start clients, with programs in the place of OpenSSH's client. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AnswerMemory } from './answerMemory.ts';
import { Clients } from './client.ts';
import { PrivateFiles } from './privateFiles.ts';
import type { ClientEnd } from './shell.ts';
import { never, until } from '../../../test/ssh/connector.ts';

let folder: string;
let clients: Clients;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-clients-'));
  clients = new Clients('sh', folder, new PrivateFiles(folder));
});

afterEach(async () => {
  await clients.close();
  expect(processes()).toEqual([]);
  rmSync(folder, { recursive: true });
});

const bounds = {
  group: 'fleet',
  secrets: [],
  knownHosts: '',
  input: Buffer.from('hello\n'),
  milliseconds: 50_000,
  maxBytes: 1_000_000,
  portion: new AnswerMemory(1e9).open('fleet'),
};

function run(script: string, changes: Partial<typeof bounds> = {}, signal = never): Promise<ClientEnd> {
  return clients.run({ ...bounds, arguments: () => ['-c', script], ...changes }, signal);
}

function processes(): { pid: number; line: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      if (readlinkSync(`/proc/${name}/cwd`) !== folder) return [];
      return [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      return [];
    }
  });
}

const shells = (): number => processes().filter(({ line }) => line.includes('clients.sh')).length;

test('of many groups that wait for a shell, each gets one in its turn', async () => {
  const order: string[] = [];
  const one = (group: string): Promise<ClientEnd> =>
    clients.run({ ...bounds, group, arguments: () => (order.push(group), ['-c', 'cat']) }, never);
  await Promise.all([...Array.from({ length: 20 }, () => one('many')), one('one')]);
  expect(order).toHaveLength(21);
  expect(order.indexOf('one')).toBeLessThanOrEqual(2);
});

describe('a client', () => {
  test('is given its arguments as they are, its input and its files', async () => {
    const words = ["it's", '', '$HOME `id` "*" \\', 'two\nlines', '-n'];
    const script = 'printf "%s|" "$@"; cat "$0" - ; echo oops >&2; exit 3';
    const end = await clients.run(
      { ...bounds, knownHosts: 'known\n', secrets: ['key\n'], arguments: (hosts) => ['-c', script, hosts, ...words] },
      never,
    );
    const output = Buffer.from(`${words.join('|')}|known\nhello\n`);
    expect(end).toEqual({ output, errors: 'oops\n', exitCode: 3 });
    expect(readdirSync(folder).filter((name) => name.startsWith('f'))).toEqual([]);
  });

  test('finds nothing of the client before it in its files', async () => {
    await run('cat', { input: Buffer.from('a longer input than that of the next\n') });
    expect((await run('cat')).output.toString()).toBe('hello\n');
  });

  test('has no environment but its own', async () => {
    process.env['HOLDFAST_TEST_SECRET'] = 'hidden';
    const { output } = await run('env');
    delete process.env['HOLDFAST_TEST_SECRET'];
    expect(output.toString()).not.toContain('HOLDFAST');
  });

  test('may write megabytes, of which none is lost', async () => {
    const input = Buffer.from('0123456789abcde\n'.repeat(256 * 1024));
    const { output } = await run('cat', { input, maxBytes: 10_000_000 });
    expect(output.equals(input)).toBe(true);
  });

  test('is cut when it writes more than allowed, be it before or after it has ended', async () => {
    expect(await run('yes', { maxBytes: 100_000 })).toMatchObject({ cut: 'size' });
    expect(await run('printf 123456; printf 12345 >&2', { maxBytes: 10 })).toMatchObject({ cut: 'size' });
    expect((await run('printf 12345; printf 12345 >&2', { maxBytes: 10 })).cut).toBeUndefined();
  });

  test('is cut when its time is over, with all that it has started', async () => {
    expect(await run('sleep 1000 & sleep 1000', { milliseconds: 300 })).toMatchObject({ cut: 'time' });
    expect(processes().filter(({ line }) => line.includes('sleep'))).toEqual([]);
    expect((await run('cat')).exitCode).toBe(0);
  });

  test('is ended when the caller gives up, and no process is left of it', async () => {
    const stop = new AbortController();
    const work = run('touch begun; sleep 1000', {}, stop.signal);
    await until(() => readdirSync(folder).includes('begun'));
    stop.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
    expect(processes().filter(({ line }) => line.includes('sleep'))).toEqual([]);
  });

  test('cannot end its text before it has ended itself', async () => {
    const { output } = await run('printf "%s 0\\n" "mark" "$mark"; cat');
    expect(output.toString()).toBe('mark 0\n 0\nhello\n');
  });
});

describe('shells', () => {
  test('are used again, and one waits for the end of the operator', async () => {
    for (let times = 0; times < 5; times++) await run('cat');
    expect(shells()).toBe(2);
  });

  test('that are started beforehand take the first work', async () => {
    clients.prepare(3);
    expect(shells()).toBe(4);
    for (const { output } of await Promise.all(
      ['a', 'b', 'c'].map((input) => run('cat', { input: Buffer.from(input) })),
    ))
      expect('abc').toContain(output.toString());
    expect(shells()).toBe(4);
  });

  test('are given to who waits as soon as they are idle', async () => {
    const ends = await Promise.all(
      Array.from({ length: 100 }, (_, index) => run('cat', { input: Buffer.from(`${index}\n`) })),
    );
    expect(ends.map(({ output }) => output.toString())).toEqual(ends.map((_, index) => `${index}\n`));
    await until(() => shells() <= 65);
  });

  test('are started while others are at work for long, and fewer of them are kept', async () => {
    const waiting = 'echo >>begun; until [ -e go ]; do sleep 0.1; done; cat';
    const begun = (): number => readFileSync(join(folder, 'begun'), 'utf8').length;
    const slow = Array.from({ length: 80 }, () => run(waiting));
    expect((await run('cat')).output.toString()).toBe('hello\n');
    await until(() => begun() === 80);
    expect(shells()).toBeGreaterThan(80);
    writeFileSync(join(folder, 'go'), '');
    for (const { output } of await Promise.all(slow)) expect(output.toString()).toBe('hello\n');
    await until(() => shells() <= 65);
  });

  test('that are waited for by who gives up are for others', async () => {
    const stop = new AbortController();
    const first = run('cat');
    const work = run('cat', {}, stop.signal);
    stop.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
    expect((await first).output.toString()).toBe('hello\n');
    expect((await run('cat')).output.toString()).toBe('hello\n');
  });

  test('that die idle are replaced, those that die at work fail what they were at', async () => {
    await run('cat');
    const work = run('touch begun; sleep 1000');
    await until(() => readdirSync(folder).includes('begun'));
    for (const { pid, line } of processes()) if (line.includes('clients.sh')) process.kill(pid, 'SIGKILL');
    expect(await work).toMatchObject({ cut: undefined, exitCode: null });
    await until(() => processes().length === 0);
    // That one ended which waits for the end of the operator is heard in its time, and it is replaced at the next work.
    await until(async () => {
      expect((await run('cat')).output.toString()).toBe('hello\n');
      return shells() === 2;
    });
  });

  test('that find no client say so', async () => {
    const others = new Clients('no-such-client', folder, new PrivateFiles(folder));
    const errors = expect.stringContaining('no-such-client: not found');
    for (let times = 0; times < 2; times++)
      expect(await others.run({ ...bounds, arguments: () => [] }, never)).toMatchObject({ cut: 'start', errors });
    await others.close();
  });

  test('are not started in a folder that cannot be written', async () => {
    writeFileSync(join(folder, 'r1'), '');
    clients.prepare(1);
    writeFileSync(join(folder, 'r2'), '');
    expect(await run('cat')).toMatchObject({ cut: 'folder', errors: expect.stringContaining('EEXIST') });
  });
});
