/** Delays that double with each failure, up to a limit, and are up to a quarter shorter by chance, so that what failed together is not tried together. */
export interface BackOff {
  readonly first: number;
  readonly longest: number;
}

/** `failures` counts from 0; `random` gives numbers from 0 to 1. The unit is that of `first` and `longest`. */
export function delayAfter(failures: number, { first, longest }: BackOff, random: () => number): number {
  return Math.min(longest, first * 2 ** Math.min(failures, 30)) * (1 - random() / 4);
}
