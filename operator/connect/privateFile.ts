/** Files that are made once, and then read by whoever needs them. */
import { linkSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Makes the file, readable by its owner only, unless it is there. It is linked when it is whole: a crash or a full disk leaves no half of it,
 * and of two that make it at once the first one wins. `draft` is a path beside it that nobody else uses.
 */
export function writeOnce(file: string, content: string | Buffer, draft: string): void {
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
