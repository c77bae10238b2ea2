import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readInputs } from './inputs.ts';
import { processIo } from './processIo.ts';

describe('operands stand for files on the disk', () => {
  let folder: string;
  const inFolder = (...names: string[]) => names.map((name) => join(folder, name));
  const read = (...operands: string[]) => readInputs(operands, processIo());

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-inputs-'));
    mkdirSync(join(folder, 'set/below'), { recursive: true });
    mkdirSync(join(folder, 'set/.git'));
    const files = {
      'set/b.yaml': 'b: 1',
      'set/a.yml': 'a: 1',
      'set/c.json': '{}',
      'set/below/d.yaml': 'd: 1',
      'set/readme.md': 'no',
      'set/.git/e.yaml': 'no: 1',
      'plain.txt': 'p: 1',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
    writeFileSync(join(folder, 'long.yaml'), Buffer.alloc(17 * 2 ** 20, 'x'));
    symlinkSync(join(folder, 'plain.txt'), join(folder, 'set/linked.yaml'));
    symlinkSync(join(folder, 'set'), join(folder, 'set/below/circle'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a folder stands for the YAML and JSON below it, by name, with linked files but not linked folders', async () => {
    const inputs = await read(join(folder, 'set'));
    expect(inputs.map(({ name }) => name)).toEqual(
      inFolder('set/a.yml', 'set/b.yaml', 'set/below/d.yaml', 'set/c.json', 'set/linked.yaml'),
    );
    expect(inputs.every(({ isNamed }) => !isNamed)).toBe(true);
  });

  test('a file stands for itself, whatever its name', async () => {
    const [input] = await read(join(folder, 'plain.txt'));
    expect(input).toEqual({ name: join(folder, 'plain.txt'), isNamed: true, text: 'p: 1' });
  });

  test.each([
    ['missing.yaml', 'cannot be read: it does not exist; check the path.'],
    ['latin.yaml', 'cannot be read: it is not valid UTF-8; save it as UTF-8.'],
    ['long.yaml', 'is longer than 16 MiB; split it.'],
  ])('%s is told, and others are read all the same', async (name, says) => {
    const [problem, other] = await read(join(folder, name), join(folder, 'plain.txt'));
    expect(problem).toMatchObject({ problem: `${join(folder, name)} ${says}` });
    expect(other).toMatchObject({ text: 'p: 1' });
  });
});
