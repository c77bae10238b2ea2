/** Hosts that could be Devices, but for their keys; and why the others could not. Pure. */
import { connectionOf, type Connection } from './connection.ts';
import type { DeviceWish } from './devices.ts';
import type { Addressed } from './hostKeys.ts';
import { variablesOf } from './hostVars.ts';
import type { Host } from './inventory.ts';
import { deviceNames, groupLabels } from './naming.ts';
import type { Said } from './report.ts';
import type { ReadInventory } from './sources.ts';
import { shown } from './values.ts';
import type { Wishes } from './wishes.ts';

export interface Candidate {
  /** Its name in the inventory. */
  readonly host: string;
  readonly at: Addressed;
  readonly wish: Omit<DeviceWish, 'keys' | 'areAuthorities'>;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly refused: readonly Said[];
  readonly notes: readonly Said[];
  readonly warnings: readonly string[];
}

interface Connected {
  readonly host: Host;
  readonly connection: Connection;
  readonly notes: readonly string[];
  readonly secret: string;
}

export function candidatesOf(read: ReadInventory, wishes: Wishes): Candidates {
  const refused: Said[] = [];
  const encrypted = wishes.ignoresEncrypted ? encryptedFiles(read) : [];
  const sound = wishes.ignoresEncrypted ? withoutEncrypted(read) : read;
  const connected = [...read.inventory.hosts.values()].flatMap((host): Connected[] => {
    const decided = connectionOf(host.name, variablesOf(host, sound), wishes.defaults);
    const secret = decided.is === 'connection' ? secretOf(decided.connection, wishes) : undefined;
    if (decided.is === 'connection' && secret !== undefined) return [{ host, secret, ...decided }];
    const why = decided.is === 'refused' ? decided.why : [missingSecret(decided.connection)];
    refused.push({ host: host.name, text: why.join('; ') });
    return [];
  });
  const { names, problems } = deviceNames(connected.map(({ host }) => host.name));
  for (const [host, text] of problems) refused.push({ host, text });
  const labels = groupLabels([...read.inventory.groups.keys()].filter((name) => !everyHost.includes(name)));
  const candidates = connected.flatMap((one): Candidate[] => {
    const name = names.get(one.host.name);
    return name === undefined ? [] : [candidate(one, name, labels.names, wishes)];
  });
  return {
    candidates,
    refused,
    notes: [...sameAddress(candidates), ...keyFiles(connected)],
    warnings: [
      ...read.inventory.warnings,
      ...[...labels.problems].map(([group, why]) => `group ${shown(group)} becomes no label: ${why}`),
      ...encrypted.map((path) => `${path} is ignored, because it is encrypted by ansible-vault`),
    ],
  };
}

const everyHost = ['all', 'ungrouped'];

function candidate(one: Connected, name: string, labels: ReadonlyMap<string, string>, wishes: Wishes): Candidate {
  const { host, connection, notes, secret } = one;
  const keys = [...host.groups].flatMap((group) => labels.get(group.name) ?? []).sort();
  return {
    host: host.name,
    at: { name: host.name, host: connection.host, port: connection.port },
    wish: {
      host: host.name,
      name,
      namespace: wishes.namespace,
      labels: { ...Object.fromEntries(keys.map((key) => [key, ''])), ...wishes.labels },
      connection,
      secret,
      notes,
    },
  };
}

function secretOf({ keyFile }: Connection, { secrets }: Wishes): string | undefined {
  return (keyFile === undefined ? undefined : secrets.get(keyFile)) ?? secrets.get('');
}

function missingSecret({ keyFile }: Connection): string {
  return keyFile === undefined
    ? 'it has no private key file; set --credentials-secret NAME for such hosts'
    : `its private key file is ${keyFile}; set --credentials-secret ${keyFile}=NAME`;
}

/** One Secret has one key. */
function keyFiles(connected: readonly Connected[]): Said[] {
  const files = new Map<string, Set<string>>();
  for (const { secret, connection } of connected)
    if (connection.keyFile !== undefined) files.set(secret, (files.get(secret) ?? new Set()).add(connection.keyFile));
  return connected.flatMap(({ host, secret, connection: { keyFile } }): Said[] => {
    if (keyFile === undefined) return [];
    const others = (files.get(secret)?.size ?? 0) - 1;
    const advice =
      others > 0 ? `; ${others} other key files have the same Secret: set --credentials-secret ${keyFile}=NAME` : '';
    return [{ host: host.name, text: `key file ${keyFile} must be in Secret ${secret} as ssh-privatekey${advice}` }];
  });
}

function sameAddress(candidates: readonly Candidate[]): Said[] {
  const places = new Map<string, string[]>();
  for (const { host, at } of candidates) {
    const place = `${at.host.toLowerCase()} port ${at.port}`;
    const hosts = places.get(place);
    if (hosts) hosts.push(host);
    else places.set(place, [host]);
  }
  const shared = [...places].filter(([, hosts]) => hosts.length > 1);
  return shared.flatMap(([place, hosts]) =>
    hosts.map((host) => ({ host, text: `the same machine several times (${place}); keep one Device of it` })),
  );
}

function encryptedFiles({ files }: ReadInventory): string[] {
  const all = files.flatMap(({ groups, hosts }) => [...groups.values(), ...hosts.values()].flat());
  return [...new Set(all.filter(({ vars }) => vars === undefined).map(({ path }) => path))];
}

function withoutEncrypted({ inventory, files }: ReadInventory): ReadInventory {
  const readable = (all: ReadInventory['files'][number]['groups']) =>
    new Map([...all].map(([name, found]) => [name, found.filter(({ vars }) => vars !== undefined)]));
  return { inventory, files: files.map(({ groups, hosts }) => ({ groups: readable(groups), hosts: readable(hosts) })) };
}
