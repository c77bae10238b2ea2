import { expect, test } from '@jest/globals';
import type { EvidenceStore, EvidenceStoreSpec } from '../../api/v1alpha1/evidenceStore.ts';
import { decideStore } from './decide.ts';
import type { StoreWorld } from './observe.ts';

const now = new Date('2026-11-27T02:00:00Z');
const probe = { time: '2026-11-26T12:00:00Z', revision: `sha256:${'0'.repeat(64)}`, key: 'probes/a.json' };
const s3 = { endpoint: 'main', bucket: 'evidence', credentialsRef: { name: 'keys' } };
const objectLock = { mode: 'Compliance', retentionDays: 2555 } as const;
const specs = {
  locked: { s3: { ...s3, objectLock } },
  plain: { s3 },
  filesystem: { filesystem: {} },
} satisfies Record<string, EvidenceStoreSpec>;

function decided(spec: EvidenceStoreSpec, world: StoreWorld) {
  const metadata = { namespace: 'team-a', name: 'audit' };
  const store: EvidenceStore = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'EvidenceStore',
    metadata,
    spec,
    status: { probe },
  };
  return decideStore(store, world, now);
}

const sound: StoreWorld = { is: 'sound', probe: { ...probe, key: 'probes/b.json' } };
const failed = (reason: Extract<StoreWorld, { is: 'failed' }>['reason']): StoreWorld => ({
  is: 'failed',
  reason,
  message: 'so; do this',
});

test.each<[keyof typeof specs, StoreWorld, string, string, string]>([
  ['locked', sound, 'ready Probed', 'True', 'ReadBack'],
  ['plain', sound, 'ready Probed', 'False', 'NotDeclared'],
  ['filesystem', sound, 'ready Probed', 'False', 'NotSupported'],
  ['locked', failed('LockRefused'), 'stalled LockRefused', 'False', 'LockRefused'],
  ['locked', failed('Denied'), 'stalled Denied', 'Unknown', 'Denied'],
  ['locked', failed('NotFound'), 'stalled NotFound', 'Unknown', 'NotFound'],
  ['locked', failed('Altered'), 'stalled Altered', 'Unknown', 'Altered'],
  ['locked', failed('Invalid'), 'stalled Invalid', 'Unknown', 'Invalid'],
  ['locked', failed('Unavailable'), 'waiting Unavailable', 'Unknown', 'Unavailable'],
  ['locked', failed('Slow'), 'waiting Slow', 'Unknown', 'Slow'],
  ['locked', failed('Full'), 'waiting Full', 'Unknown', 'Full'],
  ['locked', { is: 'stranger', message: 'so; do this' }, 'stalled PrefixInUse', 'Unknown', 'PrefixInUse'],
  [
    'locked',
    { is: 'missing', reason: 'CredentialsMissing', message: 'so; do this' },
    'waiting CredentialsMissing',
    'Unknown',
    'CredentialsMissing',
  ],
  ['locked', { is: 'suspended' }, 'ready Suspended', 'Unknown', 'Suspended'],
])('%s, seen %j, is %s', (spec, world, outcome, status, reason) => {
  const plan = decided(specs[spec], world);
  expect(`${plan.outcome.is} ${plan.outcome.reason}`).toBe(outcome);
  expect(plan.conditions?.['Locked']).toMatchObject({ status, reason });
  // What was probed last is remembered, whatever happens meanwhile.
  expect(plan.status.probe?.key).toBe(world.is === 'sound' ? 'probes/b.json' : 'probes/a.json');
  expect(plan.actions).toEqual([]);
});

test('a suspension that ends is looked at again by then', () => {
  const suspend = { reason: 'moving', until: '2026-11-27T02:01:00Z' };
  const { recheckAfter } = decided({ ...specs.locked, suspend }, { is: 'suspended' }).outcome;
  expect(recheckAfter).toBeGreaterThan(0);
  expect(recheckAfter).toBeLessThanOrEqual(60);
});
