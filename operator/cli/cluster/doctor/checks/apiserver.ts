/** The apiserver: whether it responds, whether its version is supported, and whether clocks agree. */
import { duration } from '../../../../lib/text.ts';
import { fail, pass, unknown, warn, type Check, type Verdict } from '../check.ts';
import type { Facts } from '../facts.ts';
import { unread } from '../../unread.ts';
import { isOlder, versionOf } from '../version.ts';

export const apiserver: Check = {
  name: 'apiserver',
  async judge({ cluster, shipped, limit }) {
    const asked = cluster.client.document<{ gitVersion?: string }>('/version', limit());
    const answer = await asked.catch((error: unknown) => {
      const { cause, message } = unread(error);
      if (cause === 'TimedOut' || cause === 'NoResponse') return { ...fail(message), isLast: true } as const;
      throw error;
    });
    return answer && 'result' in answer ? answer : versionVerdict(answer?.gitVersion, shipped.minimum);
  },
};

/** Distributions add a suffix, such as `v1.30.4-eks-a737599`. */
export function versionVerdict(live: string | undefined, minimum: string): Verdict {
  const found = versionOf(live ?? '');
  const least = versionOf(minimum)!;
  if (!found) return unknown(`it does not report a version of Kubernetes, but ${JSON.stringify(live ?? '')}`);
  if (isOlder(found, least))
    return fail(`Kubernetes ${live} is not supported; upgrade to ${minimum} (OpenShift 4.17) or later`);
  return pass(`Kubernetes ${live}; ${minimum} or later is supported`);
}

/** The Lease is renewed every 2 s, and a Date header has whole seconds. */
const tolerated = 5;

export const clocks: Check = {
  name: 'clocks',
  async judge(facts) {
    const { cluster, limit } = facts;
    const before = cluster.clock.now().getTime();
    await cluster.client.document('/version', limit());
    const after = cluster.clock.now().getTime();
    const date = cluster.date()?.getTime();
    if (date === undefined || Number.isNaN(date)) return unknown('the apiserver sends no Date header');
    const here = skew(date, before, after);
    if (Math.abs(here) > tolerated)
      return warn(`the clock of this machine is ${off(-here)} that of the apiserver; synchronize it with NTP`);
    return leaseClock(facts);
  },
};

/** That of the operator shows in the Lease, if it is renewed. */
async function leaseClock({ cluster, lease }: Facts): Promise<Verdict> {
  const renewed = Date.parse(String((await lease())?.spec?.renewTime));
  const date = cluster.date()!.getTime();
  if (Number.isNaN(renewed))
    return pass('this machine and the apiserver agree; no Lease shows the clock of the operator');
  const ahead = (renewed - date) / 1000;
  // What is behind may be a Lease that is no longer renewed, which another check reports.
  if (ahead > tolerated)
    return warn(`the clock of the operator is ${off(ahead)} that of the apiserver; synchronize its node with NTP`);
  return pass(`this machine, apiserver and Lease agree within ${tolerated} s`);
}

/** Seconds by which the other clock is ahead, as little as the answer allows: it shows whole seconds, from some time between two. */
export function skew(date: number, before: number, after: number): number {
  if (date > after) return (date - after) / 1000;
  const last = date + 1000;
  return last < before ? (last - before) / 1000 : 0;
}

function off(ahead: number): string {
  return `${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'}`;
}
