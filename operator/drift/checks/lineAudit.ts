/**
 * Rules of auditing that are there and count for nothing: others switch auditing off, keep it from all processes or throw its records away, or
 * the file is written anew. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { Effect, LineReader } from './effect.ts';
import type { Told, ToldFile } from './toldLines.ts';

const folder = '/etc/audit/rules.d';
const loaded = '/etc/audit/audit.rules';
const file = /^\/etc\/audit\/(audit|rules\.d\/.*)\.rules$/;
const number = { syscall: 1300 };

/** Why no rule counts beside this one; nothing where others do. */
type Voids = (text: string) => string | undefined;

/** auditctl(8), "task": it is tried when a process is made, and with `never` the kernel does not look at any call of that process. */
const forNoProcess: Voids = (text) =>
  /^\s*-[aA]\s+(task,never|never,task)\s*$/.test(text)
    ? 'the kernel applies no such rule to a process that starts after it was loaded'
    : undefined;

/** auditctl(8), "exclude": what was recorded by a rule goes through this filter. */
const excluded: Voids = (text) => {
  const fields = /^\s*-[aA]\s+(?:always,exclude|exclude,always)((?:\s+-F\s*\S+)+)\s*$/.exec(text)?.[1];
  if (fields === undefined) return undefined;
  const all = fields
    .trim()
    .split(/(?:^|\s+)-F\s*/)
    .slice(1);
  return all.every(hasCalls) ? 'the kernel drops all that such rules record' : undefined;
};

function hasCalls(field: string): boolean {
  const [, sign = '', type = ''] = /^msgtype(=|!=|>=|<=|>|<)(\S+)$/.exec(field) ?? [];
  if (sign === '=' && type.toUpperCase() === 'SYSCALL') return true;
  if (!/^[0-9]+$/.test(type)) return sign === '!=' && type.toUpperCase() !== 'SYSCALL';
  const than = Number(type);
  const holds: Readonly<Record<string, boolean>> = {
    '=': number.syscall === than,
    '!=': number.syscall !== than,
    '>': number.syscall > than,
    '>=': number.syscall >= than,
    '<': number.syscall < than,
    '<=': number.syscall <= than,
  };
  return holds[sign] ?? false;
}

/** Of the rules for a call the first decides. */
const forNoCall: Voids = (text) =>
  /^\s*-[aA]\s+(never,exit|exit,never)((\s+-F\s*arch=\S+)|(\s+-S\s*all))*\s*$/.test(text)
    ? 'the kernel applies no such rule behind it'
    : undefined;

const off: Voids = (text) => (/^\s*-e\s+0\s*$/.test(text) ? 'the kernel audits nothing' : undefined);

const all: readonly Voids[] = [forNoProcess, excluded, forNoCall, off];

export const audit: LineReader = {
  reads: ({ path, line }) =>
    file.test(path) && /^\s*-[aAw]\s/.test(line) && all.every((voids) => voids(line) === undefined),
  asked({ path }) {
    const paths = path === loaded ? [] : [loaded];
    return { words: [], folders: [folder], text: 'never|exclude|^[[:blank:]]*-e[[:blank:]]', also: { paths } };
  },
  effect: effectOf,
  whyNotThere: whyOverwritten,
};

function effectOf(declared: LineCheck, { files }: Told): Effect | undefined {
  for (const { path, lines } of files)
    for (const { text, number } of lines)
      for (const voids of all) {
        const why = voids(text);
        if (why !== undefined)
          return {
            is: 'unknown',
            message: `${why}: \`${text.trim()}\` (line ${number} of ${path}): remove that line, run \`augenrules --load\` and restart the host`,
          };
      }
  const message = whyOverwritten(declared, files);
  return message === undefined ? undefined : { is: 'unknown', message };
}

/** Why a line of the file that is loaded does not last: augenrules(8) writes it anew of the folder, unless that is empty. */
function whyOverwritten({ path, line }: LineCheck, files: readonly ToldFile[]): string | undefined {
  const rules = files.filter((one) => one.path.startsWith(`${folder}/`) && one.path.endsWith('.rules'));
  if (path !== loaded || !rules.length) return undefined;
  if (rules.some(({ lines }) => lines.some(({ text }) => text === line))) return undefined;
  return `augenrules recreates ${loaded} from the files in ${folder}, none of which has the line: declare it for a file there`;
}
