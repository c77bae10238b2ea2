/**
 * Whether PAM comes to a line of a stack that keeps somebody out, and whether any stack has the module that reads a file. A line is not called
 * behind one of its type whose success ends the stack (pam.conf(5), "sufficient"), or behind an included file with such a line. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { otherLine, type Effect, type LineReader } from './effect.ts';
import { stacks } from './settingPaths.ts';
import { moduleFor, whyUnused } from './settingStacks.ts';
import type { AskedBesides, Told, ToldFile, ToldLine } from './toldLines.ts';

/** A line of a stack: `TYPE CONTROL MODULE ARGUMENTS`. */
interface Call {
  readonly type: string;
  readonly control: string;
  readonly module: string;
  readonly rest: string;
}

const folder = '/etc/pam.d/';
/** Modules that keep somebody out, so that it matters whether they are called. */
const guards =
  /^(access|cracklib|duo|faillock|google_authenticator|listfile|nologin|oath|passwdqc|pwhistory|pwquality|tally2|time|u2f|wheel)$/;
/** Modules that RHEL has before others that keep somebody out, because they let through only root, or accounts of the system. */
const exempting = /^(rootok|succeed_if|timestamp|usertype|wheel)$/;
/** Files of RHEL that others include; the last three have nothing that ends a stack. */
const known = /^(\/etc\/pam\.d\/)?(system-auth|password-auth|postlogin|fingerprint-auth|smartcard-auth)$/;

function callOf(text: string): Call | undefined {
  const [, type = '', control = '', module = '', rest = ''] =
    /^\s*-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$/i.exec(text.replace(/#.*/, '')) ?? [];
  const name = /(?:^|\/)pam_(\w+)\.so$/.exec(module)?.[1] ?? module;
  return type ? { type: type.toLowerCase(), control: control.toLowerCase(), module: name, rest } : undefined;
}

/** The call of a line that only helps where it is reached; what faillock does after a failure is meant to stand behind the others. */
function guardOf({ path, line }: Pick<LineCheck, 'path' | 'line'>): Call | undefined {
  const call = path.startsWith(folder) ? callOf(line) : undefined;
  if (!call || !guards.test(call.module) || /\bauth(fail|succ)\b/.test(call.rest)) return undefined;
  return /^(sufficient|optional|include|substack)$/.test(call.control) ? undefined : call;
}

export const pam: LineReader = {
  reads: (declared) => askedOf(declared) !== undefined,
  asked: (declared) => askedOf(declared) ?? { words: [] },
  effect: effectOf,
  whyNotThere(declared, files, at) {
    const effect = whyNotCalled(declared, files, at);
    return effect?.is === 'other' ? effect.advice : effect?.message;
  },
};

function askedOf(declared: LineCheck): AskedBesides | undefined {
  const guard = guardOf(declared);
  if (guard)
    return {
      words: [guard.type, `-${guard.type}`, '@include'],
      also: { paths: stacks.filter((path) => path !== declared.path) },
    };
  const module = moduleFor(declared.path);
  return module === undefined ? undefined : { words: [], text: module, also: { paths: stacks } };
}

function effectOf(declared: LineCheck, { files }: Told): Effect | undefined {
  const [own] = files;
  if (!guardOf(declared)) {
    const module = moduleFor(declared.path);
    const message = module === undefined ? undefined : whyUnused({ module }, files);
    return message === undefined ? undefined : { is: 'unknown', message };
  }
  const first = own?.lines.find(({ text }) => text.replace(/\r$/, '') === declared.line);
  return own && first && whyNotCalled(declared, files, first.number);
}

/** What keeps PAM from a line of that number. */
function whyNotCalled(declared: LineCheck, files: readonly ToldFile[], at: number): Effect | undefined {
  const [own] = files;
  const guard = guardOf(declared);
  if (!own || !guard) return undefined;
  for (const line of own.lines.filter(({ number }) => number < at)) {
    const included = includedBy(line, guard.type);
    if (included !== undefined && !known.test(included))
      return {
        is: 'unknown',
        message: `line ${line.number} of ${own.path} includes ${included}, which Holdfast does not read, and in which the stack may end`,
      };
    const other = files
      .slice(1)
      .find(({ path }) => path === (included?.startsWith('/') ? included : `${folder}${included ?? ''}`));
    const [file, end] = other
      ? [other, other.lines.find((one) => isEnd(one, guard.type))]
      : [own, isEnd(line, guard.type) ? line : undefined];
    if (end)
      return {
        ...otherLine(
          declared.line,
          file,
          end,
          `PAM does not call it behind line ${line.number} of ${own.path}, whose success ends the stack: put it above that line`,
        ),
        place: ` (line ${end.number} of ${file.path}), whose success ends the stack first`,
      };
  }
  return undefined;
}

function includedBy({ text }: ToldLine, type: string): string | undefined {
  const all = /^\s*@include\s+(\S+)/.exec(text)?.[1];
  if (all !== undefined) return all;
  const included = /^\s*-?(\w+)\s+include\s+(\S+)/i.exec(text);
  return included?.[1]?.toLowerCase() === type ? included[2] : undefined;
}

function isEnd({ text }: ToldLine, type: string): boolean {
  const call = callOf(text);
  if (call?.type !== type || exempting.test(call.module)) return false;
  return /^(sufficient|binding)$|\bsuccess=done\b/.test(call.control);
}
