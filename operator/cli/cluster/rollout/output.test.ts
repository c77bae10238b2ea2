/** What `rollout get` and `rollout explain` print, of rollouts that the feature itself brought where they are. */
import { describe, expect, test } from '@jest/globals';
import { begun, factsFrom } from '../../../../test/builders/rolloutFacts.ts';
import type { FleetBed } from '../../../../test/builders/fleetBed.ts';
import type { Facts } from './facts.ts';
import { explanation, withoutRollout } from './explain.ts';
import { treeText } from '../lines.ts';
import { rolloutTree } from './tree.ts';

/** Every state, by name: each is one that people meet. */
async function states(): Promise<[name: string, facts: Facts, now: Date][]> {
  const soaking = await begun({ windowRef: { name: 'sunday-night' } });
  soaking.edit({ windowRef: undefined });
  soaking.declare('B');
  await soaking.rounds(5);
  const returned = await failing();
  const lost = await begun({ maxFailed: 0, stepTimeoutSeconds: 120 });
  lost.declare('B');
  await lost.rounds(5);
  lost.host(lost.assigned('B')[0] ?? '').isDown = true;
  await lost.rounds(40, 5);
  const stopped = await begun({ rollback: { automatic: false } });
  for (const host of stopped.hosts.values()) host.fails = ['B'];
  stopped.declare('B');
  await stopped.rounds(40, 5);
  const idle = await begun();
  const many = Array.from({ length: 20 }, (_, at) => ({
    device: `db-${at}`,
    message: `it does not respond ${'x'.repeat(280)}`,
  }));
  const fleet = { total: 9000, targeted: 900, converged: 100, failed: 300, unreachable: 400, missing: many };
  const gates = Array.from({ length: 40 }, (_, at) => ({
    gate: `metric/m${at}`,
    result: at === 39 ? ('Fail' as const) : ('Pass' as const),
    reason: 'TooHigh',
    message: 'w'.repeat(500),
    value: '0.123456789',
    limit: '0.1',
    samples: 1234,
    query: `sum(${'q'.repeat(500)})`,
  }));
  const verdict = {
    result: 'Fail' as const,
    time: soaking.now.toISOString(),
    message: 'x',
    step: 1,
    generation: 1,
    gates,
  };
  const approval = {
    step: 2,
    digest: `sha256:${'a'.repeat(64)}`,
    time: '2026-11-27T00:00:00Z',
    lacking: '1 more approval',
  };
  const none = factsFrom(idle);
  return [
    ['soaking', factsFrom(soaking), soaking.now],
    ['large', factsFrom(soaking, { fleet, verdict, approval }), soaking.now],
    ['taken back', factsFrom(returned), returned.now],
    ['host lost', factsFrom(lost), lost.now],
    ['failed', factsFrom(stopped), stopped.now],
    ['idle', none, idle.now],
    ['no baseline', { rollout: none.rollout, unread: [] }, idle.now],
    ['older', { ...none, older: 'first' }, idle.now],
    [
      'not allowed',
      {
        rollout: none.rollout,
        unread: ['DeviceBaseline rhel9: you may not get devicebaselines.holdfast.dev in namespace fleet'],
      },
      idle.now,
    ],
    ['forged', factsFrom(soaking, { seal: undefined }), soaking.now],
    ['new', factsFrom(idle, { observedGeneration: undefined }), idle.now],
  ];
}

async function failing(): Promise<FleetBed> {
  const bed = await begun();
  for (const host of bed.hosts.values()) host.fails = ['B'];
  bed.declare('B');
  await bed.rounds(40, 5);
  return bed;
}

const all = await states();
const textsOf = (wanted: string): { tree: string; words: string } => {
  const [, facts, now] = all.find(([name]) => name === wanted) ?? [];
  if (!facts || !now) throw new Error(`there is no state ${wanted}`);
  return { tree: rolloutTree(facts, now), words: explanation(facts, now) };
};

test.each(all)('%s fits 80 columns and a screen, but for commands', (_, facts, now) => {
  for (const text of [rolloutTree(facts, now), explanation(facts, now)]) {
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.includes('$ kubectl'))).toEqual([]);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  }
});

test.each(all)('%s says what a person can do, or why not', (_, facts, now) => {
  expect(explanation(facts, now)).toMatch(/What you can do:\n {2}\S/);
});

test('a tree of a rollout that soaks', () => {
  expect(textsOf('soaking').tree).toBe(`CanaryRollout fleet/rhel9 of DeviceBaseline rhel9
├─ Revision 43c33793, from 31f16db8
├─ State Soaking 58 s, for 0 s
│    soaks for another 58 s
├─ Steps
│  ├─ ●  1   10%  soaking, 58 s of 60 s left, 10% of the hosts may have it
│  ├─ ○  2   50%  to come, soak 60 min
│  └─ ○  3  100%  to come, soak 60 s
├─ Verdict Pass, 2 s ago
│  └─ Pass convergence: 0, limit 0, 2 samples
└─ Hosts 2 of 20 have the revision: 2 converged
     up to 78 % of all hosts could still fail (95 % confidence)
`);
});

test('the worst comes first, and lists have a bound', () => {
  const { tree } = textsOf('large');
  const gates = tree.split('\n').filter((line) => line.includes(' metric/'));
  expect(gates).toHaveLength(12);
  expect(gates[0]).toContain('Fail metric/m39: 0.123456789, limit 0.1, 1234 samples (TooHigh)');
  expect(tree).toContain('and 28 more, which -o yaml shows');
  expect(tree).toContain('Hosts 900 of 9000 have the revision: 400 unreachable, 300 failed');
  expect(tree.split('\n').filter((line) => line.includes('✘ Device'))).toHaveLength(8);
  expect(tree).toContain('Approval of step 2: 1 more approval');
});

// https://github.com/argoproj/argo-cd/issues/20849: a rollout was aborted, and nothing said why.
test('what was taken back says why, and how to roll it out again', () => {
  const { tree, words } = textsOf('taken back');
  for (const text of [tree, words]) {
    expect(text.replace(/[\s│]+/g, ' ')).toContain('2 of 2 hosts failed, `maxFailed` allows 0');
    expect(text).toContain('$ kubectl holdfast rollout retry rhel9 -n fleet\n');
  }
  expect(textsOf('host lost').tree).toMatch(/Rollback in progress for .*, 1 host not as before/);
  expect(textsOf('failed').words).toContain('  $ kubectl holdfast rollout abort rhel9 -n fleet\n');
});

describe('what rolls nothing out', () => {
  test.each([
    ['no baseline', 'It rolls nothing out: DeviceBaseline rhel9 does not exist in this namespace.'],
    ['older', 'It rolls nothing out: CanaryRollout first is older and rolls out DeviceBaseline'],
    ['forged', 'Where the rollout is cannot be said: its status has no seal'],
    ['new', 'The operator has not evaluated this version of the rollout yet.'],
    ['not allowed', 'you may not get devicebaselines.holdfast.dev'],
  ])('%s', (name, sentence) => expect(textsOf(name).words.replaceAll('\n', ' ')).toContain(sentence));

  test('a baseline that gives new revisions to all hosts at once', () => {
    const [, facts, now] = all[0]!;
    const baseline = {
      ...facts.baseline!,
      spec: { ...facts.baseline!.spec, updateStrategy: { type: 'Immediate' as const } },
    };
    expect(explanation({ ...facts, baseline }, now)).toContain('updateStrategy.type: Immediate');
    expect(withoutRollout('rhel9', 'fleet', baseline, [])).toContain('no rollout is needed');
    expect(withoutRollout('rhel9', 'fleet', facts.baseline, [])).toContain('create a CanaryRollout');
    expect(withoutRollout('rhel9', 'fleet', undefined, ['a', 'b'])).toContain('There are: a, b.');
  });

  // Who may write a status, and is not Holdfast, does not show what people then act upon.
  test('a status with fields of another writer shows none of them', () => {
    const [, facts, now] = all[0]!;
    const managedFields = [{ manager: 'mallory', subresource: 'status', fieldsV1: { 'f:status': { 'f:fleet': {} } } }];
    const rollout = { ...facts.rollout, metadata: { ...facts.rollout.metadata, managedFields } };
    expect(rolloutTree({ ...facts, rollout }, now)).not.toContain('Steps');
    expect(explanation({ ...facts, rollout }, now)).toContain('mallory');
  });
});

// https://github.com/kubernetes/kubernetes/issues/101695: escape sequences of objects reached the terminal.
test('what objects say never reaches the terminal as more than text', () => {
  const [, facts, now] = all[0]!;
  const bad = '\x1b[2J\u009b31m\u202etxt\u2066\r\nnext';
  const status = JSON.parse(
    JSON.stringify(facts.rollout.status).replaceAll('soaks for', JSON.stringify(bad).slice(1, -1)),
  ) as object;
  const pause = { reason: bad };
  const spoiled = {
    ...facts,
    rollout: { ...facts.rollout, status, spec: { ...facts.rollout.spec, pause } },
    unread: [bad],
  };
  for (const text of [rolloutTree(spoiled, now), explanation(spoiled, now)]) {
    expect(text).toContain('next');
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]/);
  }
});

test('a word that is longer than a line is cut', () => {
  expect(
    treeText({ text: 'a'.repeat(200) })
      .split('\n')
      .every((line) => line.length <= 80),
  ).toBe(true);
});
