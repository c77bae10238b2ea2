/**
 * What the sequential test of rollouts does with simulated errors, beside tests of a fixed level that are repeated. The same seed gives the
 * same figures on every machine.
 */
import { betaTails, combinedLogEvidence, failureUpperBound, logEvidence } from '../../operator/lib/statistics.ts';
import { seeded } from '../builders/seeded.ts';

const looks = 28;
/** Errors between two looks. */
const perLook = 50;

interface Counts {
  readonly changed: number;
  readonly all: number;
}

/** Streams keep meeting the same counts. */
function remembering(of: (counts: Counts, share: number) => number): (counts: Counts, share: number) => number {
  const known = new Map<string, number>();
  return (counts, share) => {
    const key = `${counts.changed} ${counts.all} ${share}`;
    const value = known.get(key) ?? of(counts, share);
    known.set(key, value);
    return value;
  };
}

const evidenceOf = remembering((counts, share) => logEvidence({ ...counts, share }));

/** P(X >= changed) for X of Bin(all, share). */
const atLeast = remembering(({ changed, all }, share) => {
  if (changed <= 0) return 1;
  return changed > all ? 0 : Math.exp(betaTails(share, changed, all - changed + 1).below);
});

/** How many of so many errors are of a group that makes `share` of them. */
function drawn(random: () => number, all: number, share: number): number {
  const chance = random();
  let changed = 0;
  while (changed < all && chance < atLeast({ changed: changed + 1, all }, share)) changed += 1;
  return changed;
}

/** The share of streams, in percent. */
function rate(streams: number, isSo: (random: () => number) => boolean, seed: number): number {
  const random = seeded(seed);
  let count = 0;
  for (let stream = 0; stream < streams; stream += 1) count += Number(isSo(random));
  return (100 * count) / streams;
}

/** The exact test of one look, randomized where it is undecided, so that its level is not merely at most 5 % but 5 %. */
function isSignificant({ changed, all }: Counts, share: number, random: () => number): boolean {
  const above = atLeast({ changed: changed + 1, all }, share);
  return above + random() * (atLeast({ changed, all }, share) - above) <= 0.05;
}

/** Whether any of 28 looks stops a stream in which the hosts are equal. */
function stops(share: number, test: (total: Counts, last: Counts, random: () => number) => boolean) {
  return (random: () => number): boolean => {
    let changed = 0;
    for (let look = 1; look <= looks; look += 1) {
      const last = { changed: drawn(random, perLook, share), all: perLook };
      changed += last.changed;
      if (test({ changed, all: look * perLook }, last, random)) return true;
    }
    return false;
  };
}

const sequential = (share: number, alpha: number) => (total: Counts) => evidenceOf(total, share) >= -Math.log(alpha);

/** Two steps of 14 looks each, at two shares. */
function inTwoSteps(alpha: number) {
  return (random: () => number): boolean => {
    const logs: number[] = [];
    for (const share of [0.1, 0.5]) {
      let changed = 0;
      for (let look = 1; look <= looks / 2; look += 1) {
        changed += drawn(random, perLook, share);
        const log = evidenceOf({ changed, all: look * perLook }, share);
        if (combinedLogEvidence([...logs, log], 2) >= -Math.log(alpha)) return true;
        if (look === looks / 2) logs.push(log);
      }
    }
    return false;
  };
}

/** Errors in bursts: each of five at once, all of one group. */
function inBursts(share: number, alpha: number) {
  return (random: () => number): boolean => {
    let changed = 0;
    for (let look = 1; look <= looks; look += 1) {
      changed += 5 * drawn(random, perLook / 5, share);
      if (sequential(share, alpha)({ changed, all: look * perLook })) return true;
    }
    return false;
  };
}

export interface Caught {
  /** Of streams of 200 errors, the share that is stopped, in percent. */
  readonly percent: number;
  /** Errors until it is stopped: the median of all streams. */
  readonly median: number;
}

/** How soon it is seen, look by look at every error, that the group with the revision has so many times the error rate of the other. */
export function caught(ratio: number, share: number, alpha: number, streams: number): Caught {
  const random = seeded(100 * ratio + 1000 * share);
  const harmed = (ratio * share) / (ratio * share + 1 - share);
  const limit = -Math.log(alpha);
  const stopped = Array.from({ length: streams }, () => {
    let changed = 0;
    for (let all = 1; all <= 200; all += 1) {
      changed += Number(random() < harmed);
      if (evidenceOf({ changed, all }, share) >= limit) return all;
    }
    return Infinity;
  }).sort((a, b) => a - b);
  const percent = (100 * stopped.filter(Number.isFinite).length) / streams;
  return { percent, median: stopped[Math.floor(streams / 2)] ?? Infinity };
}

export interface FalseAlarms {
  readonly test: string;
  readonly declared: number;
  /** In percent. */
  readonly measured: number;
}

export function falseAlarms(streams: number): FalseAlarms[] {
  const measure = (
    test: string,
    declared: number,
    isSo: (random: () => number) => boolean,
    seed: number,
  ): FalseAlarms => ({
    test,
    declared,
    measured: rate(streams, isSo, seed),
  });
  return [
    measure('sequential, share 10 %', 1, stops(0.1, sequential(0.1, 0.01)), 1),
    measure('sequential, share 50 %', 1, stops(0.5, sequential(0.5, 0.01)), 2),
    measure('sequential, share 10 %', 5, stops(0.1, sequential(0.1, 0.05)), 3),
    measure('sequential, share 50 %', 5, stops(0.5, sequential(0.5, 0.05)), 4),
    measure('sequential, two steps of 10 % and 50 %', 1, inTwoSteps(0.01), 5),
    measure('sequential, share 10 %, errors in bursts of five (not what it assumes)', 1, inBursts(0.1, 0.01), 6),
    measure(
      'fixed level, each look for itself, share 50 %',
      5,
      stops(0.5, (_, last, random) => isSignificant(last, 0.5, random)),
      7,
    ),
    measure(
      'fixed level, all errors until the look, share 50 %',
      5,
      stops(0.5, (total, _, random) => isSignificant(total, 0.5, random)),
      8,
    ),
  ];
}

/** The tables of docs/verdict.md. */
export function figures(streams = 2000): string {
  const alarms = falseAlarms(streams).map(
    ({ test, declared, measured }) => `| ${test} | ${declared} % | ${measured.toFixed(1)} % |`,
  );
  const ratios = [2, 3, 5].map((ratio) => {
    const { percent, median } = caught(ratio, 0.1, 0.01, streams);
    return `| ${ratio} | ${percent.toFixed(0)} % | ${Number.isFinite(median) ? median : 'more than 200'} |`;
  });
  const hosts = [1, 5, 10, 20, 50, 100, 299].map(
    (count) => `| ${count} | ${(100 * failureUpperBound(0, count)).toFixed(1)} % |`,
  );
  return [
    `False alarms: the share of ${streams} simulated rollouts that are taken back although the hosts are equal, after ${looks} looks with ${perLook} errors between two of them.`,
    '',
    '| test | declared | measured |',
    '| --- | --- | --- |',
    ...alarms,
    '',
    `Harm: the share of ${streams} simulated rollouts that are taken back within 200 errors, at a share of 10 % and \`falseAlarmPercent: 1\`, and after how many errors (of all hosts) half of them are.`,
    '',
    '| error rate, times that of the other hosts | taken back | median of errors |',
    '| --- | --- | --- |',
    ...ratios,
    '',
    'Hosts: what is the largest failure rate that so many hosts without a failure leave possible, with 95 % confidence.',
    '',
    '| hosts that comply, without a failure | failure rate |',
    '| --- | --- |',
    ...hosts,
  ].join('\n');
}
