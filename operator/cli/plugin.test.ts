import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
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

  // sharkdp/fd#737
  test('says that its output could not be written, without a trace', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `'${plugin}' explain device > /dev/full`], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: the output cannot be written in full: ENOSPC: no space left on device, write\n',
    });
  });

  test('passes on input and exit code', () => {
    const run = spawnSync(plugin, ['import', 'ocm', '-'], { encoding: 'utf8', input: '' });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
    expect(run.stderr).toBe('error: standard input is empty; specify a file with policies.\n');
  });

  test.each([
    'status',
    'why web-01',
    'tree',
    'windows',
    'plan -f manifests/samples/deviceBaseline.yaml',
    'correct web-01 --yes',
    'undo rhel9-1 --yes',
    'scan web-01',
    'results rhel9',
    'rollout get',
  ])('says what to do where no apiserver responds, and ends with 1: %s', (words) => {
    const cluster = { name: 'away', cluster: { server: 'https://127.0.0.1:1' } };
    const context = { name: 'away', context: { cluster: 'away', user: 'away' } };
    const users = [{ name: 'away', user: { token: 'none' } }];
    const config = { clusters: [cluster], contexts: [context], users, 'current-context': 'away' };
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...config }));
    const { status, stdout, stderr } = spawnSync(plugin, [...words.split(' '), '--kubeconfig', kubeconfig], {
      cwd: resolve(import.meta.dirname, '../..'),
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: .*https:\/\/127\.0\.0\.1:1 does not respond .*; check with `kubectl cluster-info`\.\n$/,
    );
  });

  test.each([
    { who: 'a home directory that is only its own', mode: 0o700, isKept: true },
    { who: 'a cache that others may read, where Node would make directories by the umask', mode: 0o755, isKept: false },
    { who: 'a cache that others may write to, who could have it execute what they like', mode: 0o777, isKept: false },
  ])('keeps what was compiled in $who: $isKept', ({ mode, isKept }) => {
    // Directories of all that are above it count: a temporary one is writable by others.
    const home = mkdtempSync(join(homedir(), '.holdfast-test-'));
    try {
      mkdirSync(join(home, 'kubectl-holdfast'));
      chmodSync(join(home, 'kubectl-holdfast'), mode);
      const { status, stderr } = spawnSync(plugin, ['--help'], {
        env: { ...process.env, XDG_CACHE_HOME: home },
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(readdirSync(join(home, 'kubectl-holdfast')).length > 0).toBe(isKept);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test('keeps nothing below a directory that others may write to, and nothing where it may not write', () => {
    for (const cache of [join(folder, 'cache'), '/dev/null/cache']) {
      const { status, stderr } = spawnSync(plugin, ['--help'], {
        env: { ...process.env, XDG_CACHE_HOME: cache },
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    expect(readdirSync(join(folder, 'cache/kubectl-holdfast'))).toEqual([]);
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
