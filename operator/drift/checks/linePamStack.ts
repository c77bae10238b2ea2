/**
 * Stacks of PAM as libpam runs them (pam.conf(5)): which calls of one type there are in which order, with those of included files, and what
 * each does next: it goes on, ends the stack, or skips some of those that follow. Pure.
 */
import type { LineEdit } from './change.ts';
import { endsInBackslash, type ToldFile, type ToldLine } from './toldLines.ts';

/** A line of a stack: `TYPE CONTROL MODULE ARGUMENTS`. */
export interface Call {
  readonly type: string;
  readonly control: string;
  /** Without `pam_` and `.so`. */
  readonly module: string;
  readonly rest: string;
}

/** What PAM comes to. Of a file that was not read there is one without a call. */
export interface Step {
  readonly file: ToldFile;
  readonly line: ToldLine;
  /** The line of the outermost file. */
  readonly at: number;
  readonly call?: Call;
  /** The file that was not read. */
  readonly unread?: string;
}

const folder = '/etc/pam.d/';

export function callOf(text: string): Call | undefined {
  const [, type = '', listed, word = '', module = '', rest = ''] =
    /^\s*-?(auth|account|password|session)\s+(?:(\[[^\]]*\])\s*|([^[\s]\S*)\s+)(\S+)\s*(.*)$/i.exec(
      text.replace(/#.*/, ''),
    ) ?? [];
  const name = /(?:^|\/)pam_(\w+)\.so$/.exec(module)?.[1] ?? module;
  return type ? { type: type.toLowerCase(), control: (listed ?? word).toLowerCase(), module: name, rest } : undefined;
}

/** The calls of that type in the file and those that it includes. Throws what is not understood. */
export function stepsOf(type: string, own: ToldFile, files: readonly ToldFile[], depth = 0): readonly Step[] {
  return own.lines.flatMap((line): readonly Step[] => {
    const all = /^\s*@include\s+(\S+)/.exec(line.text)?.[1];
    const isOfType = new RegExp(`^\\s*-?${type}(?=\\s|\\\\)`, 'i').test(line.text);
    if (all === undefined && !isOfType) return [];
    if (line.isJoined || endsInBackslash(line.text))
      throw new Error(`line ${line.number} of ${own.path} is part of a continued line, which Holdfast does not join`);
    const call = callOf(line.text);
    if (all === undefined && !call) throw new Error(`line ${line.number} of ${own.path} is not a call of a PAM module`);
    const included = all ?? (call?.control === 'include' ? call.module : undefined);
    const step = { file: own, line, at: line.number };
    if (included === undefined) return [{ ...step, ...(call && { call }) }];
    const path = included.startsWith('/') ? included : `${folder}${included}`;
    const file = files.find((one) => one.path === path);
    if (!file || depth > 8) return [{ ...step, unread: included }];
    return stepsOf(type, file, files, depth + 1).map((one) => ({ ...one, at: line.number }));
  });
}

/** Of a word, what it stands for (pam.conf(5)); `default` is for all results that are not named. */
const words: Readonly<Record<string, string>> = {
  required: 'success=ok new_authtok_reqd=ok ignore=ignore default=bad',
  requisite: 'success=ok new_authtok_reqd=ok ignore=ignore default=die',
  sufficient: 'success=done new_authtok_reqd=done default=ignore',
  binding: 'success=done new_authtok_reqd=done default=bad',
  optional: 'success=ok new_authtok_reqd=ok default=ignore',
};

/** What a call does by the result of its module: `done`, `die`, …, or how many calls it skips. */
export function actionsOf({ control }: Call): ReadonlyMap<string, string> {
  const text = words[control] ?? control.replace(/^\[|\]$/g, '');
  return new Map(
    [...text.matchAll(/([a-z_]+)\s*=\s*([a-z0-9]+)/g)].map(([, result = '', action = '']): [string, string] => [
      result,
      action,
    ]),
  );
}

export function actionFor(call: Call, result: string): string | undefined {
  const actions = actionsOf(call);
  return actions.get(result) ?? actions.get('default');
}

/** The results of a module after which so many calls are skipped, or more. */
export function resultsThatSkip(call: Call, atLeast: number): readonly string[] {
  return [...actionsOf(call)].flatMap(([result, action]) =>
    /^[1-9]\d*$/.test(action) && Number(action) >= atLeast ? [result] : [],
  );
}

/**
 * Why lines of a file are not edited: a call would then skip others than it does, or all that remain, which libpam takes for a failure; or one
 * that skips others would be added, for which the place decides.
 */
export function whyNotEdited(own: ToldFile, edits: readonly LineEdit[]): string | undefined {
  const dropped = edits.filter(({ drop, put }) => drop && !put).map(({ line }) => line);
  const added = edits.filter(({ line }) => line < 0).flatMap(({ put }) => put?.map(callOf) ?? []);
  if (added.some((call) => call && skipsOf(call) > 0))
    return `what the line skips depends on its position in ${own.path}: put it there yourself`;
  const calls = own.lines.flatMap(({ number, text }) => {
    const call = callOf(text);
    return call ? [{ number, call }] : [];
  });
  for (const { number, call } of calls.filter((one) => !dropped.includes(one.number))) {
    const skips = skipsOf(call);
    const behind = calls.filter((one) => one.number > number && one.call.type === call.type);
    const isLess = behind.slice(0, skips).some((one) => dropped.includes(one.number));
    const isLast = behind.length > skips && behind.slice(skips).every((one) => dropped.includes(one.number));
    const isMore = behind.length <= skips && added.some((one) => one?.type === call.type);
    if (skips && (isLess || isLast || isMore))
      return `line ${number} of ${own.path} skips the next ${skips === 1 ? 'call' : `${skips} calls`}, and would then skip others: edit both lines yourself`;
  }
  return undefined;
}

function skipsOf(call: Call): number {
  return Math.max(0, ...[...actionsOf(call).values()].map((action) => (/^\d+$/.test(action) ? Number(action) : 0)));
}
