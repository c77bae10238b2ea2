/** The version of the operator, of which `package.json` is the only source. Wiring: it reads a file at the start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function ownVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
