/**
 * What makes a host itself: a directory tree laid over the shared image, with its name, its address, its host key and
 * the keys that may log in. It is under the host's own changes, so that a reset keeps it.
 */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { makeKeyPair } from './ssh.ts';

/** The user that the image has. */
export const user = { name: 'holdfast', id: 1000 };

export interface Identity {
  name: string;
  address: string;
  gateway: string;
  /** The public key that may log in as the user and as root. */
  authorizedKey: string;
}

interface Owned {
  path: string;
  mode: number;
  owner?: number;
}

/** A directory here decides mode and owner of the image's directory of the same name. */
const folders: readonly Owned[] = [
  { path: '.', mode: 0o755 },
  { path: 'etc', mode: 0o755 },
  { path: 'etc/ssh', mode: 0o755 },
  { path: 'etc/systemd', mode: 0o755 },
  { path: 'etc/systemd/network', mode: 0o755 },
  { path: 'root', mode: 0o700 },
  { path: 'root/.ssh', mode: 0o700 },
  { path: 'home', mode: 0o755 },
  { path: `home/${user.name}`, mode: 0o700, owner: user.id },
  { path: `home/${user.name}/.ssh`, mode: 0o700, owner: user.id },
];

/** Writes the tree into `layer`, a new folder. Resolves with the public half of the host key. */
export async function writeIdentity(layer: string, identity: Identity): Promise<string> {
  for (const folder of folders) {
    await mkdir(path.join(layer, folder.path), { recursive: true, mode: folder.mode });
    await chown(path.join(layer, folder.path), folder.owner ?? 0, folder.owner ?? 0);
  }
  for (const file of filesOf(identity)) {
    await writeFile(path.join(layer, file.path), file.content, { mode: file.mode });
    await chown(path.join(layer, file.path), file.owner ?? 0, file.owner ?? 0);
  }
  return makeKeyPair(path.join(layer, 'etc/ssh/ssh_host_ed25519_key'));
}

function filesOf({ name, address, gateway, authorizedKey }: Identity): (Owned & { content: string })[] {
  const machineId = createHash('sha256').update(`${name} ${authorizedKey}`).digest('hex').slice(0, 32);
  return [
    { path: 'etc/hostname', mode: 0o644, content: `${name}\n` },
    { path: 'etc/hosts', mode: 0o644, content: `127.0.0.1 localhost\n::1 localhost\n${address} ${name}\n` },
    { path: 'etc/machine-id', mode: 0o444, content: `${machineId}\n` },
    { path: 'etc/systemd/network/10-host0.network', mode: 0o644, content: networkFile(address, gateway) },
    { path: 'root/.ssh/authorized_keys', mode: 0o600, content: `${authorizedKey}\n` },
    { path: `home/${user.name}/.ssh/authorized_keys`, mode: 0o600, owner: user.id, content: `${authorizedKey}\n` },
  ];
}

function networkFile(address: string, gateway: string): string {
  return `[Match]
Name=host0

[Network]
Address=${address}/24
Gateway=${gateway}
LinkLocalAddressing=no
IPv6AcceptRA=no
`;
}
