import { describe, expect, test } from '@jest/globals';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import type { EvidencePackStatus, StoredPack } from '../../api/v1alpha1/evidencePackStatus.ts';
import { decidePack } from './decide.ts';
import type { LateFound } from './lateWitnesses.ts';
import type { WitnessingState } from './witnessing.ts';

const now = new Date('2026-11-27T08:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const none: LateFound = { lacking: [], unread: 0, silent: [], foreign: [] };
const last: StoredPack = {
  sequence: 7,
  digest: `sha256:${'7'.repeat(64)}`,
  uri: 'file:///evidence/7',
  time: '2026-11-27T02:00:09Z',
  periodEnd: '2026-11-27T02:00:00Z',
  complete: true,
};

function decided(state: Partial<WitnessingState>, status: EvidencePackStatus = { last }, witnesses = ['tsa', 'log']) {
  const pack: EvidencePack = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'EvidencePack',
    metadata: { namespace: 'audit', name: 'nightly', uid: 'u1', creationTimestamp: '2026-11-20T12:00:00Z' },
    spec: { storeRef: { name: 'nightly' }, signing: { keyRef: { name: 'key' }, witnesses } },
    status,
  };
  const witnessing = { isRunning: false, attempts: 0, ...state };
  const plan = decidePack(pack, { is: 'read', head: { pack: last, missing: [] }, making: undefined, witnessing }, now);
  const { Signed } = plan.conditions ?? {};
  return {
    plan,
    asks: plan.afterStatus?.map((action) => (action as { effect: unknown }).effect) ?? [],
    signed: `${Signed?.status} ${Signed?.reason}: ${Signed?.message}`,
    wait: (plan.outcome as { recheckAfter?: number }).recheckAfter,
  };
}

const ask = [{ attest: { uid: 'u1', last: 7 } }];

describe('witnesses are asked', () => {
  test.each<[string, Partial<WitnessingState>, unknown[]]>([
    ['since nothing was read yet', {}, ask],
    ['not while they are being asked', { isRunning: true }, []],
    ['not when nothing is lacking', { found: none, last: 7, time: before(9999) }, []],
    ['after another pack', { found: none, last: 6, time: before(1) }, ask],
    ['for the packs that were not read yet', { found: { ...none, unread: 3 }, last: 7, time: before(11) }, ask],
    ['after a pause', { found: none, last: 7, time: before(31), attempts: 1 }, ask],
    ['not within the pause', { found: none, last: 7, time: before(29), attempts: 1 }, []],
    ['not within an hour, after many attempts', { found: none, last: 7, time: before(3599), attempts: 40 }, []],
    ['after the clock was put back', { found: none, last: 7, time: before(-60), attempts: 3 }, ask],
    ['after a pause, where the store failed', { last: 7, time: before(31), attempts: 1, failure: 'x' }, ask],
  ])('%s', (_, state, asks) => {
    expect(decided(state).asks).toEqual(asks);
  });

  test('not where none is declared', () => {
    const { asks, plan } = decided({}, { last, witnessing: { packs: 1, newest: 7, witnesses: ['tsa'] } }, []);
    expect([asks, plan.status.witnessing]).toEqual([[], undefined]);
  });
});

describe('what is said', () => {
  test('of the last pack, from the store and no longer from its making', () => {
    const { plan, signed } = decided(
      { found: none, last: 7, time: before(60) },
      { last: { ...last, unwitnessed: ['tsa'] } },
    );
    expect(signed).toBe('True Signed: pack 7 was signed at 2026-11-27T02:00:09Z');
    expect(plan.status.last?.unwitnessed).toBeUndefined();
  });

  test('before it is read, what was remembered of its making', () => {
    expect(decided({}, { last: { ...last, unwitnessed: ['tsa'] } }).signed).toMatch(
      /^True NotWitnessed: .*without tsa/,
    );
  });

  test('of packs that lack one, with when it is asked again, and why', () => {
    const found = {
      ...none,
      lacking: [
        { sequence: 6, witnesses: ['tsa'] },
        { sequence: 3, witnesses: ['log', 'tsa'] },
      ],
      silent: [{ name: 'tsa', reason: 'timestamp authority tsa does not respond' }],
    };
    const { plan, signed, wait } = decided({ found, last: 7, time: before(10), attempts: 1 });
    expect(plan.status.witnessing).toEqual({
      packs: 2,
      newest: 6,
      witnesses: ['log', 'tsa'],
      nextTime: '2026-11-27T08:00:20Z',
      message: 'timestamp authority tsa does not respond',
    });
    expect(signed).toBe(
      'True NotWitnessed: pack 7 was signed at 2026-11-27T02:00:09Z; 2 packs up to 6 lack log, tsa; they are asked again later (timestamp authority tsa does not respond)',
    );
    expect(wait).toBeLessThanOrEqual(20);
  });

  test('of a file that is named as a witness, and is none', () => {
    const foreign = ['packs/nightly/00000007.tsa.sigstore.json'];
    expect(decided({ found: { ...none, foreign }, last: 7, time: before(10), attempts: 1 }).signed).toBe(
      'True WitnessForeign: pack 7 was signed at 2026-11-27T02:00:09Z; packs/nightly/00000007.tsa.sigstore.json is not of its signature, and whoever verifies the store refuses it; find out who wrote it, and remove it',
    );
  });

  test('the same each time while nothing changes', () => {
    const state = {
      found: { ...none, lacking: [{ sequence: 6, witnesses: ['tsa'] }] },
      last: 7,
      time: before(10),
      attempts: 9,
    };
    const { plan } = decided(state);
    expect(decided(state, plan.status).plan.status).toEqual(plan.status);
  });
});
