/** Verifies what was given, and writes an archive of a part of it. */
import { exportRecord } from '../../evidence/export/record.ts';
import { select, type ExportWish, type PackInTree } from '../../evidence/export/selection.ts';
import { bundleIn } from '../../evidence/verify/bundle.ts';
import { layoutOf, type Layout } from '../../evidence/verify/layout.ts';
import { packIn } from '../../evidence/verify/statement.ts';
import { TreeError, type Tree } from '../../evidence/verify/tree.ts';
import { Refusal, type Verdict } from '../../evidence/verify/verdict.ts';
import { verifyTree, type VerifyOptions } from '../../evidence/verify/verify.ts';
import { MOST_BUNDLE_BYTES } from '../../evidence/statement/types.ts';
import { sha256 } from '../../lib/digest.ts';
import { counted } from '../../lib/text.ts';
import { exit, Failure, type Exit, type Io } from '../command.ts';
import { printable } from '../table.ts';
import { archiveFiles } from './archiveFiles.ts';
import { printed } from './report.ts';
import { ChangedFile, writeTar } from './tar.ts';

export interface Export {
  readonly tree: Tree;
  readonly trust: Pick<VerifyOptions, 'keys' | 'manifest' | 'identity' | 'roots'>;
  readonly wish: ExportWish;
  readonly output: string;
  readonly replaces: boolean;
  readonly evenIfBroken: boolean;
  /** Who exports, as far as the machine knows. */
  readonly actor: string;
}

export async function runExport(given: Export, io: Io): Promise<Exit> {
  try {
    return await exported(given, io);
  } catch (error) {
    if (error instanceof TreeError || error instanceof ChangedFile) throw new Failure(error.message);
    throw error;
  }
}

async function exported(given: Export, io: Io): Promise<Exit> {
  const { tree, trust, wish, output, replaces, evenIfBroken } = given;
  const verdict = await verifyTree(tree, trust);
  const isBroken = verdict.is === 'Refused' || verdict.is === 'Unverifiable';
  if (isBroken && !evenIfBroken) {
    io.stderr(printed(verdict));
    throw new Failure(notExported(verdict));
  }
  const listed = await tree.list();
  const layout = layoutOf(listed);
  const selection = select(await packsIn(tree, layout, isBroken), wish);
  const { packs, leftOut } = selection;
  const last = packs.at(-1);
  if (!last) throw new Failure('No pack is of that time; check --from, --to and --pack.');
  const notes = [...layout.chains.values()].flatMap(({ dispositions }) =>
    dispositions.length > 0 ? [disposedNote] : [],
  );
  const input = { tree, listed, layout, selection, wish, verdict, isBroken, notes: notes.slice(0, 1) };
  const files = await archiveFiles(input);
  const file = await io.createFile(output, replaces);
  try {
    const archive = await writeTar(file, files, new Date(last.predicate.time));
    await file.keep();
    const record = exportRecord({ selection, wish, ...archive, actor: given.actor, verdict: verdict.is });
    io.stdout(`${JSON.stringify(record)}\n`);
    const left = leftOut.length > 0 ? `, without ${counted(leftOut.length, 'file')} that REDACTED.json lists` : '';
    const state = isBroken ? ' It is broken, and says so.' : '';
    io.stderr(
      `Wrote ${counted(packs.length, 'pack')} to ${printable(output)}${left}; sha256 ${archive.sha256}.${state}\nThe line above is the record of this export; Holdfast has no way yet to write it to the journal: keep it.\n`,
    );
  } catch (error) {
    await file.discard();
    throw error;
  }
  return isBroken || verdict.is === 'Partial' ? exit.partly : exit.fine;
}

const disposedNote =
  'What is older was deleted when its retention was over: `packs/<name>/disposition-….sigstore.json` are the signed records of that, at which the chain begins.';

function notExported({ is, message }: Verdict): string {
  if (is === 'Unverifiable')
    return 'It was not verified: give the public key with --key. To hand it over as it is, use --even-if-broken.';
  return `${message} Nothing was exported; to hand it over as it is, use --even-if-broken.`;
}

/** All bundles that can be read; of a broken tree, those that cannot are in the verdict. */
async function packsIn(tree: Tree, { chains }: Layout, isBroken: boolean): Promise<PackInTree[]> {
  const packs: PackInTree[] = [];
  for (const chain of chains.values())
    for (const { path, late } of chain.packs) {
      try {
        const { payload } = bundleIn(await tree.read(path, MOST_BUNDLE_BYTES));
        const place = path.replace(/[^/]+$/, '');
        packs.push({ bundle: path, late, place, predicate: packIn(payload).predicate, digest: sha256(payload) });
      } catch (error) {
        if (!isBroken || !(error instanceof Refusal || error instanceof TreeError)) throw error;
      }
    }
  return packs;
}
