/** Where the parts of a store are, below its root. Pure. */
import { sha256 } from '../../lib/digest.ts';

/** `00000012`. */
export function packNumber(sequence: number): string {
  return String(sequence).padStart(8, '0');
}

/** `00000012-<12 hex>`: of what the files contain, so that two attempts at one pack never mix. */
export function contentFolder(
  sequence: number,
  files: readonly { name: string; digest: { sha256: string } }[],
): string {
  const lines = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, digest }) => `${digest.sha256}  ${name}\n`);
  return `${packNumber(sequence)}-${sha256(lines.join('')).slice(0, 12)}`;
}

/** The bundle of a pack below `packs/<pack>/`. */
export function bundleName(sequence: number): string {
  return `${packNumber(sequence)}.sigstore.json`;
}

/** The same signature with what a witness added later. */
export function lateBundleName(sequence: number, witness: string): string {
  return `${packNumber(sequence)}.${witness}.sigstore.json`;
}

/** `keys/<hex>.pub`. */
export function keyFileName(hint: string): string {
  return `${Buffer.from(hint, 'base64').toString('hex')}.pub`;
}

export function manifestName(sequence: number): string {
  return `manifest-${packNumber(sequence)}.sigstore.json`;
}

/** Whether each number after `previous` up to `sequence` is skipped, and none is that is not after it. */
export function reaches(sequence: number, previous = 0, skipped: readonly number[] = []): boolean {
  const inOrder = skipped.every((number, index) => number > (skipped[index - 1] ?? previous) && number !== sequence);
  return (
    inOrder && sequence > previous && skipped.filter((number) => number < sequence).length === sequence - previous - 1
  );
}
