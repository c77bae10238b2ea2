import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const plugin = resolve(import.meta.dirname, '../../bin/kubectl-holdfast');

describe('bin/kubectl-holdfast', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast plugin '));
    symlinkSync(plugin, join(folder, 'kubectl-holdfast'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('runs through a link, from a folder with a space in its name, and prints nothing but its answer', () => {
    const { status, stdout, stderr } = spawnSync(join(folder, 'kubectl-holdfast'), ['--help'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Usage: kubectl holdfast COMMAND');
  });

  test('passes on input and exit code', () => {
    const run = spawnSync(plugin, ['import', 'ocm', '-'], { encoding: 'utf8', input: '' });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
    expect(run.stderr).toBe('error: standard input is empty; specify a file with policies.\n');
  });

  test.each([
    { what: 'an old Node', node: '#!/bin/sh\n[ "$1" = -p ] && echo 20 || echo v20.1.0\n', says: 'is v20.1.0' },
    { what: 'a broken Node', node: '#!/bin/sh\nexit 1\n', says: 'is not working' },
  ])('says what to do about $what', ({ node, says }) => {
    // A copy, so that the Node of this repository is not beside it.
    const copied = join(folder, 'copied');
    spawnSync('sh', ['-c', `mkdir -p "$1/bin" && cp "$0" "$1/bin"`, plugin, copied]);
    writeFileSync(join(copied, 'bin/node'), node);
    chmodSync(join(copied, 'bin/node'), 0o755);
    const path = `${join(copied, 'bin')}:/usr/bin:/bin`;
    const run = spawnSync(join(copied, 'bin/kubectl-holdfast'), [], { encoding: 'utf8', env: { PATH: path } });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('needs Node 24 or later');
    expect(run.stderr).toContain(says);
    expect(run.stderr).toContain("run 'npm ci'");
  });
});
