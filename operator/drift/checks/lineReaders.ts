/**
 * Whether a line counts for programs that read more than its file, or not all of it: what shells set last counts, a directive of rsyslog holds
 * for what follows it, and a policy of cryptography has to be applied. `readers` lists all such programs. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { otherLine, type Effect, type LineReader } from './effect.ts';
import { audit } from './lineAudit.ts';
import { cloudInit, laterFiles } from './lineLater.ts';
import { fapolicyd, unread } from './lineMade.ts';
import { pam } from './linePam.ts';
import { fstab, nested, sshClient } from './linePlaces.ts';
import { replaced, tmpfiles } from './lineTmpfiles.ts';
import { dropInsOf } from './settingReading.ts';
import type { ToldFile, ToldLine } from './toldLines.ts';

interface Placed {
  readonly file: ToldFile;
  readonly line: ToldLine;
}

/** update-crypto-policies(8): programs read what it wrote when it was run. */
const policy = { config: '/etc/crypto-policies/config', state: '/etc/crypto-policies/state/current' };
const applyPolicy =
  'run `update-crypto-policies --set` with the name of the policy, which writes the file and applies it';
const cryptoPolicy: LineReader = {
  reads: ({ path }) => path === policy.config,
  asked: () => ({ words: [], text: '^[[:blank:]]*[^#[:blank:]]', also: { paths: [policy.state] } }),
  whyNotThere: () => applyPolicy,
  effect({ line }, { files }) {
    if (/^\s*#/.test(line)) return undefined;
    const state = files.find(({ path }) => path === policy.state);
    const current = state?.lines[0];
    if (!state || !current)
      return { is: 'unknown', message: `${policy.state} does not say which policy is applied: ${applyPolicy}` };
    if (current.text.trim().toUpperCase() === line.trim().toUpperCase()) return undefined;
    return other(line, { file: state, line: current }, applyPolicy);
  },
};

const umask = /(?:^|[\s;&|(])umask\s+(?:-S\s+)?([0-7]{1,4})(?=[\s;&|)]|$)/;
const timeout = /(?:^|[\s;&|])TMOUT=["']?([0-9]+)/;
const isReadonly = /(?:^|[\s;&|])(readonly|(declare|typeset)\s+-[a-z]*r)/;
const profiles = '/etc/profile.d';
const ofProfiles = /^\/etc\/(profile|profile\.d\/[^/]+\.sh)$/;
const ofBash = /^\/etc\/(bashrc|bash\.bashrc)$/;
/**
 * bash(1), INVOCATION, and /etc/profile of RHEL: the files of the folder are read by name, after what the main file sets; what cannot be set
 * anew stays.
 */
const profile: LineReader = {
  reads: ({ path, line }) => (ofProfiles.test(path) || ofBash.test(path)) && wordOf(line) !== undefined,
  asked: ({ path }) => ({ words: [], text: 'umask|TMOUT', ...(ofProfiles.test(path) && { folders: [profiles] }) }),
  effect(declared, { files }) {
    const form = umask.test(declared.line) ? umask : timeout;
    const wanted = wordOf(declared.line);
    const main = declared.path.startsWith(`${profiles}/`) ? [] : files.slice(0, 1);
    const all = [...main, ...dropInsOf(files.slice(1))].flatMap((file) =>
      file.lines.filter(({ text }) => !/^\s*#/.test(text) && form.test(text)).map((line) => ({ file, line })),
    );
    const own = all.findLastIndex(({ file, line }) => file.path === declared.path && line.text === declared.line);
    const fixed = form === timeout ? all.findIndex(({ line }) => isReadonly.test(line.text)) : -1;
    const counts = fixed >= 0 ? [all[fixed]] : all.slice(own + 1);
    const differs = counts.findLast((one) => one && wordOf(one.line.text) !== wanted);
    if (differs && /^\s/.test(differs.line.text))
      return {
        is: 'unknown',
        message: `it depends on a condition whether line ${differs.line.number} of ${differs.file.path} sets another value: change or remove that line`,
      };
    const where = differs?.file.path === declared.path ? 'a later line of it' : 'another file of /etc/profile.d';
    return differs && other(declared.line, differs, `${where} decides: change or remove that line`);
  },
};

function wordOf(text: string): number | undefined {
  const [mask, seconds] = [umask.exec(text)?.[1], timeout.exec(text)?.[1]];
  return mask === undefined ? (seconds === undefined ? undefined : Number(seconds)) : Number.parseInt(mask, 8);
}

const rsyslog = { main: '/etc/rsyslog.conf', folder: '/etc/rsyslog.d' };
const directive = /^\$(DirCreateMode|DirGroup|DirOwner|FileCreateMode|FileGroup|FileOwner|Umask)\s/i;
/** rsyslog.conf(5): such a directive holds for the actions below it, until the next one. */
const rsyslogFiles: LineReader = {
  reads: ({ path, line }) => (path === rsyslog.main || path.startsWith(`${rsyslog.folder}/`)) && directive.test(line),
  asked: () => ({
    words: [],
    text: '^[[:blank:]]*\\$|[[:blank:]]-?/|omfile|include',
    folders: [rsyslog.folder],
    also: { paths: [rsyslog.main] },
  }),
  effect(declared, { files }) {
    const all = rsyslogOrder(files);
    const own = all.findIndex(({ file, line }) => file.path === declared.path && line.text === declared.line);
    if (own < 0)
      return {
        is: 'unknown',
        message: `it is not known whether ${rsyslog.main} includes ${declared.path}: check its \`include\``,
      };
    const advice =
      'such a directive counts for the files that are named below it, until the next one: put it above them, once';
    const name = directive.exec(declared.line)?.[0].trim().toLowerCase();
    const written = all
      .slice(0, own)
      .find(({ line }) => /^\s*[^$#\s]\S*\s+-?[/]|omfile/.test(line.text) && !/^\s*module/.test(line.text));
    const next = all
      .slice(own + 1)
      .find(
        ({ line }) =>
          directive.exec(line.text)?.[0].trim().toLowerCase() === name &&
          line.text.trim().split(/\s+/)[1] !== declared.line.trim().split(/\s+/)[1],
      );
    const found = written ?? next;
    return found && other(declared.line, found, advice);
  },
};

/** The lines as rsyslog reads them, with those of the folder where they are included. */
function rsyslogOrder(files: readonly ToldFile[]): Placed[] {
  const main = files.find(({ path }) => path === rsyslog.main);
  const inside = dropInsOf(files.filter(({ path }) => path.startsWith(`${rsyslog.folder}/`)));
  const linesOf = (file: ToldFile): Placed[] =>
    file.lines.filter(({ text }) => !/^\s*#/.test(text)).map((line) => ({ file, line }));
  return (main ? linesOf(main) : []).flatMap((one) =>
    /include.*\/etc\/rsyslog\.d\/\*\.conf/i.test(one.line.text) ? inside.flatMap(linesOf) : [one],
  );
}

function other(value: string, { file, line }: Placed, advice: string): Effect {
  return otherLine(value, file, line, advice);
}

const readers: readonly LineReader[] = [
  audit,
  pam,
  cryptoPolicy,
  profile,
  rsyslogFiles,
  fapolicyd,
  unread,
  laterFiles,
  cloudInit,
  replaced,
  tmpfiles,
  fstab,
  sshClient,
  nested,
];

export function readerOf(declared: LineCheck): LineReader | undefined {
  return readers.find(({ reads }) => reads(declared));
}
