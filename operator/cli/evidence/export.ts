/** Verifies what was given, and writes an archive of a part of it. */
import { prepareExport, type Trusted } from '../../evidence/export/prepare.ts';
import { exportRecord } from '../../evidence/export/record.ts';
import type { ExportWish } from '../../evidence/export/selection.ts';
import { ChangedFile, writeTar } from '../../evidence/export/tar.ts';
import { TreeError, type Tree } from '../../evidence/verify/tree.ts';
import type { Verdict } from '../../evidence/verify/verdict.ts';
import { counted } from '../../lib/text.ts';
import { exit, Failure, type Exit, type Io } from '../command.ts';
import { withProgress } from '../progress.ts';
import { printable } from '../table.ts';
import { printed } from './report.ts';

export interface Export {
  readonly tree: Tree;
  readonly trust: Trusted;
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
  const prepared = await withProgress(io, 'Verifying what is exported', () =>
    prepareExport({ tree, trust, wish, evenIfBroken }),
  );
  const { verdict } = prepared;
  if (prepared.is === 'refused') {
    io.stderr(printed(verdict));
    throw new Failure(notExported(verdict));
  }
  if (prepared.is === 'empty') throw new Failure('No pack is of that time; check --from, --to and --pack.');
  const { selection, isBroken, files, time } = prepared;
  const { packs, leftOut } = selection;
  const file = await io.createFile(output, replaces);
  try {
    const archive = await withProgress(io, 'Writing the archive', () => writeTar(file, files, time));
    await file.keep();
    const record = exportRecord({ selection, wish, ...archive, actor: given.actor, verdict: verdict.is });
    io.stdout(`${JSON.stringify(record)}\n`);
    const left = leftOut.length > 0 ? `, without ${counted(leftOut.length, 'file')} that REDACTED.json lists` : '';
    const state = isBroken ? ' It is broken, and says so.' : '';
    io.stderr(
      `Wrote ${counted(packs.length, 'pack')} to ${printable(output)}${left}; sha256 ${archive.sha256}.${state}\nThe line above is the record of this export, which is in no journal: keep it. With --store, the cluster records it.\n`,
    );
  } catch (error) {
    await file.discard();
    throw error;
  }
  return isBroken || verdict.is === 'Partial' ? exit.differs : exit.holds;
}

function notExported({ is, message }: Verdict): string {
  if (is === 'Unverifiable')
    return 'It was not verified: give the public key with --key. To hand it over as it is, use --even-if-broken.';
  return `${message} Nothing was exported; to hand it over as it is, use --even-if-broken.`;
}
