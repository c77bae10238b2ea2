/**
 * Lines for which the place decides: of fstab the first for a mount point counts, below a `Host` of the ssh client lines hold for some hosts
 * alone, and a line at the end of JSON or XML is outside of all that it has. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { otherLine, type Effect, type LineReader } from './effect.ts';
import { fstabNoWorse } from './mountRemedy.ts';
import { unescapeOctal } from './mountTable.ts';
import { blockOfSsh, ofSsh } from './settingPaths.ts';
import { dropInsOf } from './settingReading.ts';
import { keywordOf, plain } from './sshLines.ts';
import type { ToldFile, ToldLine } from './toldLines.ts';

/** fstab(5): where the line mounts something, if it does. */
function mountPoint(text: string): string | undefined {
  const [source = '', target = ''] = text.trim().split(/[ \t]+/);
  if (source.startsWith('#') || !target.startsWith('/')) return undefined;
  return unescapeOctal(target).replace(/(?<=.)\/+$/, '');
}

/** systemd-fstab-generator(8) makes a unit of the first line, and takes the others for duplicates. */
export const fstab: LineReader = {
  reads: ({ path, line }) => path === '/etc/fstab' && mountPoint(line) !== undefined,
  asked: () => ({ words: [], text: '^[^#]' }),
  effect({ line }, { files: [own] }) {
    const first = own && firstFor(line, own);
    return own && first && first.text !== line ? otherLine(line, own, first, only(line, first)) : undefined;
  },
  whyNotThere({ line }, [own], at) {
    const first = own && firstFor(line, own);
    return first && first.number < at ? only(line, first) : undefined;
  },
  validate: ['sh', '-c', fstabNoWorse, 'findmnt', '%s'],
};

function firstFor(line: string, { lines }: ToldFile): ToldLine | undefined {
  return lines.find(({ text }) => mountPoint(text) === mountPoint(line));
}

function only(line: string, { number }: ToldLine): string {
  return `line ${number} of /etc/fstab is for ${mountPoint(line) ?? ''} too, and the first one counts: change that line, or declare the options with a check of type \`mount\``;
}

const forAll = /^\s*(host[\s=]+"?\*"?|match\s+(final\s+)?all)\s*$/i;
/** Each of these adds to the others. */
const addsUp = /^(certificatefile|identityfile|include|(local|remote|dynamic)forward|sendenv|setenv)$/;
const client = { main: '/etc/ssh/ssh_config', folder: '/etc/ssh/ssh_config.d' };

/** ssh_config(5): what stands below such a line holds for those hosts, up to the next one; the first value counts, and drop-ins are read first. */
export const sshClient: LineReader = {
  reads: ({ path, line }) => ofSsh.test(path) && /^\s*[A-Za-z]/.test(line) && !blockOfSsh.test(line),
  asked: ({ line }) => ({
    words: ['host', 'match', keywordOf(line)],
    folders: [client.folder],
  }),
  effect(declared, { files: [own, ...others] }) {
    const { path, line } = declared;
    const at = own?.lines.find(({ text }) => text === line)?.number ?? Infinity;
    const above = own && blockAbove(own, at);
    if (above) return { is: 'unknown', message: `line ${at} of ${path} is below ${below(above)}` };
    const keyword = keywordOf(line);
    for (const file of [...dropInsOf(others), ...(own && path === client.main ? [own] : [])])
      for (const one of file.lines) {
        if (keywordOf(one.text) !== keyword || addsUp.test(keyword) || blockAbove(file, one.number)) continue;
        if (file.path !== path && /final/i.test(blocksAbove(file, one.number).at(-1)?.text ?? '')) continue;
        if (plain(one.text) === plain(line)) return undefined;
        return otherLine(line, file, one, 'ssh uses the first value: change or remove that line');
      }
    return undefined;
  },
  whyNotThere({ path }, [own], at) {
    const above = own && blockAbove(own, at);
    return above && `in ${path}, the line would be below ${below(above)}`;
  },
};

function blocksAbove({ lines }: ToldFile, at: number): readonly ToldLine[] {
  return lines.filter(({ text, number }) => number < at && blockOfSsh.test(text));
}

function blockAbove(file: ToldFile, at: number): ToldLine | undefined {
  const above = blocksAbove(file, at).at(-1);
  return above && !forAll.test(above.text) ? above : undefined;
}

function below({ number }: ToldLine): string {
  return `line ${number}, which begins a block for some hosts: put it above all blocks`;
}

/** Only in place of another line. */
export const nested: LineReader = {
  reads: ({ path }) => /\.(json|xml)$/i.test(path),
  asked: () => ({ words: [] }),
  effect: (): Effect | undefined => undefined,
  whyNotThere: ({ path }: LineCheck, _, at) =>
    at === Infinity
      ? `a line at the end of ${path} is outside of all that it has: set \`startsWith\` to have a line replaced, or declare the file with a check of type \`file\``
      : undefined,
};
