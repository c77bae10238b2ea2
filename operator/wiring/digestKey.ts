/** The key under which secrets are shown as digests. It must last, or every secret would look changed after a restart. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeOnce } from '../connect/privateFile.ts';

const keyBytes = 32;

/** Reads the key, and makes it when `file` is not there. Throws a sentence when it is too short to be one, or another user's. */
export function digestKey(file: string): Buffer {
  if (!existsSync(file)) make(file);
  const { uid } = statSync(file);
  // That of a mounted Secret belongs to root.
  if (uid !== 0 && uid !== (process.getuid?.() ?? uid))
    throw new Error(`${file} belongs to user ${uid}, who knows the key; delete it, or choose another file`);
  const key = readFileSync(file);
  if (key.length < keyBytes)
    throw new Error(
      `${file} contains fewer than ${keyBytes} bytes; delete it to have a key generated, or store a random key there`,
    );
  return key;
}

function make(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeOnce(file, randomBytes(keyBytes), `${file}.${process.pid}`);
}
