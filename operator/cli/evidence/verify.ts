/** Reads what was given, verifies, and prints the report. */
import { basename } from 'node:path';
import { bundleIn } from '../../evidence/verify/bundle.ts';
import { folderTree, packTree } from '../../evidence/verify/folderTree.ts';
import { manifestIn } from '../../evidence/verify/keyRing.ts';
import { publicKeyIn } from '../../evidence/verify/signature.ts';
import { TreeError, type Tree } from '../../evidence/verify/tree.ts';
import { Refusal, type Verdict } from '../../evidence/verify/verdict.ts';
import { verifyTree, type VerifyOptions } from '../../evidence/verify/verify.ts';
import { rootsIn } from '../../evidence/verify/witnesses.ts';
import { tinted } from '../colors.ts';
import { exit, Failure, UsageError, type Exit, type Io } from '../command.ts';
import { withProgress } from '../progress.ts';
import { written } from '../written.ts';
import type { S3Flags, TrustFlags, VerifyFlags } from './flags.ts';
import { printed } from './report.ts';

const MOST_KEY_BYTES = 64 << 10;
const MOST_ROOT_BYTES = 4 << 20;

const exits: Record<Verdict['is'], Exit> = {
  Verified: exit.holds,
  Partial: exit.differs,
  Refused: exit.failed,
  Unverifiable: exit.failed,
};

export async function runVerify(flags: VerifyFlags, io: Io): Promise<Exit> {
  const options = { ...spanOf(flags), ...(await trustOf(flags, io)) };
  const { tree, isSingle } = await treeAt(flags, io);
  const verifying = withProgress(io, 'Verifying', () => verifyTree(tree, { ...options, isSingle }));
  const verdict = await verifying.catch((error: unknown) => {
    if (error instanceof TreeError) throw new Failure(error.message);
    throw error;
  });
  io.stdout(flags.output ? written(verdict, flags.output) : tinted(printed(verdict), io));
  return exits[verdict.is];
}

/** A directory, a bundle or a bucket. */
export async function treeAt(flags: S3Flags, io: Io): Promise<{ tree: Tree; isSingle: boolean }> {
  const { place } = flags;
  if (place.startsWith('s3://')) {
    const { s3Tree } = await import('./s3Tree.ts');
    return { tree: s3Tree(flags, process.env), isSingle: false };
  }
  if ((await io.readFolder(place)) !== undefined) return { tree: folderTree(place), isSingle: false };
  if (/^\d{8,15}(\.[a-z0-9-]+)?\.sigstore\.json$/.test(basename(place)))
    return { tree: packTree(place), isSingle: true };
  throw new Failure(`${place} is neither a directory nor the bundle of a pack, such as 00000012.sigstore.json.`);
}

export async function trustOf(
  flags: TrustFlags,
  io: Io,
): Promise<Pick<VerifyOptions, 'keys' | 'manifest' | 'identity' | 'roots'>> {
  const { identity, issuer, 'keys-manifest': list, 'trusted-root': root } = flags;
  const keys = [];
  for (const path of flags.keys) keys.push(publicKeyFrom(path, await io.readFile(path, MOST_KEY_BYTES)));
  const manifest =
    list === undefined
      ? undefined
      : given(list, Buffer.from(await io.readFile(list, MOST_ROOT_BYTES)), (bytes) =>
          manifestIn(list, bundleIn(bytes)),
        );
  const roots = root === undefined ? undefined : given(root, await io.readFile(root, MOST_ROOT_BYTES), rootsIn);
  return {
    keys,
    ...(manifest && { manifest }),
    ...(roots && { roots }),
    ...(identity !== undefined && issuer !== undefined && { identity: { identity, issuer } }),
  };
}

function publicKeyFrom(path: string, text: string) {
  return given(path, text, publicKeyIn);
}

/** What the user gave and cannot be used ends the command: nothing was verified. */
function given<T, R>(path: string, value: T, read: (value: T) => R): R {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Refusal) throw new Failure(`${path} cannot be used: ${error.message}.`);
    throw error;
  }
}

/** Numbers are those of packs; days are in UTC, the last one in full. */
function spanOf({ from, to }: VerifyFlags): Pick<VerifyOptions, 'from' | 'to' | 'start' | 'end'> {
  const [first, last] = [pointIn('from', from), pointIn('to', to)];
  return {
    ...(typeof first === 'number' && { from: first }),
    ...(first instanceof Date && { start: first }),
    ...(typeof last === 'number' && { to: last }),
    ...(last instanceof Date && { end: last }),
  };
}

const DAY = 86_400_000;

export function pointIn(flag: 'from' | 'to', text: string | undefined): number | Date | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const time = new Date(isDay ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(time.getTime()) || !(isDay || /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text)))
    throw new UsageError(`--${flag} must be the number of a pack, a day such as 2026-11-27, or a time with its zone`);
  return isDay && flag === 'to' ? new Date(time.getTime() + DAY) : time;
}
