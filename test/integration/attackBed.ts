/** A bed for attacks: the operator with the rights of its shipped role and no others, the policies, and people with few rights who act as themselves. */
import { expect } from '@jest/globals';
import type { Approval } from '../../operator/api/v1alpha1/approval.ts';
import type { PolicyWaiver, PolicyWaiverSpec } from '../../operator/api/v1alpha1/policyWaiver.ts';
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { makeApproval, makeWaiver } from '../builders/waiver.ts';
import { apiVersion, conditionOf, namespace as fleet, operatorAccount } from '../operator/bed.ts';
import { startClusterOnly, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import { grantedIn } from '../operator/grants.ts';
import type { Answer, Kubectl } from '../operator/kubectl.ts';
import { createAs, people, rightsOf, type People } from '../operator/people.ts';
import { until } from '../operator/until.ts';

const group = 'holdfast.dev';
const rbac = 'rbac.authorization.k8s.io';
const everything = ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'];

const attackers: People = {
  /** May write every status and every report, as far as roles go. */
  sven: [
    { apiGroups: [group], resources: ['*/status'], verbs: ['get', 'patch', 'update'] },
    { apiGroups: [group], resources: ['driftreports', 'policywaivers', 'approvals'], verbs: everything },
  ],
  /** Sweeps other people's decisions away. */
  dora: [{ apiGroups: [group], resources: ['approvals'], verbs: everything }],
  /** Runs Ansible on Devices. */
  ron: [{ apiGroups: [group], resources: ['ansibleruns'], verbs: ['get', 'create'] }],
  /** Is allowed to. */
  admin: [{ apiGroups: [group], resources: ['approvals'], verbs: [...everything, 'delete-any'] }],
};

interface Standing {
  readonly status?: { readonly conditions?: Condition[] };
}

export class AttackBed {
  readonly bed: ClusterOnlyBed;
  readonly kubectl: Kubectl;
  #count = 0;

  constructor(bed: ClusterOnlyBed) {
    this.bed = bed;
    this.kubectl = bed.kubectl;
  }

  get kubectlKubeconfig(): string {
    return this.bed.cluster.kubeconfig;
  }

  patchAs(person: string, kind: string, name: string, patch: object, ...flags: readonly string[]): Promise<Answer> {
    const args = ['patch', kind, name, '--as', person, '--type=merge', '--patch', JSON.stringify(patch)];
    return this.kubectl.try([...args, '--namespace', fleet, ...flags]);
  }

  /** Writes a status as somebody. */
  forge(person: string, kind: string, name: string, status: object): Promise<Answer> {
    return this.patchAs(person, kind, name, { status }, '--subresource=status');
  }

  /** As an administrator. */
  make(kind: string, name: string, spec: object, metadata: object = inFleet(name)): Promise<void> {
    return this.kubectl.apply({ apiVersion, kind, metadata, spec });
  }

  /** A waiver, asked for by whom it names. */
  async ask(spec: Partial<PolicyWaiverSpec> = {}, name = `waiver-${(this.#count += 1)}`): Promise<string> {
    const source = { kind: 'DeviceBaseline', name: 'rhel9' } as const;
    const wanted = makeWaiver({ source, expiryTime: inSeconds(86_400), ...spec });
    const made = { apiVersion, kind: 'PolicyWaiver', metadata: inFleet(name), spec: wanted.spec };
    accepted(await createAs(this.kubectl, wanted.spec.requestedBy, made));
    return name;
  }

  /** What somebody says of a waiver as it is. */
  async say(waiver: string, spec: Partial<Approval['spec']> = {}): Promise<string> {
    const asked = (await this.kubectl.get<PolicyWaiver>('policywaiver', waiver, fleet))!;
    const made = makeApproval({ ...makeWaiver({}, undefined, waiver), spec: asked.spec }, spec);
    const name = `approval-${(this.#count += 1)}`;
    accepted(await createAs(this.kubectl, made.spec.approver, { ...made, metadata: inFleet(name) }));
    return name;
  }

  /** The object, once its condition has this reason. */
  tells<T extends Standing>(kind: string, name: string, type: string, reason: string, where = fleet): Promise<T> {
    let last: T | undefined;
    const look = async (): Promise<T | undefined> => {
      last = await this.kubectl.get<T>(kind, name, where);
      return conditionOf(last, type)?.reason === reason ? last : undefined;
    };
    return until(`${kind} ${name} says ${type} ${reason}`, look, { seconds: 30, seen: () => last?.status });
  }
}

export async function startAttackBed(): Promise<AttackBed> {
  const bed = await startClusterOnly({ controllerManager: true });
  await bed.kubectl.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: fleet } },
    ...grantedIn(fleet, operatorAccount),
    ...rightsOf({ ...people, ...attackers }),
    // Nadia rules the namespace fleet.
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'rules-holdfast' },
      rules: [{ apiGroups: [group], resources: ['*'], verbs: ['*'] }],
    },
    bindingIn(fleet, 'nadia', 'rules-holdfast'),
    // Wendy writes all kinds there, and has no verb of the policies.
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'writes-holdfast' },
      rules: [{ apiGroups: [group], resources: ['*'], verbs: everything }],
    },
    bindingIn(fleet, 'wendy', 'writes-holdfast'),
  );
  return new AttackBed(bed);
}

function bindingIn(namespace: string, person: string, role: string): object {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: person, namespace },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'User', name: person, apiGroup: rbac }],
  };
}

export function refused({ code, stderr }: Answer, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
}

export function accepted({ code, stderr }: Answer): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

export const inFleet = (name: string) => ({ name, namespace: fleet });

export const inSeconds = (seconds: number): string =>
  new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
