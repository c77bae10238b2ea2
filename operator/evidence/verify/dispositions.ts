/** Records of what was deleted from the beginning of a chain: each is read and verified as a pack is, and all of them say where the chain begins. */
import { sha256 } from '../../lib/digest.ts';
import { strictJson } from '../../lib/strictJson.ts';
import { anchorOf, type Anchoring, type ChainPlace, type SignedDisposition } from '../retention/anchor.ts';
import type { Numbered } from './layout.ts';
import { readBundle } from './packs.ts';
import { checkKey, signedBy, type Trust } from './signed.ts';
import { dispositionIn } from './statement.ts';
import { TreeError, type Tree } from './tree.ts';
import type { CheckName, Findings } from './verdict.ts';

/** What cannot be read, or is not signed by whom is believed, is no record; the findings say why. */
export async function readAnchoring(
  tree: Tree,
  chain: { readonly dispositions: readonly Numbered[]; readonly place: ChainPlace },
  trust: Trust,
  findings: Findings,
): Promise<Anchoring> {
  return (await readDispositions(tree, chain, trust, findings)).anchoring;
}

export interface Dispositions {
  readonly records: readonly SignedDisposition[];
  readonly anchoring: Anchoring;
}

export async function readDispositions(
  tree: Tree,
  { dispositions, place }: { readonly dispositions: readonly Numbered[]; readonly place: ChainPlace },
  trust: Trust,
  findings: Findings,
): Promise<Dispositions> {
  const records: SignedDisposition[] = [];
  for (const { path } of dispositions) {
    const bundle = await readBundle(tree, path, findings);
    if (!bundle || signedBy(bundle, path, trust, findings) !== 'Signed') continue;
    const statement = findings.trying('Bundles', path, () => dispositionIn(bundle.payload));
    if (!statement) continue;
    checkKey(bundle, { where: path, predicate: statement.predicate }, trust, findings);
    records.push({ statement, digest: sha256(bundle.payload), where: path });
  }
  const anchoring = anchorOf(records, place);
  const check: CheckName = place.chain.kind === 'Pack' ? 'Chain' : 'Journal';
  if (anchoring.problem) findings.refuse(check, anchoring.problem.where, anchoring.problem.message);
  return { records, anchoring };
}

const mostBytes = 16 << 20;

/** Paths that an export says it left out, with the digests that it says were signed. Nothing of that is signed itself. */
export async function readRedaction(
  tree: Tree,
  path: string | undefined,
  findings: Findings,
): Promise<ReadonlyMap<string, string>> {
  if (path === undefined) return new Map();
  try {
    const { files } = strictJson(await tree.read(path, mostBytes)) as {
      files: readonly { path: string; sha256: string }[];
    };
    return new Map(files.map((file) => [file.path, file.sha256]));
  } catch (error) {
    findings.refuse('Files', path, `it ${error instanceof TreeError ? 'cannot be read' : 'is not a list of files'}`);
    return new Map();
  }
}
