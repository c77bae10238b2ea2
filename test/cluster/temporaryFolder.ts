/** A folder that is gone when this process is, however it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  path: string;
  delete(): Promise<void>;
}

/** More than once, since a program that is being killed may still write while its files are deleted. */
const sweep = 'read -r _; for try in 1 2 3 4 5; do rm -rf -- "$0" && exit; sleep 1; done';

/** The folder is readable by its owner only. Its deletion waits for the end of a pipe that only this process writes to. */
export async function createTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const sweeper = spawn('sh', ['-c', sweep, path], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  sweeper.unref();
  (sweeper.stdin as Socket).unref();
  return {
    path,
    async delete(): Promise<void> {
      if (sweeper.exitCode !== null) return;
      sweeper.ref();
      sweeper.stdin.end();
      await once(sweeper, 'exit');
    },
  };
}
