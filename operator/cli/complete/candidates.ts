/** What the last word of a command line may become, and which names have to be read for that. Pure. */
import { parseArgs } from 'node:util';
import type { Command, Flag, Flags, KindOfName, Names, Where } from '../command.ts';
import { families } from '../groups.ts';
import { commonFlags } from '../parse.ts';
import { commandIn } from '../dispatch.ts';

export interface Candidate {
  readonly value: string;
  readonly help?: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names to be read, each with what comes before it in the word. */
  readonly names: readonly { readonly of: Names; readonly before: string }[];
  readonly place: { readonly namespace?: string; readonly where: Where };
  /** Files may follow as well. */
  readonly isFile: boolean;
  /** The word continues: no blank follows. */
  readonly isOpen: boolean;
}

const nothing: Completion = { candidates: [], names: [], place: { where: {} }, isFile: false, isOpen: false };

/** `words` end with the one that is completed, which may be empty. */
export function completionOf(words: readonly string[], commands: readonly Command[]): Completion {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  const found = commandIn(before, commands);
  if (!found) return commandsAfter(before, word, commands);
  const given = before.slice(found.words.split(' ').length);
  const flags: Flags = { ...found.flags, ...commonFlags };
  const { tokens, values } = parseArgs({
    args: given.filter((one) => one !== '--'),
    options: Object.fromEntries(
      Object.entries<Flag>(flags).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const place = placeIn(values);
  const last = tokens.at(-1);
  const open = last?.kind === 'option' && last.value === undefined ? flags[last.name] : undefined;
  if (open?.type === 'string') return { ...valuesOf(open, '', word), place };
  const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
  if (name) return { ...(Object.hasOwn(flags, name) ? valuesOf(flags[name]!, `--${name}=`, value) : nothing), place };
  if (word.startsWith('-'))
    return flagsFor(flags, word, new Set(tokens.flatMap((one) => (one.kind === 'option' ? one.name : []))));
  const operands = tokens.filter(({ kind }) => kind === 'positional').length;
  return { ...operandsOf(found, operands, word), place };
}

function commandsAfter(before: readonly string[], word: string, commands: readonly Command[]): Completion {
  if (word.startsWith('-')) return before.length === 0 ? flagsFor(commonFlags, word, new Set()) : nothing;
  const following = commands
    .filter(({ isHidden }) => !isHidden)
    .map((command) => ({ ...command, parts: command.words.split(' ') }))
    .filter(({ parts }) => parts.length > before.length && before.every((one, at) => parts[at] === one));
  const byNext = Map.groupBy(following, ({ parts }) => parts[before.length]!);
  const candidates = [...byNext].map(([value, all]) => ({
    value,
    help: all.length === 1 ? all[0]!.summary : (families[value] ?? ''),
  }));
  return { ...nothing, candidates: beginning(word, candidates) };
}

function flagsFor(flags: Flags, word: string, given: ReadonlySet<string>): Completion {
  const candidates = Object.entries<Flag>(flags)
    .filter(([name, { multiple }]) => multiple || !given.has(name))
    .map(([name, { help }]) => ({ value: `--${name}`, help }));
  return { ...nothing, candidates: beginning(word, candidates) };
}

function valuesOf({ choices, names, value }: Flag, before: string, word: string): Completion {
  if (choices)
    return {
      ...nothing,
      candidates: beginning(
        before + word,
        choices.map((one) => ({ value: before + one })),
      ),
    };
  if (names) return { ...nothing, names: [{ of: names, before }] };
  return { ...nothing, isFile: /\b(FILE|DIR)/.test(value ?? '') };
}

/** Of several kinds, those with a prefix are offered by it first: to read all of them would take long. */
function operandsOf({ names = [], operands }: Command, at: number, word: string): Completion {
  const isExpected = at === 0 || /^\S+…$/.test(operands);
  if (!isExpected) return nothing;
  const isOf = ({ prefix = '' }: KindOfName): boolean => (prefix ? word.startsWith(prefix) : !word.includes('/'));
  const kinds = names.filter(isOf);
  const prefixes = beginning(
    word,
    names.flatMap(({ prefix }) => (prefix && !word.startsWith(prefix) ? [{ value: prefix }] : [])),
  );
  const words = names.length === 0 && /^[a-z|]+$/.test(operands) ? operands.split('|').map((value) => ({ value })) : [];
  return {
    ...nothing,
    candidates: [...prefixes, ...beginning(word, words)],
    names: kinds.map((of) => ({ of, before: of.prefix ?? '' })),
    isFile: /FILE|DIR/.test(operands),
    isOpen: prefixes.length > 0,
  };
}

function beginning(word: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(word));
}

function placeIn(values: Readonly<Record<string, unknown>>): Completion['place'] {
  const { namespace, kubeconfig, context } = values;
  return {
    ...(typeof namespace === 'string' && { namespace }),
    where: {
      ...(typeof kubeconfig === 'string' && { kubeconfig }),
      ...(typeof context === 'string' && { context }),
    },
  };
}
