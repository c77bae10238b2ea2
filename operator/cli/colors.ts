/** Whether there are colors, and which words have one: those that name a state. A color repeats what the word says, and never says more. Pure. */
import { styleText } from 'node:util';
import type { ColorWish, Io } from './command.ts';

/** What a process was started with. */
export interface Surroundings {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `--color` decides; then NO_COLOR, if it is not empty (no-color.org); then FORCE_COLOR, as chalk and Node read it; then the terminal. */
export function isColored(asked: ColorWish, { isTerminal, environment }: Surroundings): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (asked !== 'auto') return asked === 'always';
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR);
  return isTerminal && TERM !== 'dumb';
}

const tones = {
  red: ['Fail', 'REFUSED', 'Refused', 'Error', 'drifted', 'unreachable', 'missed', 'stopped', 'not ready', '✘'],
  yellow: [
    ...['Unknown', 'Warn', 'Waived', 'Inconclusive', 'Partial', 'Unverifiable', 'partial', 'unknown', 'suspended'],
    ...['ends within 7 days', 'waits for a decision', 'without a baseline'],
  ],
  green: ['Pass', 'ok', 'Verified', 'compliant by waiver', 'compliant', 'in force', 'on course', 'met', 'ready', '✔'],
} as const;

type Tone = keyof typeof tones;

const toneOf = new Map<string, Tone>(
  Object.entries(tones).flatMap(([tone, all]) => all.map((word): [string, Tone] => [word, tone as Tone])),
);
const words = [...toneOf.keys()].sort((a, b) => b.length - a.length).join('|');

/** At the start of a line, after the signs of a tree; after a number; and at the end, after a colon. */
const places = [
  new RegExp(`^([ │├└─]*(?:[A-Z][A-Za-z]+ +)?)(${words})(?=[ :,]|$)`, 'gmu'),
  new RegExp(`( \\d+ )(${words})(?=,|$)`, 'gmu'),
  new RegExp(`(: )(${words})$`, 'gmu'),
];

/** The text as it is printed: with colors, where there are any. */
export function tinted(text: string, { isColored: hasColors = false }: Pick<Io, 'isColored'>): string {
  if (!hasColors) return text;
  return places.reduce(
    (so, place) =>
      so.replace(place, (_, before: string, word: string) => before + styleText(toneOf.get(word)!, word, plainly)),
    text,
  );
}

/** It was decided above whether there are colors. */
const plainly = { validateStream: false } as const;
