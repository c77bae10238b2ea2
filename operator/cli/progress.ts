/** What is being done, while that takes longer than a second: a line on standard error of a terminal, which is gone afterwards. */
import type { Io } from './command.ts';

/** Before that, it would flicker. */
const afterMilliseconds = 1000;
const everyMilliseconds = 200;

/** Says how far it is, such as `4500 Devices`. */
export type Say = (how: string) => void;

/** Shows `what` and how far it is until `work` is over, however it ends. */
export async function withProgress<T>(
  io: Pick<Io, 'progress'>,
  what: string,
  work: (say: Say) => Promise<T>,
): Promise<T> {
  const { progress } = io;
  if (!progress) return work(() => undefined);
  let how = '';
  let last: string | undefined;
  const show = (): void => {
    const line = how === '' ? `${what}…` : `${what}: ${how}…`;
    if (line !== last) progress((last = line));
  };
  let again: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    again = setInterval(show, everyMilliseconds);
  }, afterMilliseconds);
  try {
    return await work((said) => void (how = said));
  } finally {
    clearTimeout(first);
    clearInterval(again);
    progress(undefined);
  }
}
