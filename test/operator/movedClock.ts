/** A clock that can be moved on: what was to be done meanwhile is done at once, as on a machine that slept. */
import { systemClock, type Clock } from '../../operator/runtime/clock.ts';

export interface MovedClock extends Clock {
  /** To an instant that is later. */
  moveTo(instant: Date): void;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  callOff: () => void;
}

export function movedClock(): MovedClock {
  let ahead = 0;
  const timers = new Set<Timer>();
  const elapsed = (): number => systemClock.elapsed() + ahead;
  function begin(timer: Timer): void {
    timer.callOff = systemClock.after(timer.due - elapsed(), () => {
      timers.delete(timer);
      timer.callback();
    });
  }
  const now = (): Date => new Date(systemClock.now().getTime() + ahead);
  return {
    now,
    elapsed,
    after(milliseconds, callback) {
      const timer: Timer = { due: elapsed() + milliseconds, callback, callOff: () => undefined };
      timers.add(timer);
      begin(timer);
      return () => {
        timers.delete(timer);
        timer.callOff();
      };
    },
    moveTo(instant) {
      ahead += Math.max(0, instant.getTime() - now().getTime());
      for (const timer of timers) {
        timer.callOff();
        begin(timer);
      }
    },
  };
}
