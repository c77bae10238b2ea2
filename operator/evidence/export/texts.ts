/** The other files that an export adds: how to verify it, what is left out, its digests, and its controls as CSV. Pure. */
import { rfc8785 } from '../../lib/rfc8785.ts';
import { counted } from '../../lib/text.ts';
import type { OscalFiles } from './oscalFiles.ts';
import type { SelectedPack, Selection } from './selection.ts';
import { compare } from './selection.ts';
import { visible } from './html.ts';
import type { ControlView } from './view.ts';

/** What the verifiers need to be given, as lines to type in the directory of the export. */
export function commandsFor({ packs }: Selection): readonly string[] {
  const chains = [...chainsOf(packs)];
  const ofCommand = chains.flatMap(([directory, { first, last, bundle, file }]) => [
    // From the top, the lists of keys and the journal are verified too; several chains have numbers of their own.
    `kubectl holdfast evidence verify ${chains.length > 1 ? quoted(directory) : '.'} --from ${first} --to ${last} --key TRUSTED.pub`,
    ...(file === undefined
      ? []
      : [
          `cosign verify-blob-attestation --key TRUSTED.pub --insecure-ignore-tlog=true --type https://holdfast.dev/attestation/evidence-pack/v1 --bundle ${quoted(bundle)} ${quoted(file)}`,
        ]),
  ]);
  // From the top, where it finds what says that files were left out.
  return chains.length > 0 ? [...ofCommand, 'sh verify.sh . TRUSTED.pub'] : [];
}

interface ChainOf {
  readonly first: number;
  readonly last: number;
  readonly bundle: string;
  readonly file: string | undefined;
}

function chainsOf(packs: readonly SelectedPack[]): Map<string, ChainOf> {
  const chains = new Map<string, ChainOf>();
  for (const { place, bundle, files, predicate } of packs) {
    const directory = place.replace(/\/$/, '') || '.';
    const first = chains.get(directory)?.first ?? predicate.sequence;
    const file = files.find(({ isLeftOut }) => !isLeftOut)?.path;
    chains.set(directory, { first, last: predicate.sequence, bundle, file });
  }
  return chains;
}

/** For a shell. Paths are of a tree that others wrote. */
function quoted(path: string): string {
  return /^[\w./@%+-]+$/.test(path) && !path.startsWith('-') ? path : `'${visible(path).replaceAll("'", `'\\''`)}'`;
}

export function readme(
  selection: Selection,
  { isBroken, oscal }: { readonly isBroken: boolean; readonly oscal: Pick<OscalFiles, 'documents' | 'about'> },
): string {
  const { packs, leftOut } = selection;
  return `EVIDENCE
${isBroken ? '\nIT COULD NOT BE VERIFIED WHEN IT WAS EXPORTED. index.html says why. Do not rely on it.\n' : ''}
index.html      what is in it, for people
packs/          the signed files, as they are in the store: a directory for each pack, its bundle beside it
keys/           public keys, and the signed lists that say from when until when each is valid
SHA256SUMS      digests of all files here: sha256sum -c SHA256SUMS
controls.csv    the controls of the newest packs; derived from the signed files, not signed itself
oscal/          ${visible(oscal.documents.length > 0 ? `assessment results and plan of action in OSCAL, ${oscal.about}; derived, not signed` : `is not here: ${oscal.about}`)}
verify.sh       verifies with openssl and coreutils alone
${leftOut.length > 0 ? 'REDACTED.json   files that were left out, with the digests that were signed; it is partial then, and verify.sh exits with 2\n' : ''}
${counted(packs.length, 'pack')}. To verify, get the public key from someone you trust, not from here, and run one of:

${commandsFor(selection).join('\n')}
`;
}

/** Lists what is not in the archive, so that a file that is provided later can be compared with what was signed. */
export function redactionManifest(
  { leftOut }: Selection,
  wish: {
    readonly sections: readonly string[];
    readonly frameworks: readonly string[];
    readonly oscal: Pick<OscalFiles, 'documents' | 'about'>;
  },
): string {
  const reason = `only ${wish.sections.join(', ')} were exported${wish.frameworks.length > 0 ? `, for ${wish.frameworks.join(', ')}` : ''}`;
  const oscal = wish.oscal.documents.length > 0 ? '' : `; no OSCAL: ${wish.oscal.about}`;
  return `${rfc8785({ files: leftOut, reason: `${reason}${oscal}` })}\n`;
}

/** As `sha256sum` writes it: a name with a backslash or an end of a line is escaped, and the line begins with a backslash. */
export function checksums(files: readonly { readonly path: string; readonly sha256: string }[]): string {
  return files
    .toSorted((a, b) => compare(a.path, b.path))
    .map(({ path, sha256 }) => {
      const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
      return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}\n`;
    })
    .join('');
}

const columns = [
  'framework',
  'control',
  'title',
  'state',
  'reason',
  'fail',
  'unknown',
  'waived',
  'checks',
  'waivers',
] as const;

export function controlsCsv(controls: readonly ControlView[]): string {
  const rows = controls.map((control) => columns.map((column) => cell(control[column])));
  return [columns.map(cell), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** RFC 4180. What a spreadsheet would take for a formula is a text: https://owasp.org/www-community/attacks/CSV_Injection. */
function cell(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  const text = visible(Array.isArray(value) ? value.join(' ') : (value as string));
  return `"${(/^\s*[=+\-@|%＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
