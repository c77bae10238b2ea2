/**
 * Whether PAM comes to a line of a stack that keeps somebody out, and whether any stack has the module that reads a file. A line is not called
 * behind one of its type whose success ends the stack or skips it; what counts failures, not behind one whose failure does. Pure.
 */
import type { LineCheck } from '../../api/v1alpha1/fileChecks.ts';
import { otherLine, type Effect, type LineReader } from './effect.ts';
import { actionFor, callOf, resultsThatSkip, stepsOf, whyNotEdited, type Call, type Step } from './linePamStack.ts';
import { isStack, stacks } from './settingPaths.ts';
import { moduleFor, whyUnused } from './settingStacks.ts';
import type { AskedBesides, Told, ToldFile } from './toldLines.ts';

/** Modules that keep somebody out, so that it matters whether they are called. */
const guards =
  /^(access|cracklib|duo|faillock|google_authenticator|listfile|nologin|oath|passwdqc|pwhistory|pwquality|tally2|time|u2f|wheel)$/;
/** Modules that RHEL has before others that keep somebody out, because they let through only root, or accounts of the system. */
const exempting = /^(rootok|succeed_if|timestamp|usertype|wheel)$/;
/** What is about accounts of this host alone: for others, authselect skips these. */
const local = /^(cracklib|faillock|passwdqc|pwhistory|pwquality|tally2)$/;
/** Those that compare a password, or refuse whoever comes to them. */
const verifying = /^(deny|krb5|ldap|sss|unix|winbind)$/;
/** Files of RHEL that others include; the last three have nothing that ends a stack. */
const known = /^(\/etc\/pam\.d\/)?(system-auth|password-auth|postlogin|fingerprint-auth|smartcard-auth)$/;

const types = ['auth', 'account', 'password', 'session'].flatMap((type) => [type, `-${type}`]);

/** The call of a line that only helps where it is reached. */
function guardOf({ path, line }: Pick<LineCheck, 'path' | 'line'>): Call | undefined {
  const call = isStack({ path }) ? callOf(line) : undefined;
  if (!call || !guards.test(call.module)) return undefined;
  if (/\bauthsucc\b/.test(call.rest)) return call;
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
  whyNotEdited: ({ path }, [own], edits) => (own && isStack({ path }) ? whyNotEdited(own, edits) : undefined),
};

function askedOf(declared: LineCheck): AskedBesides | undefined {
  const guard = guardOf(declared);
  if (guard)
    return {
      words: [...types, '@include'],
      also: { paths: stacks.filter((path) => path !== declared.path) },
    };
  if (isStack(declared)) return { words: types };
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
  let steps: readonly Step[];
  try {
    steps = stepsOf(guard.type, own, files).filter((step) => step.at < at);
  } catch (error) {
    return { is: 'unknown', message: (error as Error).message };
  }
  for (const [index, { call, file, line, unread, at: above }] of steps.entries()) {
    if (unread !== undefined && !known.test(unread))
      return {
        is: 'unknown',
        message: `line ${line.number} of ${file.path} includes ${unread}, which Holdfast does not read, and in which the stack may end`,
      };
    const behind = steps.slice(index + 1);
    const way = call && wayPast(guard, call, behind.length + 1);
    if (!way) continue;
    const between = way === 'skips' ? behind.find((one) => one.unread !== undefined) : undefined;
    if (between)
      return {
        is: 'unknown',
        message: `it depends on ${between.unread ?? ''}, which Holdfast does not read, whether line ${line.number} of ${file.path} skips it`,
      };
    const { advice, place } = said[way](`line ${above} of ${own.path}`);
    return {
      ...otherLine(declared.line, file, line, advice),
      place: ` (line ${line.number} of ${file.path}), ${place}`,
    };
  }
  return undefined;
}

const said = {
  ends: (line: string) => ({
    place: 'whose success ends the stack first',
    advice: `PAM does not call it behind ${line}, whose success ends the stack: put it above that line`,
  }),
  dies: (line: string) => ({
    place: 'whose failure ends the stack first',
    advice: `PAM does not call it when ${line} fails, which ends the stack: change the control of that line, or put this one above it`,
  }),
  skips: (line: string) => ({
    place: 'which makes PAM skip it',
    advice: `${line} makes PAM skip it: change how many calls that line skips, or put this one elsewhere`,
  }),
};

/** How a call keeps PAM from a guard that stands so many calls behind it. */
function wayPast(guard: Call, call: Call, distance: number): keyof typeof said | undefined {
  if (exempting.test(call.module)) return undefined;
  const skipping = resultsThatSkip(call, distance);
  if (/\bauthfail\b/.test(guard.rest)) {
    if (!verifying.test(call.module)) return undefined;
    if (actionFor(call, 'auth_err') === 'die') return 'dies';
    return skipping.some((result) => /^(auth_err|default)$/.test(result)) ? 'skips' : undefined;
  }
  if (actionFor(call, 'success') === 'done') return 'ends';
  const isForOthers = call.module === 'localuser' && local.test(guard.module) && actionFor(call, 'success') === 'ok';
  return skipping.length && !isForOthers ? 'skips' : undefined;
}
