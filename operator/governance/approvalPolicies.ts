/**
 * Whether the apiserver checks who approves, who writes baselines and who writes statuses, as the shipped policies say. Without them
 * anybody who may create an Approval could write any name into it, so nothing new is decided: it fails closed.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { canonicalJson, digestOf } from '../lib/digest.ts';
import { listed } from '../lib/text.ts';
import { timestamp } from '../lib/timestamp.ts';
import type { Kind } from '../api/kind.ts';
import type { Reader } from '../runtime/feature.ts';

const group = 'admissionregistration.k8s.io';
export const policyKinds = {
  ValidatingAdmissionPolicy: {
    group,
    version: 'v1',
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    namespaced: false,
  },
  ValidatingAdmissionPolicyBinding: {
    group,
    version: 'v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    namespaced: false,
  },
} as const satisfies Record<string, Kind>;

/** A policy or binding as it is shipped in `policies/`. */
export interface ShippedPolicy {
  readonly kind: keyof typeof policyKinds;
  readonly name: string;
  readonly spec: object;
}

/** It looks for new policies every second, and must first list what a policy takes as parameters. */
export const heedMilliseconds = 5000;

export type Guard =
  | {
      readonly is: 'intact';
      /** All are installed and unaltered; the last of them since then. What was written before is not known to be sound. */
      readonly since: string;
      /** Digest of the very objects that are installed: another when one was altered or made again meanwhile. */
      readonly policies: string;
    }
  | { readonly is: 'broken'; readonly message: string };

/** The policies that make sure that who writes a ClusterBaseline may act as its account, and that nobody else writes its status. */
export const accountPolicies: readonly string[] = ['clusterbaselines.holdfast.dev', 'status.holdfast.dev'];

/** A policy that was altered since it was made says in its managed fields when. */
interface Installed extends Resource {
  readonly metadata: Resource['metadata'] & {
    readonly managedFields?: readonly { readonly time?: string; readonly subresource?: string }[];
  };
}

export async function readGuard(
  shipped: readonly ShippedPolicy[],
  read: Pick<Reader, 'get' | 'fetch'>,
  signal: AbortSignal,
  what?: string,
): Promise<Guard> {
  const keyOf = ({ name }: ShippedPolicy) => ({ namespace: '', name });
  const cached = shipped.map((one) => read.get(policyKinds[one.kind], keyOf(one)));
  const found: readonly (Installed | undefined)[] = await Promise.all(
    shipped.map(async (one, at) => {
      const seen = cached[at];
      const isAltered = seen !== undefined && (seen.metadata.generation ?? 1) > 1;
      return isAltered ? withManagers(seen, () => read.fetch(policyKinds[one.kind], keyOf(one), signal)) : seen;
    }),
  );
  return guardOf(shipped, (one) => found[shipped.indexOf(one)], what);
}

/** Objects of the cache are values: each is fetched once. */
const fetched = new WeakMap<Resource, Installed>();

async function withManagers(seen: Resource, fetch: () => Promise<unknown>): Promise<Installed | undefined> {
  const known = fetched.get(seen);
  if (known) return known;
  const live = (await fetch()) as Installed | undefined;
  if (!live || live.metadata.uid !== seen.metadata.uid || live.metadata.generation !== seen.metadata.generation)
    return live;
  fetched.set(seen, live);
  return live;
}

/** As the cache has them: of one that was altered it is not known when. */
export function cachedGuard(shipped: readonly ShippedPolicy[], read: Pick<Reader, 'get'>): Guard {
  return guardOf(shipped, ({ kind, name }) => read.get(policyKinds[kind], { namespace: '', name }));
}

export const policyStates = ['intact', 'altered', 'missing'] as const;

/** Pure. */
export function policyStateOf(one: ShippedPolicy, installed: Resource | undefined): (typeof policyStates)[number] {
  if (!installed || installed.metadata.deletionTimestamp !== undefined) return 'missing';
  return holds(one.spec, installed.spec) ? 'intact' : 'altered';
}

/** Pure. */
export function guardOf(
  shipped: readonly ShippedPolicy[],
  installedOf: (one: ShippedPolicy) => Installed | undefined,
  what = 'no waiver is decided until the apiserver checks who approves',
): Guard {
  const faults: string[] = shipped.length ? [] : ['the operator was started without the policies'];
  const identities: unknown[] = [];
  let since = '';
  for (const one of shipped) {
    const installed = installedOf(one);
    const state = policyStateOf(one, installed);
    if (!installed || state === 'missing') faults.push(`${one.kind} ${one.name} is missing`);
    else if (state === 'altered') faults.push(`${one.kind} ${one.name} was altered`);
    else if (!timesOf(installed).length)
      faults.push(`${one.kind} ${one.name} was altered at an unknown time, so delete it first`);
    else {
      const { uid, generation } = installed.metadata;
      identities.push([one.kind, one.name, uid, generation ?? 1]);
      since = [since, ...timesOf(installed)].reduce((latest, time) => (time > latest ? time : latest));
    }
  }
  if (!faults.length) return { is: 'intact', since: heededSince(since), policies: digestOf(identities) };
  const message = `${what}: ${listed(faults, 2)}; run \`kubectl apply -f policies/\``;
  return { is: 'broken', message };
}

/** When it was made, or, if it was altered, when it was written: whoever may write policies may do without them. */
function timesOf({ metadata: { creationTimestamp = '', generation = 1, managedFields = [] } }: Installed): string[] {
  if (generation === 1) return [creationTimestamp];
  return managedFields.flatMap(({ time, subresource }) => (time === undefined || subresource ? [] : [time]));
}

/** The apiserver heeds a new policy a moment after it has it: what was let through before that was not checked. */
function heededSince(created: string): string {
  const time = Date.parse(created) + heedMilliseconds;
  return Number.isNaN(time) ? created : timestamp(new Date(time));
}

/** Equal, but for empty parts that an apiserver may add: whatever else is added could let somebody through. */
function holds(shipped: unknown, installed: unknown): boolean {
  if (shipped === null || typeof shipped !== 'object' || installed === null || typeof installed !== 'object')
    return canonicalJson(shipped) === canonicalJson(installed);
  if (Array.isArray(shipped) !== Array.isArray(installed)) return false;
  const ours = shipped as Readonly<Record<string, unknown>>;
  const theirs = installed as Readonly<Record<string, unknown>>;
  return (
    Object.keys(ours).every((key) => Object.hasOwn(theirs, key) && holds(ours[key], theirs[key])) &&
    Object.keys(theirs).every((key) => Object.hasOwn(ours, key) || isEmpty(theirs[key]))
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}
