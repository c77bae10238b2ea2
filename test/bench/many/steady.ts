/**
 * A thousand Devices on which nothing changes, looked at again and again by the whole operator: what it writes to the
 * apiserver, by the audit log, and what a pass costs. Beside it a loop of plain `ssh` runs the same script and does
 * nothing with the answers.
 */
import { type Options, scaled } from '../options.ts';
import type { Measured } from '../report.ts';
import { type ManyBed, openManyBed } from './bed.ts';
import { type Look, cpuPerHost, measureLook, told } from './look.ts';
import type { MeasuredOperator } from './operator.ts';
import { plainSsh } from './peers.ts';

const hostCount = 1000;
const sshAtOnce = 64;

type Writes = Record<string, number>;

interface Round {
  readonly ours: Look;
  readonly writes: Writes;
  /** Looks that gave no answer: they are told of in statuses, so they write. */
  readonly unanswered: number;
  readonly ssh: Look;
}

export async function steady(options: Options): Promise<Measured> {
  const { rounds, say } = options;
  const hosts = scaled(hostCount, options);
  say(`starting a control plane and ${hosts} addresses…`);
  const bed = await openManyBed(hosts);
  try {
    say(`making ${hosts} new Devices…`);
    await bed.makeDevicesNew();
    const begin = await bed.auditEnd();
    const operator = await bed.startOperator();
    try {
      const first = await measureLook(operator, hosts, () => Promise.resolve(), say);
      await bed.settled(begin);
      const firstWrites = await bed.writesSince(begin);
      say(`the first pass: ${told(first)}; writes ${JSON.stringify(firstWrites)}`);
      const all: Round[] = [];
      for (let round = 1; round <= rounds; round++) all.push(await takeRound(bed, operator, round, say));
      return summarise(all, firstWrites, (await operator.memory()).resident);
    } finally {
      await operator.stop();
    }
  } finally {
    await bed.stop();
  }
}

async function takeRound(bed: ManyBed, operator: MeasuredOperator, round: number, say: Options['say']): Promise<Round> {
  // It leaves connections open, which those of the round before may be no longer.
  const opening = await measureLook(operator, bed.targets.length, () => bed.askForPass(), say);
  say(`round ${round}, a pass that leaves connections open: ${told(opening)}`);
  await bed.settled(await bed.auditEnd());
  const from = await bed.auditEnd();
  const before = (await operator.looks()).others;
  const ours = await measureLook(operator, bed.targets.length, () => bed.askForPass(), say);
  await bed.settled(from);
  const writes = await bed.writesSince(from);
  const unanswered = (await operator.looks()).others - before;
  const why = unanswered > 0 ? ` ${JSON.stringify(await bed.complaints())}` : '';
  say(`round ${round}, ours: ${told(ours)}; ${unanswered} without an answer${why}; writes ${JSON.stringify(writes)}`);
  const ssh = await plainSsh(bed, sshAtOnce);
  say(`round ${round}, plain ssh: ${told(ssh)}`);
  return { ours, writes, unanswered, ssh };
}

function total(writes: Writes, which: 'leases' | 'others'): number {
  const counted = Object.entries(writes).filter(([what]) => what.endsWith(' leases') === (which === 'leases'));
  return counted.reduce((sum, [, times]) => sum + times, 0);
}

function summarise(rounds: readonly Round[], firstWrites: Writes, resident: number): Measured {
  const sum = (which: 'leases' | 'others'): number => rounds.reduce((all, { writes }) => all + total(writes, which), 0);
  const compare = (value: (look: Look) => number): { ours: number[]; peer: number[] } => ({
    ours: rounds.map(({ ours }) => value(ours)),
    peer: rounds.map(({ ssh }) => value(ssh)),
  });
  const wall = compare(({ wallSeconds }) => wallSeconds);
  return {
    peer: `plain ssh, ${sshAtOnce} at once`,
    figures: [
      { what: 'a pass on which nothing changes', unit: 'ms CPU a host', better: 'less', ...compare(cpuPerHost) },
      { what: 'a pass on which nothing changes, all hosts', unit: 's', better: 'less', ...wall },
    ],
    setting: {
      rounds: rounds.length,
      hosts: rounds[0]!.ours.hosts,
      writes: sum('others'),
      writesOfTheFirstPass: total(firstWrites, 'others'),
      operatorMegabytes: Math.round(resident / 1e6),
    },
    notes: [
      `Writes to the apiserver in ${rounds.length} passes: ${sum('others')}, besides ${sum('leases')} renewals of the Lease; each pass is asked for by another generation of the baseline, whose status says that it was seen. The first pass wrote ${total(firstWrites, 'others')} times.`,
      `Looks without an answer, each of which changes a status: ${rounds.map(({ unanswered }) => unanswered).join(', ')}.`,
      'The operator compares each answer and holds its connections open; the loop of ssh connects anew and drops the answers.',
    ],
    runs: rounds,
  };
}
