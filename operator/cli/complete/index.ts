/** Answers a shell: the candidates, one a line, and how they are to be taken. Whatever goes wrong is no candidate, and is not said. */
import { exit, type Exit, type Io } from '../command.ts';
import { commands } from '../commands.ts';
import { completionOf, type Candidate } from './candidates.ts';

/** A shell is silent meanwhile. */
const mostMilliseconds = 1500;
const mostNames = 1000;
/** As cobra numbers them, which kubectl reads. */
const directives = { noSpace: 2, noFiles: 4 } as const;

export async function runComplete(words: readonly string[], io: Io, milliseconds = mostMilliseconds): Promise<Exit> {
  const completion = completionOf(words, commands);
  const names = completion.names.length > 0 ? await namesFor(completion, words.at(-1) ?? '', io, milliseconds) : [];
  const lines = [...completion.candidates, ...names].flatMap(lineOf);
  const isOpen = completion.isOpen && names.length === 0;
  const directive =
    (isOpen ? directives.noSpace : 0) + (completion.isFile && lines.length === 0 ? 0 : directives.noFiles);
  io.stdout([...lines, `:${directive}`, ''].join('\n'));
  return exit.holds;
}

async function namesFor(
  { names, place }: ReturnType<typeof completionOf>,
  word: string,
  io: Io,
  milliseconds: number,
): Promise<Candidate[]> {
  const { readNames } = await import('./names.ts');
  const found = new Set<string>();
  const signal = AbortSignal.timeout(milliseconds);
  // What does not hear of the signal, such as a program that gives credentials, is left behind.
  const over = new Promise<void>((settle) => signal.addEventListener('abort', () => settle(), { once: true }));
  const reading = names.map(async ({ of, before }) => {
    const add = (name: string): void => {
      const value = before + name;
      if (value.startsWith(word) && found.size < mostNames) found.add(value);
    };
    await readNames(of, place, { ...io, stderr: () => undefined }, { signal, found: add }).catch(() => undefined);
  });
  await Promise.race([Promise.all(reading), over]);
  return [...found].sort().map((value) => ({ value }));
}

/** A name with what ends a line or a field would be another name. */
function lineOf({ value, help = '' }: Candidate): string[] {
  if (/[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(value)) return [];
  const text = help.replace(/\s+/g, ' ');
  return [text === '' ? value : `${value}\t${text}`];
}
