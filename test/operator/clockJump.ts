/** An operator whose wall clock jumps while it runs, as when the time of a machine is corrected. Its monotonic clock goes on as it is. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from '../cluster/setUp.ts';
import type { Bed } from './bed.ts';
import type { Operator } from './process.ts';

export interface Jumps {
  operator(...flags: readonly string[]): Promise<Operator>;
  /** From now on its clock is so many seconds ahead of that of this machine, or behind it. */
  to(seconds: number): void;
}

/** The clock of the operators that are started by it; it is right at first. */
export async function jumps(bed: Pick<Bed, 'folder' | 'operatorWith'>): Promise<Jumps> {
  const { environment, to } = await fakedClock(bed.folder);
  return { operator: (...flags) => bed.operatorWith({ environment, flags }), to };
}

/** For processes with these variables; `folder` holds what the time is. */
export async function fakedClock(
  folder: string,
): Promise<Pick<Jumps, 'to'> & { readonly environment: Readonly<Record<string, string>> }> {
  const library = join(await setUp('faketime'), 'libfaketime.so.1');
  const file = join(folder, 'clock');
  const to = (seconds: number): void => {
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}`);
    renameSync(`${file}.new`, file);
  };
  to(0);
  const environment = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
  return { environment, to };
}
