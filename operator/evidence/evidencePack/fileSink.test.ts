/** The bytes of files, taken in this thread and in another: the same is written, digested and found, or it fails. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf } from '../../../test/builders/sections.ts';
import { numbers } from '../../../test/builders/seeded.ts';
import { positives } from '../../../test/evidence/gateCorpus.ts';
import { sha256 } from '../../lib/digest.ts';
import { allowedBy } from '../gate/allowed.ts';
import { gate, rules, type GateOptions } from '../gate/gate.ts';
import { record, sinkHere, type FileSink, type Sinks } from './fileSink.ts';
import { FileThread } from './fileThread.ts';
import { keepFiles } from './keepFiles.ts';

let folder: string;
let thread: FileThread;
const { signal } = new AbortController();
const file = 'evidence-20261127.json';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sink-'));
  thread = new FileThread();
});
afterEach(async () => {
  await thread.close();
  rmSync(folder, { recursive: true, force: true });
});

const options: GateOptions = {
  ...allowedBy([{ rule: 'email', path: '$.findings[*].owner' }], rules),
  people: new Set(['bob.smith@acme-corp.com']),
  conceal: (value) => `concealed ${value.length}`,
};
/** With what the gate finds and what it allows, some of it at the borders of what the threads share. */
const content = Buffer.from(
  JSON.stringify({
    findings: Array.from({ length: 9000 }, (_, at) => ({
      found: at % 400 === 0 ? positives[(at / 400) % positives.length]!.text : `mode 0644, ${'é'.repeat(at % 90)}`,
      owner: 'eve.smith@acme-corp.com',
      asked: 'bob.smith@acme-corp.com',
    })),
  }),
);

async function* pieces(bytes: Buffer, most: number, seed = 1): AsyncIterable<Uint8Array> {
  const below = numbers(seed);
  for (let at = 0; at < bytes.length;) {
    const length = 1 + below(most);
    yield await Promise.resolve(bytes.subarray(at, at + length));
    at += length;
  }
}

function sinks(path: string, apart?: () => FileSink | undefined): Sinks {
  return { here: () => sinkHere(path, gate(file, options)), ...(apart && { apart }) };
}

test('another thread takes a long file as this one does', async () => {
  const [here, there] = [join(folder, 'here'), join(folder, 'there')];
  expect(content.length).toBeGreaterThan(2 ** 20);
  const expected = await record(pieces(content, 5000), sinks(here), signal);
  expect(expected.verdict.count).toBeGreaterThan(10);
  expect(expected).toMatchObject({ size: content.length, sha256: sha256(content) });
  for (const [most, seed] of [
    [900_000, 2],
    [65_536, 3],
    [3000, 4],
  ] as const) {
    const apart = () => thread.open(there, file, options);
    expect(await record(pieces(content, most, seed), sinks(there, apart), signal)).toEqual(expected);
    expect(readFileSync(there).equals(content)).toBe(true);
    rmSync(there);
  }
  expect(readFileSync(here).equals(content)).toBe(true);
});

test('what is short is taken here', async () => {
  const apart = () => {
    throw new Error('a thread was asked for');
  };
  const path = join(folder, 'short');
  const { size } = await record(pieces(Buffer.from('{"a":[]}'), 3), sinks(path, apart), signal);
  expect(size).toBe(8);
  expect(readFileSync(path, 'utf8')).toBe('{"a":[]}');
});

test('what is not JSON to its end is not searched in full, there as here', async () => {
  const cut = content.subarray(0, -2);
  const apart = () => thread.open(join(folder, 'cut'), file, options);
  const { verdict } = await record(pieces(cut, 65_536), sinks('unused', apart), signal);
  expect(verdict.unread).toBe('it ends before its last bracket');
});

test.each<[string, () => string]>([
  ['a folder that is not there', () => join(folder, 'none', 'a')],
  [
    'a file that is there',
    () => {
      writeFileSync(join(folder, 'taken'), 'x');
      return join(folder, 'taken');
    },
  ],
])('%s is an error, and the thread takes the next file', async (_, path) => {
  const bad = path();
  const apart = () => thread.open(bad, file, options);
  await expect(record(pieces(content, 65_536), sinks('unused', apart), signal)).rejects.toThrow(/ENOENT|EEXIST/);
  const good = () => thread.open(join(folder, 'good'), file, options);
  expect(await record(pieces(content, 65_536), sinks('unused', good), signal)).toMatchObject({
    sha256: sha256(content),
  });
});

test('a thread that ends takes the file with it: nothing is said of that', async () => {
  const apart = () => {
    const sink = thread.open(join(folder, 'lost'), file, options);
    void thread.close();
    return sink;
  };
  await expect(record(pieces(content, 65_536), sinks('unused', apart), signal)).rejects.toThrow(
    'the thread that searches it for secrets failed: it ended',
  );
});

test('one pack at a time has the thread; another does without', async () => {
  const other = new FileThread();
  expect(thread.open(join(folder, 'a'), file, options)).toBeDefined();
  expect(other.open(join(folder, 'b'), file, options)).toBeUndefined();
  const path = join(folder, 'c');
  const apart = () => other.open(path, file, options);
  expect(await record(pieces(content, 65_536), sinks(path, apart), signal)).toMatchObject({ sha256: sha256(content) });
  await thread.close();
  expect(other.open(join(folder, 'd'), file, options)).toBeDefined();
  await other.close();
});

test('a source that fails, or a signal, ends it', async () => {
  async function* failing(): AsyncIterable<Uint8Array> {
    yield* pieces(content, 65_536);
    throw new Error('segment 7 is gone');
  }
  const apart = () => thread.open(join(folder, 'failed'), file, options);
  await expect(record(failing(), sinks('unused', apart), signal)).rejects.toThrow('segment 7 is gone');
  const ended = AbortSignal.abort(new Error('too slow'));
  await expect(record(pieces(content, 65_536), sinks('unused', apart), ended)).rejects.toThrow('too slow');
});

test('what was left of one file is nothing of the next', async () => {
  const expected = { size: content.length, sha256: sha256(content) };
  for (let round = 0; round < 5; round++) {
    const left = thread.open(join(folder, `left-${round}`), file, options)!;
    // All of it is on its way when the next is opened.
    for (let at = 0; at < 3; at++) await left.write(Buffer.alloc(256 * 1024, '"'));
    await left.close();
    const apart = () => thread.open(join(folder, `next-${round}`), file, options);
    expect(await record(pieces(content, 65_536), sinks('unused', apart), signal)).toMatchObject(expected);
    expect(readFileSync(join(folder, `next-${round}`)).equals(content)).toBe(true);
  }
});

test('what is kept is read as it was added, or not at all', async () => {
  const keep = keepFiles(folder, 'kept');
  const [one, other, none] = [keep.make(), keep.make(), keep.make()];
  for await (const piece of pieces(content, 100_000)) await one.add(piece);
  for await (const piece of pieces(content.subarray(0, 999), 100)) await other.add(piece);
  const all = (from: typeof one): Promise<Buffer> => bytesOf(from.read());
  expect((await all(one)).equals(content)).toBe(true);
  expect((await all(none)).length).toBe(0);
  const path = join(folder, '.kept-2');
  const before = readFileSync(path);
  for (const altered of [
    before.subarray(1),
    Buffer.concat([before.subarray(0, 500), Buffer.from('x'), before.subarray(501)]),
  ]) {
    writeFileSync(path, altered);
    await expect(all(other)).rejects.toThrow(`${path} changed while the section was made; find out who writes there`);
  }
  await keep.close();
  expect(readdirSync(folder)).toEqual([]);
});
