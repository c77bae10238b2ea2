/** From the flags of `evidence export` to what it does. */
import { userInfo } from 'node:os';
import type { SectionName } from '../../evidence/sections/section.ts';
import { Failure, UsageError, type Exit, type Io } from '../command.ts';
import { runExport } from './export.ts';
import type { S3Flags, TrustFlags } from './flags.ts';
import { pointIn, treeAt, trustOf } from './verify.ts';

export interface ExportFlags extends S3Flags, TrustFlags {
  readonly output: string;
  readonly replaces: boolean;
  readonly 'even-if-broken'?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly packs: readonly string[];
  readonly frameworks: readonly string[];
  readonly sections: readonly SectionName[];
}

export async function runExportCommand(flags: ExportFlags, io: Io): Promise<Exit> {
  const { output, replaces, packs, frameworks, sections, 'even-if-broken': evenIfBroken = false } = flags;
  const { from, to } = spanIn(flags);
  const trust = await trustOf(flags, io);
  const { tree, isSingle } = await treeAt(flags, io);
  if (isSingle) throw new Failure('One pack alone cannot be exported; give the directory of the store.');
  const wish = { packs, frameworks, sections, ...(from && { from }), ...(to && { to }) };
  const actor = userInfo().username;
  return runExport({ tree, trust, wish, output, replaces, evenIfBroken, actor }, io);
}

/** Throws a `UsageError`. */
export function spanIn(flags: { readonly from?: string; readonly to?: string }): { from?: Date; to?: Date } {
  const from = timeIn('from', flags.from);
  const to = timeIn('to', flags.to);
  if (from && to && from >= to) throw new UsageError('--from must be before --to');
  return { ...(from && { from }), ...(to && { to }) };
}

function timeIn(flag: 'from' | 'to', text: string | undefined): Date | undefined {
  const point = pointIn(flag, text);
  if (typeof point === 'number')
    throw new UsageError(`--${flag} must be a day such as 2026-11-27, or a time with its zone`);
  return point;
}
