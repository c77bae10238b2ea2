/** Reads the baseline, asks the hosts, and judges by the code of the operator: the same verdicts as in a cluster, without waivers. */
import { randomBytes } from 'node:crypto';
import type { SshRequest, SshTarget } from '../../connect/ssh/types.ts';
import { probeHost } from '../../drift/probe/probe.ts';
import { counted } from '../../lib/text.ts';
import { systemClock } from '../../runtime/clock.ts';
import { tinted } from '../colors.ts';
import { exit, Failure, type Exit, type Io } from '../command.ts';
import { withProgress } from '../progress.ts';
import type { CheckOutput } from '../check.ts';
import { baselineIn } from './baseline.ts';
import { execute, type Place } from './execute.ts';
import { isHeld, judged } from './judge.ts';
import { printed } from './text.ts';

export interface Wanted {
  readonly filename: string;
  readonly baseline: string | undefined;
  readonly local: boolean;
  readonly hosts: readonly string[];
  readonly sudo: boolean;
  readonly seconds: number;
  readonly format: CheckOutput | undefined;
}

const mostAtOnce = 10;

export async function runCheck(wanted: Wanted, io: Io): Promise<Exit> {
  const { filename, local, hosts, sudo, seconds, format } = wanted;
  if (local && process.platform !== 'linux')
    throw new Failure(`--local checks a Linux host, and this is ${process.platform}; use --host.`);
  const baseline = await baselineIn(filename, wanted.baseline, io);
  const places = [...(local ? [undefined] : []), ...hosts].map((host): Place => ({ host, sudo }));
  const asking = (place: Place) => ({
    execute: (_: unknown, request: SshRequest, signal: AbortSignal) =>
      execute(place, { ...request, timeoutSeconds: seconds }, signal),
  });
  const { signal } = new AbortController();
  const seen = await withProgress(io, 'Checking', (say) => {
    let done = 0;
    return eachOf(places, async (place) => {
      const host = await probeHost(asking(place), nowhere, baseline.spec.checks, signal);
      say(`${++done} of ${counted(places.length, 'host')}`);
      return host;
    });
  });
  const hostsSeen = places.map(({ host }, at) => ({ name: host ?? 'localhost', host: seen[at]! }));
  const results = judged(baseline, hostsSeen, { key: randomBytes(32), now: systemClock.now() });
  const text = printed(results, { format, hosts: hostsSeen, sudo, columns: io.terminal?.()?.columns });
  io.stdout(format === undefined || format === 'wide' ? tinted(text, io) : text);
  if (seen.every(({ is }) => is !== 'seen')) return exit.failed;
  return isHeld(results) ? exit.holds : exit.differs;
}

/** Where the script runs is for `execute` to know. */
export const nowhere: SshTarget = {
  ...{ id: 'check', host: 'localhost', port: 22, user: 'root', become: 'none', privateKey: '' },
  ...{ hostKeys: [], hostCertificateAuthorities: [] },
};

/** A few at once; in order. */
export async function eachOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const waiting = all.map((one, at) => ({ one, at }));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) answers[next.at] = await ask(next.one);
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, all.length) }, work));
  return answers;
}
