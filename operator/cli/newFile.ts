/** A file that is written under another name beside it, and gets its own when it is complete: nobody takes half of it for all. */
import { createWriteStream, rmSync } from 'node:fs';
import { access, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure, type NewFile } from './command.ts';

/** Only its owner may read it. */
export async function newFile(path: string, replaces: boolean): Promise<NewFile> {
  if (!replaces && (await exists(path))) throw taken(path);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  const handle = await open(temporary, 'wx', 0o600);
  const onExit = (): void => rmSync(temporary, { force: true });
  const onSignal = (signal: NodeJS.Signals): void => {
    onExit();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const forget = (): void => {
    process.off('exit', onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.once('exit', onExit);
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stream: createWriteStream('', { fd: handle, flush: true }),
    keep: async () => {
      await (replaces ? rename(temporary, path) : renameIfFree(temporary, path));
      forget();
    },
    discard: async () => {
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true });
      forget();
    },
  };
}

/** A link fails where the name is taken meanwhile; some file systems have none. */
async function renameIfFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await exists(to))) throw taken(to);
    await rename(from, to);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function taken(path: string): Failure {
  return new Failure(`${path} exists already; choose another name with --output, or add --force.`);
}
