/** Bearer tokens that others renew in a file. */
import { readFile } from 'node:fs/promises';
import type { Clock } from './clock.ts';

/** The kubelet renews tokens long before they end. */
const TOKEN_MILLISECONDS = 60_000;

/** The token in the file, read again when the last reading is more than a minute old. */
export function tokenFile(path: string, clock: Clock): () => Promise<string> {
  let known: { token: string; at: number } | undefined;
  return async () => {
    if (!known || clock.elapsed() - known.at > TOKEN_MILLISECONDS) {
      known = { token: (await readFile(path, 'utf8')).trim(), at: clock.elapsed() };
    }
    return known.token;
  };
}
