/**
 * Two operators and one Lease: the leader is killed, stopped or cut off at writes spread over real stories, and writes of the Lease meet faults. The
 * other one takes over, the end is the same, no warning is lost, and one alone writes.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setUp } from '../cluster/setUp.ts';
import { until } from '../operator/until.ts';
import type { Fault } from './faults.ts';
import { clusterBaseline } from './scenarios/clusterBaseline.ts';
import { policyWaiver } from './scenarios/policyWaiver.ts';
import { proxyTo, startStoryBed, type StoryBed } from './wire/bed.ts';
import { leaseFlags, sharedKey } from './wire/lease.ts';
import { Leadership } from './wire/leadership.ts';
import { Life } from './wire/life.ts';
import type { CutOff } from './wire/proxy.ts';
import type { Round } from './wire/round.ts';
import { refusal, type Exchange } from './wire/trouble.ts';
import { Following, runWholes, type Whole } from './wire/wholes.ts';

const places = 6;
const refusedRenewals = 3;

type OnLease = (exchange: Exchange) => void | Promise<void>;

export const leader: Fault = async (say, signal, { only }) => {
  const following = new Following();
  const leadership = new Leadership();
  /** What becomes of writes of the Lease by that operator. */
  const onLease: (OnLease | undefined)[] = [];
  const bed = await startStoryBed();
  const lives: Life[] = [];
  try {
    for (const who of [0, 1]) lives.push(await begin(bed, who, { following, leadership, onLease }));
    await untilLed(leadership);
    const wholes = wholesOf({ lives, leadership, onLease });
    const starts = () => lives.reduce((sum, life) => sum + life.starts, 0);
    const storyBed = { proxies: lives.map(({ proxy }) => proxy), witness: bed.witness, place: bed.place, starts };
    const scenarios = [clusterBaseline, policyWaiver];
    const { count, lines, problems } = await runWholes(
      { bed: storyBed, fault: 'leader', scenarios, places, wholes, say, signal, only },
      following,
    );
    return {
      count,
      lines: [
        ...lines,
        `the Lease changed hands ${leadership.changes} times; operators were started ${starts()} times`,
      ],
      problems,
    };
  } finally {
    await Promise.all(lives.map((life) => life.stop()));
    for (const { proxy } of lives) proxy.stop();
    await bed.stop();
  }
};

interface Means {
  readonly lives: readonly Life[];
  readonly leadership: Leadership;
  readonly onLease: (OnLease | undefined)[];
}

async function begin(
  { cluster }: Pick<StoryBed, 'cluster'>,
  who: number,
  { following, leadership, onLease }: Omit<Means, 'lives'> & { following: Following },
): Promise<Life> {
  const folder = join(cluster.folder, `operator-${who + 1}`);
  await mkdir(folder);
  const kubeconfig = join(folder, 'kubeconfig');
  const proxy = await proxyTo(cluster, kubeconfig, {
    restart: () => Promise.resolve(),
    onWrite: (write) => {
      leadership.passes(who, write);
      return following.passes(write);
    },
    onLease: async (exchange) => {
      const trouble = onLease[who];
      return trouble ? trouble(exchange) : exchange.answer(await exchange.forward());
    },
  });
  const ansible = join(await setUp('ansible'), 'bin');
  return Life.begin(proxy, folder, [
    '--kubeconfig',
    kubeconfig,
    '--ansible-bin',
    ansible,
    ...leaseFlags,
    ...sharedKey(cluster.folder),
  ]);
}

async function untilLed(leadership: Leadership): Promise<void> {
  await until('an operator leads', () => (leadership.holder === undefined ? undefined : true), { seconds: 120 });
}

function wholesOf({ lives, leadership, onLease }: Means): Whole[] {
  const untilOther = async (former: number): Promise<void> =>
    void (await until('the other operator leads', () => (leadership.holder === former ? undefined : true), {
      seconds: 120,
    }));
  const whole = (name: string, act: (former: number, round: Round) => Promise<void>): Whole => ({
    name,
    steps: [
      async (round) => {
        await act(leadership.holder!, round);
        round.letGo();
      },
    ],
    afterwards: () => Promise.resolve(leadership.problems()),
  });
  const ended = (signal: NodeJS.Signals) => async (former: number, round: Round) => {
    const startAgain = lives[former]!.keepDown();
    lives[former]!.signal(signal);
    round.letGo();
    try {
      await untilOther(former);
    } finally {
      startAgain();
    }
  };
  const cut = (how: CutOff) => async (former: number) => {
    lives[former]!.proxy.cutOff(how);
    await untilOther(former);
    lives[former]!.proxy.cutOff(undefined);
  };
  const renewals = (meet: OnLease) => async (former: number, round: Round) => {
    let count = 0;
    onLease[former] = async (exchange) => {
      count += 1;
      await meet(exchange);
    };
    round.letGo();
    await until('renewals were refused', () => (count >= refusedRenewals ? true : undefined), { seconds: 60 });
    onLease[former] = undefined;
  };
  const withoutRenewals = (atEnd: OnLease) => async (former: number, round: Round) => {
    const open: Exchange[] = [];
    onLease[former] = (exchange) => void open.push(exchange);
    round.letGo();
    await untilOther(former);
    onLease[former] = undefined;
    for (const exchange of open) await atEnd(exchange);
  };
  return [
    whole('killed', ended('SIGKILL')),
    whole('stopped', ended('SIGTERM')),
    whole('cut-off', cut('closed')),
    whole('silent', cut('silent')),
    whole(
      'lease-409',
      renewals((exchange) => exchange.answer(refusal(409))),
    ),
    whole(
      'lease-500',
      renewals((exchange) => exchange.answer(refusal(500))),
    ),
    whole(
      'lease-lost-reply',
      renewals(async (exchange) => {
        await exchange.forward();
        exchange.hangUp();
      }),
    ),
    whole(
      'lease-late',
      withoutRenewals(async (exchange) => exchange.answer(await exchange.forward())),
    ),
    whole(
      'lease-silent',
      withoutRenewals((exchange) => exchange.hangUp()),
    ),
  ];
}
