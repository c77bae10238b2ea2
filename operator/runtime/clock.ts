/** Time, as the runtime is given it. This is the only module that reads the machine's clocks, so that every other can be tested without waiting. */

export interface Clock {
  /** Wall time, for what people and other programs read. It may jump. */
  now(): Date;
  /** Milliseconds on a clock that never jumps; only differences mean anything. */
  elapsed(): number;
  /** Calls back once after so many milliseconds. The function returned calls it off. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Longest delay that a timer of Node takes; beyond it, Node fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(Date.now()),
  elapsed: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};

/** Waits, and ends early without an error when the signal aborts: the caller's loop looks at the signal anyway. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = clock.after(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}
