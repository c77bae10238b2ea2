/** Reads the inventory, decides about each host, asks for host keys where that is wanted, and writes Devices and the report. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exit, Failure, type Exit, type Io } from '../../command.ts';
import { acceptedIn, type Accepted } from './accepted.ts';
import { candidatesOf, type Candidate } from './candidates.ts';
import { confirmed } from './confirm.ts';
import { comment, deviceYaml } from './devices.ts';
import { decideKeys, type KeyDecision, type Scanned } from './hostKeys.ts';
import { KnownHosts, type PublicKey } from './knownHosts.ts';
import { reportOf, type Said } from './report.ts';
import { readInventory } from './sources.ts';
import { shown } from './values.ts';
import type { Wishes } from './wishes.ts';

const longestFile = 64 * 2 ** 20;
/** Names of known_hosts, by hosts: a minute or two. */
const mostTries = 20_000_000;

export async function importHosts(operands: readonly string[], wishes: Wishes, io: Io): Promise<Exit> {
  const read = await readInventory(operands, io);
  if (read.inventory.hosts.size === 0) throw new Failure('the inventory has no hosts; specify its files.');
  const known = new KnownHosts(await knownHostsText(wishes.knownHosts, io));
  const accepted = await acceptedFrom(wishes.accepted, io);
  const { candidates, refused, notes, warnings } = candidatesOf(read, wishes);
  if (known.tried * candidates.length > mostTries)
    throw new Failure(
      `the ${known.tried} hashed names of known_hosts take too long for ${candidates.length} hosts; import fewer hosts at a time, or name a file without hashed names with --known-hosts.`,
    );
  const scans = await scansOf(candidates, wishes);
  const decided = candidates.map((one) => ({
    one,
    keys: decideKeys(one.at, known.of(one.at.host, one.at.port), scans.get(one.host), accepted),
  }));
  const open = decided.flatMap(({ one: { at }, keys }) =>
    keys.is === 'unconfirmed' ? [{ ...at, keys: keys.keys }] : [],
  );
  const trusted = await confirmed(open, io);
  const all: All = { documents: [], refused: [...refused], alarms: [], notes: [...notes] };
  for (const { one, keys } of decided) settle(one, keys, trusted, all);
  await written(all, wishes, io);
  const { documents, alarms } = all;
  const outcome = { devices: documents.length, hosts: read.inventory.hosts.size, alarms, refused: all.refused };
  io.stderr(reportOf({ ...outcome, notes: all.notes, warnings }, io.terminal?.()?.columns ?? 80));
  if (documents.length === 0) return exit.failed;
  return documents.length === read.inventory.hosts.size ? exit.holds : exit.differs;
}

interface All {
  readonly documents: string[];
  readonly refused: Said[];
  readonly alarms: Said[];
  readonly notes: Said[];
}

/** A Device, or why there is none. */
function settle(one: Candidate, decision: KeyDecision, trusted: ReadonlySet<string>, all: All): void {
  const { host } = one;
  if (decision.is === 'refused') {
    (decision.isLoud ? all.alarms : all.refused).push({ host, text: decision.why });
  } else if (decision.is === 'unconfirmed' && !trusted.has(host)) {
    all.refused.push({
      host,
      text: 'its scanned host key is not confirmed; compare it with its console, and confirm it at the terminal or by --accept-host-keys',
    });
  } else {
    const note = decision.is === 'known' && decision.note !== undefined ? [decision.note] : [];
    all.notes.push(...[...one.wish.notes, ...note].map((text) => ({ host, text })));
    all.documents.push(documentOf(one, decision.keys, { areAuthorities: decision.is === 'authority', note }));
  }
}

function documentOf(
  { wish }: Candidate,
  keys: readonly PublicKey[],
  { areAuthorities, note }: { readonly areAuthorities: boolean; readonly note: readonly string[] },
): string {
  return deviceYaml({ ...wish, keys, areAuthorities, notes: [...wish.notes, ...note] });
}

/** Nothing where there is no Device: a file of comments would be applied as if it were something. */
async function written({ documents, refused, alarms }: All, { output }: Wishes, io: Io): Promise<void> {
  if (documents.length === 0) return;
  const comments = [...alarms, ...refused].map(({ host, text }) =>
    comment(`${shown(host)} is not translated: ${text}`),
  );
  const yaml = [...comments, ...documents].join('');
  if (output === '-') io.stdout(yaml);
  else await io.writeFile(output, yaml);
}

async function scansOf(candidates: readonly Candidate[], { scan }: Wishes): Promise<ReadonlyMap<string, Scanned>> {
  if (!scan || candidates.length === 0) return new Map();
  const { scanned } = await import('./scan.ts');
  return scanned(
    candidates.map(({ at }) => at),
    scan,
  );
}

/** The user's own file need not be there. */
async function knownHostsText(path: string | undefined, io: Io): Promise<string> {
  if (path !== undefined) return io.readFile(path, longestFile);
  const own = join(homedir(), '.ssh', 'known_hosts');
  const isThere = async (file: string) => {
    try {
      return (await io.readFolder(dirname(file)))?.some(({ name }) => name === 'known_hosts') ?? false;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  };
  return (await isThere(own)) ? io.readFile(own, longestFile) : '';
}

async function acceptedFrom(path: string | undefined, io: Io): Promise<Accepted> {
  return path === undefined ? new Map() : acceptedIn(await io.readFile(path, longestFile), path);
}
