/** Who leads: whether the Lease is renewed, and whether there is one installation only. */
import { LEASE } from '../../../../runtime/lease.ts';
import { sleep } from '../../../../runtime/clock.ts';
import { duration, listed } from '../../../../lib/text.ts';
import { renewalMilliseconds } from '../../../../wiring/rivals.ts';
import { fail, pass, type Check } from '../check.ts';
import { pages, type Facts } from '../facts.ts';
import { DEPLOYMENT, operatorLabels, operatorName, type Deployment, type Lease } from '../../kinds.ts';

export const lease: Check = {
  name: 'lease',
  async judge(facts) {
    const { namespace, lease: read } = facts;
    const logs = `kubectl -n ${namespace} logs deployment/${operatorName} --all-pods --tail 50`;
    const seen = await read();
    if (!seen) return fail(`there is no Lease ${namespace}/${operatorName}: no operator has led`, logs);
    const holder = seen.spec?.holderIdentity;
    if (!holder) return fail(`Lease ${namespace}/${operatorName} has no holder: no operator leads`, logs);
    const age = ageOf(seen, facts);
    if (age !== undefined && age < (seen.spec?.leaseDurationSeconds ?? 15))
      return pass(`${holder} leads, and renewed the Lease ${duration(Math.max(0, age))} ago`);
    // By its clock it is old, which may be wrong: whether it is renewed shows when it is read again.
    if (await isRenewed(seen, facts)) return pass(`${holder} leads, and renews the Lease, though its clock is behind`);
    const since = age === undefined ? '' : ` for ${duration(age)}`;
    return fail(`${holder} has not renewed the Lease${since}: no operator leads`, logs);
  },
};

async function isRenewed(seen: Lease, { cluster, lease: read }: Facts): Promise<boolean> {
  await sleep(cluster.clock, renewalMilliseconds, new AbortController().signal);
  const later = await read();
  return later !== undefined && later.metadata.resourceVersion !== seen.metadata.resourceVersion;
}

/** Seconds since it was renewed, by the clock of the apiserver. */
function ageOf({ spec }: Lease, { cluster }: Facts): number | undefined {
  const renewed = Date.parse(String(spec?.renewTime));
  const date = cluster.date()?.getTime();
  return Number.isNaN(renewed) || date === undefined ? undefined : (date - renewed) / 1000;
}

export const installations: Check = {
  name: 'installations',
  async judge(facts) {
    const { cluster, namespace, limit } = facts;
    const installed = new Set<string>();
    for await (const page of pages<Deployment>(cluster, DEPLOYMENT, { labelSelector: operatorLabels }))
      for (const { metadata, spec } of page) if (spec?.replicas !== 0) installed.add(metadata.namespace ?? '');
    const named = await cluster.client.list(LEASE, '', '', { name: operatorName, signal: limit() });
    const led = (named.items as readonly unknown[] as readonly Lease[]).filter((one) => {
      const age = ageOf(one, facts);
      return Boolean(one.spec?.holderIdentity) && age !== undefined && Math.abs(age) < 60;
    });
    for (const { metadata } of led) installed.add(metadata.namespace ?? '');
    const [other = '', ...more] = [...installed].filter((one) => one !== namespace);
    if (!other) return pass(installed.size ? 'there is one in this cluster' : 'there is no other one in this cluster');
    if (!installed.has(namespace))
      return fail(
        `there is none in namespace ${namespace}, but in ${listed([other, ...more])}`,
        `kubectl holdfast doctor --namespace ${other}`,
      );
    return fail(
      `there is another one in namespace ${listed([other, ...more])}; two would write over each other, so keep one`,
      `kubectl -n ${other} scale deployment ${operatorName} --replicas=0`,
    );
  },
};
