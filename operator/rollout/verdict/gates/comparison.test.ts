/** Comparisons of hosts with the revision to those without: counts, evidence, and what is no count. */
import { describe, expect, test } from '@jest/globals';
import {
  after,
  answer,
  compared,
  evaluateAll,
  makeEvidence,
  makeRollout,
} from '../../../../test/builders/gatedRollout.ts';
import { numbers } from '../../../../test/builders/seeded.ts';
import type { ComparisonGate } from '../../../api/v1alpha1/rolloutGates.ts';
import { combinedLogEvidence, logEvidence } from '../../../lib/statistics.ts';
import type { ComparisonEvidence } from '../evidence.ts';
import type { GatedStep } from '../gate.ts';
import { verdictOf } from '../verdict.ts';
import { queryWithin } from './comparedHosts.ts';

const gate: ComparisonGate = { name: 'http', errorsQuery: 'e[$window]', totalQuery: 't[$window]' };
/** One step that can be compared: the evidence is its own. */
const alone: Partial<GatedStep> = { comparable: 1 };

function gateOf(
  found: ComparisonEvidence | undefined,
  part: Partial<ComparisonGate> = {},
  step: Partial<GatedStep> = alone,
) {
  const rollout = makeRollout({ comparisons: [{ ...gate, ...part }] }, step);
  const { verdict } = verdictOf(rollout, makeEvidence({ comparisons: found ? [found] : [] }), after(3600));
  return verdict?.gates?.find((one) => one.gate === 'comparison/http');
}

function outcomeOf(...of: Parameters<typeof gateOf>): string {
  const found = gateOf(...of);
  return found ? `${found.result} ${found.reason}${found.blindSince ? ' blind' : ''}` : 'none';
}

describe('what was counted', () => {
  const equal = compared([10, 90], [1000, 9000]);
  test.each<[string, ComparisonEvidence | undefined, Partial<ComparisonGate>, string]>([
    ['equal rates', equal, {}, 'Pass NotMoreErrors'],
    ['no errors at all', compared([0, 0], [1000, 9000]), {}, 'Pass NotMoreErrors'],
    ['the row 4 of 5', compared([4, 1], [1000, 9000]), {}, 'Fail MoreErrors'],
    ['3 of 5', compared([3, 2], [1000, 9000]), {}, 'Pass NotMoreErrors'],
    [
      '3 of 5 where more false alarms are accepted',
      compared([3, 2], [1000, 9000]),
      { falseAlarmPercent: 5 },
      'Fail MoreErrors',
    ],
    ['few samples', compared([0, 0], [99, 9000]), {}, 'Inconclusive TooFewSamples'],
    ['few samples that suffice to see harm', compared([9, 0], [10, 90]), {}, 'Fail MoreErrors'],
    ['samples that suffice here', compared([0, 0], [99, 9000]), { minSamples: 99 }, 'Pass NotMoreErrors'],
    ['hosts that serve nothing', compared([0, 9], [0, 9000]), {}, 'Inconclusive NoSamples blind'],
    ['others that serve nothing', compared([9, 0], [1000, 0]), {}, 'Inconclusive NothingToCompare blind'],
    ['more errors than were served', compared([900, 0], [100, 9000]), {}, 'Error MoreErrorsThanTotal blind'],
    ['counts beyond reason', compared([2e8, 9e8], [1e12, 9e12]), {}, 'Error TooManyErrors blind'],
    ['not asked', undefined, {}, 'Inconclusive NoEvidence blind'],
    ['not soaking', { ...equal, windowSeconds: undefined }, {}, 'Inconclusive NotSoaking'],
    ['hardly soaking', { ...equal, windowSeconds: 119 }, {}, 'Inconclusive NotSoaking'],
    ['soaking for two minutes', { ...equal, windowSeconds: 120 }, {}, 'Pass NotMoreErrors'],
    ['no answer', { ...equal, errors: { is: 'none', reason: 'Down', message: 'm' } }, {}, 'Error Down blind'],
    ['no total', { ...equal, total: { is: 'none', reason: 'Busy', message: 'm' } }, {}, 'Inconclusive Busy blind'],
    ['NaN', { ...equal, errors: answer({ new: Number.NaN, old: 1 }) }, {}, 'Error NotACount blind'],
    ['a negative count', { ...equal, total: answer({ new: -1, old: 1 }) }, {}, 'Error NotACount blind'],
    ['another label', { ...equal, total: answer({ new: 9, old: 9 }, 'host') }, {}, 'Error HostLabelMissing blind'],
    [
      'errors by another label',
      { ...equal, errors: answer({ new: 99, old: 0 }, 'pod') },
      {},
      'Error HostLabelMissing blind',
    ],
    ['errors of all hosts together', { ...equal, errors: answer({ '': 99 }) }, {}, 'Error HostLabelMissing blind'],
    [
      'errors by other names',
      { ...equal, errors: answer({ 'pod-a': 99, 'pod-b': 0 }) },
      {},
      'Error ErrorsOfOthers blind',
    ],
    ['no errors of nobody, as of `or vector(0)`', { ...equal, errors: answer({ '': 0 }) }, {}, 'Pass NotMoreErrors'],
    ['no errors, by other names', { ...equal, errors: answer({ 'pod-a': 0 }) }, {}, 'Pass NotMoreErrors'],
    [
      'errors of hosts alone that are not compared',
      { ...equal, errors: answer({ alien: 9 }), total: answer({ new: 1000, old: 9000, alien: 9 }) },
      {},
      'Pass NotMoreErrors',
    ],
    [
      'that label',
      { ...compared([0, 0], [0, 0]), errors: answer({}, 'h'), total: answer({ new: 500, old: 500 }, 'h') },
      { hostLabel: 'h' },
      'Pass NotMoreErrors',
    ],
    ['errors without a series', { ...equal, errors: answer({}) }, {}, 'Pass NotMoreErrors'],
    [
      'a host without a series',
      { ...equal, changed: [{ device: 'new' }, { device: 'web-07' }] },
      {},
      'Inconclusive HostsMissing blind',
    ],
    [
      'another host without a series',
      { ...equal, unchanged: [{ device: 'old' }, { device: 'web-07' }] },
      {},
      'Pass NotMoreErrors',
    ],
    ['foreign hosts', { ...equal, errors: answer({ new: 10, old: 90, alien: 1e6 }) }, {}, 'Pass NotMoreErrors'],
  ])('%s', (_, found, part, expected) => expect(outcomeOf(found, part)).toBe(expected));

  test('it does not apply when every host has the revision, and that is said', () => {
    expect(outcomeOf(equal, {}, { percent: 100 })).toBe('none');
    const { verdict } = verdictOf(makeRollout({ comparisons: [gate] }, { percent: 100 }), makeEvidence(), after(3600));
    expect(verdict).toMatchObject({ result: 'Pass', message: expect.stringContaining('1 comparison left out') });
  });

  test('it shows what it counted, and how much it would take', () => {
    expect(gateOf(equal)).toMatchObject({
      value: '0.05',
      limit: '100',
      samples: 1000,
      windowSeconds: 3600,
      query: 'e[$window]',
      message:
        '10 of 100 errors are on hosts that have the revision, which served 10 %: evidence 0.05 of 100, which 26 errors there reach',
    });
    expect(outcomeOf(compared([26, 90], [1000, 9000]))).toBe('Fail MoreErrors');
    expect(outcomeOf(compared([25, 90], [1000, 9000]))).toBe('Pass NotMoreErrors');
  });

  test('parts of errors, which `increase()` makes up, count for the revision', () => {
    expect(outcomeOf(compared([3.9, 0.2], [1000, 9000]))).toBe(outcomeOf(compared([3, 1], [1000, 9000])));
    expect(outcomeOf(compared([3.9999999, 1.0000001], [1000, 9000]))).toBe('Fail MoreErrors');
  });
});

describe('which host a series is of', () => {
  const found = (series: Record<string, number>, address?: string): ComparisonEvidence => ({
    ...compared([0, 0], [0, 0]),
    errors: answer({}),
    total: answer(series),
    changed: [{ device: 'web-01', address }],
    unchanged: [{ device: 'web-02' }],
  });
  test.each<[string, Record<string, number>, string | undefined, string]>([
    ['a name', { 'web-01': 500, 'web-02': 500 }, undefined, 'Pass NotMoreErrors'],
    ['a name and a port', { 'web-01:9100': 500, 'web-02:9100': 500 }, undefined, 'Pass NotMoreErrors'],
    ['an address', { '10.0.0.1:9100': 500, 'web-02': 500 }, '10.0.0.1', 'Pass NotMoreErrors'],
    ['an address of IPv6', { '[2001:db8::1]:9100': 500, 'web-02': 500 }, '2001:db8::1', 'Pass NotMoreErrors'],
    ['another case', { 'WEB-01.example.com:80': 500, 'web-02': 500 }, 'web-01.example.com', 'Pass NotMoreErrors'],
    ['several exporters', { 'web-01:1': 50, 'web-01:2': 50, 'web-02': 500 }, undefined, 'Pass NotMoreErrors'],
    ['a longer name', { 'web-011': 500, 'web-02': 500 }, undefined, 'Inconclusive HostsMissing blind'],
    ['two of the same address', { 'web-02': 500 }, 'web-02', 'Error AmbiguousHost blind'],
    [
      'a name of every object',
      { __proto__x: 1, constructor: 500, 'web-02': 500 },
      undefined,
      'Inconclusive HostsMissing blind',
    ],
  ])('%s', (_, series, address, expected) => expect(outcomeOf(found(series, address))).toBe(expected));

  test('the window is all that is put into a query, wherever it is used', () => {
    expect(queryWithin('increase(a[$window]) + increase(b[$window])', 3599.9)).toBe(
      'increase(a[3599s]) + increase(b[3599s])',
    );
    expect(queryWithin('a[5m]', 60)).toBe('a[5m]');
  });
});

describe('step by step', () => {
  const look = (errors: readonly [number, number], total: readonly [number, number]) =>
    makeEvidence({ comparisons: [compared(errors, total)] });

  test('each step is counted for itself, and their evidence is combined', () => {
    const rollout = makeRollout({ comparisons: [gate] });
    const first = verdictOf(rollout, look([12, 90], [1000, 9000]), after(3600));
    expect(first.comparisons).toEqual([
      {
        name: 'http',
        steps: [{ step: 1, changedErrors: 12, errors: 102, sharePercent: '10', logEvidence: expect.any(String) }],
      },
    ]);
    const step = { number: 2, percent: 50 };
    const second = verdictOf(
      makeRollout({ comparisons: [gate] }, step, { before: first }),
      look([30, 20], [5000, 5000]),
      after(7200),
    );
    expect(second.comparisons?.[0]?.steps.map((one) => [one.step, one.changedErrors, one.errors])).toEqual([
      [1, 12, 102],
      [2, 30, 50],
    ]);
    const logs = [
      logEvidence({ changed: 12, all: 102, share: 0.1 }),
      logEvidence({ changed: 30, all: 50, share: 0.5 }),
    ];
    const shown = second.verdict?.gates?.find((one) => one.gate === 'comparison/http')?.value;
    expect(Number(shown)).toBeCloseTo(Math.exp(combinedLogEvidence(logs, 2)), 2);
  });

  test('a blind evaluation forgets nothing', () => {
    const rollout = makeRollout({ comparisons: [gate] });
    const [first, blind] = evaluateAll(rollout, [look([12, 90], [1000, 9000]), makeEvidence()]);
    expect(blind?.fields.comparisons).toEqual(first?.fields.comparisons);
  });

  test('a first step that went very well excuses no harm in the second', () => {
    const first = verdictOf(makeRollout({ comparisons: [gate] }), look([0, 5000], [100_000, 900_000]), after(3600));
    const step = { number: 2, percent: 50 };
    const second = makeRollout({ comparisons: [gate] }, step, { before: first });
    const { verdict } = verdictOf(second, look([60, 10], [5000, 5000]), after(7200));
    expect(verdict?.result).toBe('Fail');
  });

  test('whatever is counted, it passes only with samples of both groups, and below its limit', () => {
    const any = numbers(11);
    for (let round = 0; round < 400; round += 1) {
      const total = [any(3) * any(5000), any(3) * any(50_000)] as const;
      const errors = [any(30), any(100)] as const;
      const found = gateOf(compared(errors, total));
      if (found?.result !== 'Pass') continue;
      const all = errors[0] + errors[1];
      expect(total[0]).toBeGreaterThanOrEqual(100);
      expect(total[1]).toBeGreaterThan(0);
      expect(logEvidence({ changed: errors[0], all, share: total[0] / (total[0] + total[1]) })).toBeLessThan(
        Math.log(100),
      );
    }
  });
});
