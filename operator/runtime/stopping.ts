/**
 * Stops the process in order when it is asked to, and within 20 seconds whatever hangs: what waits for a host or an apiserver that does
 * not respond is left, and what must not be left behind, such as files with keys, is removed at the end in any case.
 */
import { systemClock, type Clock } from './clock.ts';

export interface Stopping {
  /** Ends what is in progress, in order. */
  readonly stop: () => Promise<void>;
  /** Removes what must not be left behind. It may be called while `stop` hangs. */
  readonly cleanUp: () => Promise<void>;
}

export interface World {
  readonly onSignal: (handler: () => void) => void;
  readonly exit: (code: number) => void;
  readonly clock: Clock;
}

const STOP_MILLISECONDS = 15_000;
const CLEAN_UP_MILLISECONDS = 4000;

const thisProcess: World = {
  onSignal: (handler) => ['SIGTERM', 'SIGINT'].forEach((name) => process.on(name, handler)),
  exit: (code) => process.exit(code),
  clock: systemClock,
};

/** At the first SIGTERM or SIGINT all is stopped in order; at the second only cleaned up; the third ends at once. */
export function stopOnSignal({ stop, cleanUp }: Stopping, { onSignal, exit, clock }: World = thisProcess): void {
  let signals = 0;
  let ending: Promise<void> | undefined;
  const end = (code: number): Promise<void> =>
    (ending ??= within(cleanUp(), CLEAN_UP_MILLISECONDS, clock).then((isClean) => exit(isClean ? code : 1)));
  onSignal(() => {
    signals++;
    if (signals === 1) void within(stop(), STOP_MILLISECONDS, clock).then((isStopped) => end(isStopped ? 0 : 1));
    else if (signals === 2) void end(1);
    else exit(1);
  });
}

/** Whether it ended well in that time. */
function within(work: Promise<void>, milliseconds: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = clock.after(milliseconds, () => resolve(false));
    const settle = (isGood: boolean) => () => (callOff(), resolve(isGood));
    work.then(settle(true), settle(false));
  });
}
