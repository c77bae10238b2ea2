/** Shows scanned host keys to the person at the terminal, who compares them; nothing is accepted that was not answered. */
import { counted } from '../../../lib/text.ts';
import type { Io } from '../../command.ts';
import { printable } from '../../table.ts';
import { fingerprint, type PublicKey } from './knownHosts.ts';
import { shown } from './values.ts';

export interface Unconfirmed {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly keys: readonly PublicKey[];
}

/** One line a key, in the form that --accept-host-keys takes. */
export function fingerprintLines({ name, host, port, keys }: Unconfirmed): string {
  const place = host === name && port === 22 ? '' : `  # ${host}:${port}`;
  return keys.map((key) => printable(`${shown(name)} ${fingerprint(key)} ${key.type}${place}`)).join('\n');
}

/** The names of the hosts whose keys were confirmed: all of them by `yes`, or one by one. */
export async function confirmed(all: readonly Unconfirmed[], io: Io): Promise<ReadonlySet<string>> {
  if (all.length === 0) return new Set();
  io.stderr('Host keys that were scanned, and that nobody has confirmed:\n');
  for (const one of all) io.stderr(`${fingerprintLines(one)}\n`);
  const question = `Compare them with the consoles of the hosts (\`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`).\nType yes to trust the keys of all ${counted(all.length, 'host')}, or press Enter to be asked for each: `;
  const answer = await io.ask?.(question);
  if (answer === undefined) return new Set();
  if (answer.trim() === 'yes') return new Set(all.map(({ name }) => name));
  const names = new Set<string>();
  for (const one of all) {
    const reply = await io.ask?.(
      `${fingerprintLines(one)}\nTrust ${counted(one.keys.length, 'key')} of ${printable(shown(one.name))}? [y/N] `,
    );
    if (reply === undefined) break;
    if (/^y(es)?$/i.test(reply.trim())) names.add(one.name);
  }
  return names;
}
