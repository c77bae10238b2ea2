/**
 * Whether the apiserver checks who approves, as the shipped policies say. Without them anybody who may create an Approval could write
 * any name into it, so nothing new is decided: it fails closed. Pure.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { canonicalJson } from '../lib/digest.ts';
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
const heedMilliseconds = 5000;

export type Guard =
  /** All are installed and unaltered; the last of them since then. What was approved before is not known to be sound. */
  { readonly is: 'intact'; readonly since: string } | { readonly is: 'broken'; readonly message: string };

/** The policies that make sure that who writes a ClusterBaseline may act as its account. */
export const accountPolicies = 'clusterbaselines.holdfast.dev';

export function readGuard(shipped: readonly ShippedPolicy[], read: Pick<Reader, 'get'>, what?: string): Guard {
  return guardOf(shipped, ({ kind, name }) => read.get(policyKinds[kind], { namespace: '', name }), what);
}

export function guardOf(
  shipped: readonly ShippedPolicy[],
  installedOf: (one: ShippedPolicy) => Resource | undefined,
  what = 'no waiver is decided until the apiserver checks who approves',
): Guard {
  const faults: string[] = shipped.length ? [] : ['the operator was started without the policies'];
  let since = '';
  for (const one of shipped) {
    const installed = installedOf(one);
    if (!installed || installed.metadata.deletionTimestamp !== undefined)
      faults.push(`${one.kind} ${one.name} is missing`);
    else if (!holds(one.spec, installed.spec)) faults.push(`${one.kind} ${one.name} was altered`);
    else if ((installed.metadata.creationTimestamp ?? '') > since) since = installed.metadata.creationTimestamp ?? '';
  }
  if (!faults.length) return { is: 'intact', since: heededSince(since) };
  const message = `${what}: ${listed(faults, 2)}; run \`kubectl apply -f policies/\``;
  return { is: 'broken', message };
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
