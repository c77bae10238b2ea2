/** The disk of the operator is full at any step of a run: it starts once at most, what came of it is known, and no key is left. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalAnsible } from '../../operator/connect/ansible/local.ts';
import { countingPrograms, ended, filesWith, goOn, linesOf, openBed } from './ansibleBed.ts';
import type { AnsibleBed } from './ansibleBed.ts';

jest.setTimeout(300_000);
let bed: AnsibleBed;
/** A small file system. */
let disk: string;
beforeAll(async () => {
  bed = await openBed();
  disk = join(bed.folder, 'disk');
  mkdirSync(disk);
});
afterAll(() => bed.close());
beforeEach(() => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,nr_inodes=400', 'none', disk]));
afterEach(() => void execFileSync('umount', ['--lazy', disk]));

/** Leaves so many blocks, or so many inodes, and answers what gives the others back. */
function filled(what: 'blocks' | 'inodes', left: number): () => void {
  const filler = join(disk, 'filler');
  mkdirSync(filler);
  const { bavail, bsize, ffree } = statfsSync(disk);
  if (what === 'blocks') writeFileSync(join(filler, 'blocks'), Buffer.alloc((bavail - left) * bsize));
  else for (let at = 0; at < ffree - left; at++) writeFileSync(join(filler, `${at}`), '');
  return () => rmSync(filler, { recursive: true });
}

describe.each(['blocks', 'inodes'] as const)('a disk without %s', (what) => {
  test('at any step of a run', async () => {
    const counter = join(bed.folder, `counter-${what}`);
    const python = countingPrograms(bed, counter, `counting-${what}`);
    const key = bed.server.clientKey.privateKey.split('\n')[1] ?? 'missing';
    const stateFolder = join(disk, 'state');
    const local = openLocalAnsible({ folder: stateFolder, python });
    const seen = new Set<string>();
    // Also a little beyond the first that is executed: its result may be what has no room.
    for (let left = 0, beyond = 6; beyond > 0; left++) {
      if (seen.has('finished 0')) beyond -= 1;
      const id = `left-${left}`;
      const free = filled(what, left);
      const refusal = await local.start(id, bed.request()).then(
        () => undefined,
        (error: Error) => error.message,
      );
      const full = refusal === undefined ? await ended(local, id) : await local.state(id);
      const executed = linesOf(counter);
      expect({ left, keys: filesWith(stateFolder, key) }).toEqual({ left, keys: [] });
      if (refusal === undefined) {
        expect({ left, full }).toMatchObject({ left, full: { is: 'finished', exitCode: executed === 1 ? 0 : 127 } });
        seen.add(`finished ${executed === 1 ? 0 : 127}`);
      } else {
        expect({ left, refusal, full }).toMatchObject({
          left,
          refusal: expect.stringMatching(/no space|full/i),
          full: { is: 'absent' },
        });
        seen.add('refused');
      }
      free();
      // Nothing that was executed is executed again.
      expect({ left, state: await goOn({ stateFolder }, python, id, bed.request()) }).toMatchObject({
        left,
        state: refusal === undefined ? full : { is: 'finished', exitCode: 0 },
      });
      expect({ left, executed: linesOf(counter) }).toEqual({ left, executed: refusal === undefined ? executed : 1 });
      await local.forget(id);
      rmSync(counter, { force: true });
    }
    expect(seen).toContain('refused');
  });

  test('when a run is canceled', async () => {
    const stateFolder = join(disk, 'state');
    const local = openLocalAnsible({ folder: stateFolder, python: bed.python });
    let failures = 0;
    for (let left = 0, isDone = false; !isDone; left++) {
      const id = `cancelled-${left}`;
      const free = filled(what, left);
      isDone = await local.cancel(id).then(
        () => true,
        () => false,
      );
      if (!isDone) failures += 1;
      free();
      await local.cancel(id);
      expect({ left, state: await local.state(id) }).toMatchObject({ left, state: { is: 'finished', exitCode: 143 } });
      await local.forget(id);
    }
    expect(failures).toBeGreaterThan(0);
  });
});
