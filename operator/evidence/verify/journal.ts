/** Segments of the journal: each has the digest of the one before, its entries have numbers without a gap, and packs have its digest. */
import { sha256 } from '../../lib/digest.ts';
import { strictJson } from '../../lib/strictJson.ts';
import { whyNotAnchored, type Anchoring } from '../retention/anchor.ts';
import type { Numbered } from './layout.ts';
import type { ReadPack } from './packs.ts';
import { TreeError, type Tree } from './tree.ts';
import { Refusal, shown, type Findings } from './verdict.ts';

/** Of a segment: a minute of the largest fleet, many times over. */
const MOST_BYTES = 256 << 20;

interface Segment {
  readonly number: number;
  readonly where: string;
  readonly digest: string;
  readonly previous: string | undefined;
  readonly firstEntry: number;
  readonly entries: number;
  readonly cluster: string;
}

/** Resolves to how many entries there are. `isRoot`: the journal belongs to what was given, so it must be there. */
export async function checkJournal(
  tree: Tree,
  {
    segments: all,
    packs,
    isRoot,
    anchoring,
  }: {
    segments: readonly Numbered[];
    packs: readonly ReadPack[];
    isRoot: boolean;
    /** Where it has to begin, if all of it is to be there. */
    anchoring?: Anchoring;
  },
  findings: Findings,
): Promise<void> {
  const segments = all.filter(({ number }) => number > (anchoring?.anchor?.sequence ?? 0));
  const naming = packs.filter(({ predicate }) => predicate.journal !== undefined);
  if (segments.length === 0) {
    const [first] = naming;
    if (first && isRoot) findings.refuse('Journal', first.where, 'it names segments of the journal, which are missing');
    else findings.notChecked('Journal', first ? 'not here: the packs name its segments' : 'there is none');
    return;
  }
  const read: Segment[] = [];
  for (const one of segments) {
    const segment = await readSegment(tree, one, findings);
    if (segment) read.push(segment);
  }
  checkLinks(read, segments, findings);
  const [oldest] = read;
  if (anchoring && oldest && !anchoring.problem) {
    const { number: sequence, previous, where } = oldest;
    const follows =
      previous === undefined ? {} : { previous: { sequence: sequence - 1, digest: { sha256: previous } } };
    const why = whyNotAnchored({ sequence, ...follows }, anchoring);
    if (why !== undefined) findings.refuse('Journal', where, why);
  }
  for (const pack of naming) checkNamed(pack, read, segments, findings);
  const entries = read.reduce((sum, segment) => sum + segment.entries, 0);
  const last = naming.at(-1)?.predicate.journal?.last ?? 0;
  const later = segments.filter(({ number }) => number > last).length;
  const unsigned = later > 0 ? `, the last ${later} not in a pack yet` : '';
  findings.say('Journal', `${segments.length} segments, ${entries} entries${unsigned}`);
}

async function readSegment(tree: Tree, { number, path }: Numbered, findings: Findings): Promise<Segment | undefined> {
  try {
    const bytes = await tree.read(path, MOST_BYTES);
    return findings.trying('Journal', path, () => segmentIn(bytes, number, path));
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    findings.refuse('Journal', path, `it cannot be read: ${error.message}`);
    return undefined;
  }
}

/** Throws a `Refusal`. */
function segmentIn(bytes: Buffer, number: number, where: string): Segment {
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') throw new Refusal('it is cut: its last line has no end');
  const { segment } = lineIn(lines.shift() ?? '', 1) as { segment?: Readonly<Record<string, unknown>> };
  const cluster = (segment?.['cluster'] as { id?: unknown } | undefined)?.id;
  const { number: named, previous, firstEntry } = segment ?? {};
  if (typeof firstEntry !== 'number' || typeof cluster !== 'string')
    throw new Refusal('its first line is not the beginning of a segment');
  if (named !== number) throw new Refusal(`it is segment ${shown(named)} under the name of segment ${number}`);
  const { closed } = lineIn(lines.pop() ?? '', lines.length + 2) as { closed?: { entries?: unknown } };
  if (closed?.entries !== lines.length)
    throw new Refusal(
      closed
        ? `it has ${lines.length} entries, and says that it has ${shown(closed.entries)}`
        : 'its last line does not close it',
    );
  for (const [index, line] of lines.entries()) {
    const { sequence } = lineIn(line, index + 2) as { sequence?: unknown };
    if (sequence !== firstEntry + index)
      throw new Refusal(`line ${index + 2} is entry ${shown(sequence)}, where entry ${firstEntry + index} must be`);
  }
  const before = typeof previous === 'string' ? previous : undefined;
  return { number, where, digest: sha256(bytes), previous: before, firstEntry, entries: lines.length, cluster };
}

function lineIn(line: string, number: number): object {
  try {
    const value = strictJson(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new Refusal(`line ${number} ${(error as Error).message}`, { cause: error });
  }
  throw new Refusal(`line ${number} is not an object`);
}

function checkLinks(read: readonly Segment[], all: readonly Numbered[], findings: Findings): void {
  for (const [index, { number, path }] of all.entries()) {
    const before = all[index - 1];
    if (before && number === before.number)
      findings.refuse('Journal', path, `it is segment ${number}, as ${before.path} is`);
    else if (before && number !== before.number + 1)
      findings.refuse('Journal', path, `segments ${before.number + 1} to ${number - 1} before it are missing`);
  }
  for (const [index, { number, where, previous, firstEntry, cluster }] of read.entries()) {
    const before = read[index - 1];
    if (number === 1 && previous !== undefined)
      findings.refuse('Journal', where, 'it is the first segment, and follows one');
    if (before?.number !== number - 1) continue;
    if (previous !== before.digest)
      findings.refuse(
        'Journal',
        where,
        `it does not follow segment ${before.number} as it is here, but another one of that number`,
      );
    else if (firstEntry !== before.firstEntry + before.entries)
      findings.refuse(
        'Journal',
        where,
        `it begins with entry ${firstEntry}, where ${before.firstEntry + before.entries} must be`,
      );
    if (cluster !== before.cluster)
      findings.refuse('Origin', where, `it is of cluster ${shown(cluster)}, not ${shown(before.cluster)}`);
  }
}

function checkNamed(
  { where, number: pack, predicate }: ReadPack,
  read: readonly Segment[],
  all: readonly Numbered[],
  findings: Findings,
): void {
  const { first, last, digest } = predicate.journal!;
  const segment = read.find(({ number }) => number === last);
  if (!segment && !all.some(({ number }) => number === last))
    findings.refuse('Journal', where, `it covers segments ${first} to ${last} of the journal, and ${last} is missing`);
  else if (segment && segment.digest !== digest.sha256)
    findings.refuse(
      'Journal',
      segment.where,
      `it was changed: its digest is not the one that was signed in pack ${pack}`,
    );
  else if (segment && segment.cluster !== predicate.cluster.id)
    findings.refuse(
      'Origin',
      segment.where,
      `it is of cluster ${shown(segment.cluster)}, not ${shown(predicate.cluster.id)}`,
    );
}
