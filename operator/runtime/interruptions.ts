/** Why a pass ends before its end, other than that something failed. */

/** Our own code failed. */
export class Broken extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The object is another one by now; the newer one will be looked at. */
export class Superseded extends Error {}

/** A name was taken by ourselves a moment ago; the next pass sees what has it. */
export class NameTaken extends Error {}

/** The time for writes to objects of others was over before all of them had begun. */
export class Unfinished extends Error {}

/** Nothing may be written at this moment. */
export class NotLeading extends Error {
  constructor() {
    super('The Lease is not valid at the moment; nothing is written until it is renewed.');
  }
}

/** Passes at work are called off, because the process ends or leads no more. */
export class Stopped extends Error {
  constructor() {
    super('The process is shutting down or is no longer the leader.');
  }
}

/** Whether a pass that ended so says nothing about the object, and is simply made again. */
export function isInterruption(error: unknown): boolean {
  return (
    error instanceof Superseded ||
    error instanceof NameTaken ||
    error instanceof Unfinished ||
    error instanceof NotLeading ||
    error instanceof Stopped
  );
}
