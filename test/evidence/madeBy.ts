/** A copy of a store that an operator made, as tamperings take it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownKey } from '../../operator/connect/signing/ownKey.ts';
import { sha256 } from '../../operator/lib/digest.ts';
import { bundleIn } from '../../operator/evidence/verify/bundle.ts';
import { manifestIn } from '../../operator/evidence/verify/keyRing.ts';
import { packIn } from '../../operator/evidence/verify/statement.ts';
import type { Made, MadePack } from './packs.ts';

/** `key` signed its last pack. */
export function madeBy(folder: string, key: string): Made {
  const filesIn = (place: string, pattern: RegExp): string[] =>
    readdirSync(join(folder, place))
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => join(folder, place, name));
  const packs = filesIn('packs/nightly', /\.sigstore\.json$/).map((path): MadePack => {
    const bundle = readFileSync(path);
    const { payload } = bundleIn(bundle);
    return { statement: packIn(payload), digest: sha256(payload), bundle };
  });
  const newest = filesIn('keys', /^manifest-/).at(-1)!;
  return {
    folder,
    key: ownKey(key),
    packs,
    manifest: manifestIn(newest, bundleIn(readFileSync(newest))).list,
    segments: filesIn('journal', /^\d+\.ndjson$/).map((path) => sha256(readFileSync(path))),
  };
}
