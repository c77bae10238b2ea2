import { describe, expect, test } from '@jest/globals';
import { decision, fails, reportOn, stated } from '../../../test/builders/journal.ts';
import type { Decision } from './decision.ts';
import { differences, goneDifference } from './difference.ts';
import type { Draft } from './entry.ts';
import { JournalState } from './state.ts';

/** What is journaled of the last of these decisions, in few words. */
function last(...decisions: readonly Decision[]): string[] {
  const state = new JournalState();
  let drafts: Draft[] = [];
  for (const one of decisions) {
    drafts = differences(state, one);
    for (const draft of drafts) state.apply(draft);
    state.saw(one);
    expect(differences(state, one)).toEqual([]);
  }
  return drafts.map(inWords);
}

function inWords({ event, finding, condition, facts }: Draft): string {
  const of = finding
    ? `${finding.path ?? finding.check}${finding.waiver ? ` by ${finding.waiver}` : ''}`
    : condition
      ? `${condition.type}=${condition.status}/${condition.reason}`
      : facts?.['isCut'] !== undefined
        ? `cut ${facts['isCut'] as boolean}`
        : '';
  const because = facts?.['because'] as string | undefined;
  return [event, of, ...(because === undefined ? [] : [because])].filter(Boolean).join(' ');
}

const found = (...paths: string[]) => reportOn(paths.map((path) => fails(path)));
const early = decision(0, [found('mode', 'owner')]);

describe('findings', () => {
  test.each<[string, Decision, string[]]>([
    ['the same', decision(60, [found('mode', 'owner')]), []],
    ['in another order', decision(60, [found('owner', 'mode')]), []],
    [
      'later first seen, for another reason, with another message',
      decision(60, [reportOn([fails('mode', { since: 'x', message: 'again' }), fails('owner')])]),
      [],
    ],
    ['one more', decision(60, [found('mode', 'owner', 'group')]), ['FindingOpened group']],
    [
      'evaluated in full, without the report, of which the end was lost',
      { ...decision(60, []), isInFull: true },
      ['FindingClosed mode NoLongerFound', 'FindingClosed owner NoLongerFound'],
    ],
    ['not in full, without the report', decision(60, []), []],
    ['in full, with the report', { ...decision(60, [found('mode', 'owner')]), isInFull: true }, []],
    ['one less', decision(60, [found('mode')]), ['FindingClosed owner NoLongerFound']],
    ['none', decision(60, [found()]), ['FindingClosed mode NoLongerFound', 'FindingClosed owner NoLongerFound']],
    [
      'another value, long after',
      decision(700, [reportOn([fails('mode', { found: 'c' }), fails('owner')])]),
      ['FindingChanged mode'],
    ],
    ['another value, soon after', decision(60, [reportOn([fails('mode', { found: 'c' }), fails('owner')])]), []],
    [
      'covered',
      decision(60, [reportOn([fails('mode', { waiver: 'w' }), fails('owner')])]),
      ['FindingWaived mode by w'],
    ],
    [
      'another value, covered',
      decision(60, [reportOn([fails('mode', { found: 'c', waiver: 'w' }), fails('owner')])]),
      ['FindingChanged mode by w', 'FindingWaived mode by w'],
    ],
    [
      'worse',
      decision(60, [reportOn([fails('mode', { severity: 'Critical' }), fails('owner')])]),
      ['FindingChanged mode'],
    ],
    [
      'unknown now, which is no pass',
      decision(60, [reportOn([{ check: 'motd', result: 'Unknown', severity: 'Low' }])]),
      ['FindingClosed mode Unknown', 'FindingClosed owner Unknown', 'FindingOpened motd'],
    ],
    ['nothing known of the host', decision(60, [reportOn([], { is: 'blind' })]), []],
    ['not evaluated again', decision(60, [reportOn([], { is: 'asBefore' })]), []],
    ['as before, and forged', decision(60, [reportOn([fails('forged')], { is: 'asBefore' })]), []],
    [
      'as before, and covered',
      decision(60, [reportOn([fails('mode', { waiver: 'w' })], { is: 'asBefore' })]),
      ['FindingWaived mode by w'],
    ],
    [
      'too many to list',
      decision(60, [reportOn([fails('mode')], { isCut: true })]),
      ['FactsChanged cut true', 'FindingClosed owner NotListed'],
    ],
    [
      'other checks',
      decision(60, [
        reportOn([fails('mode')], { source: { kind: 'DeviceBaseline', name: 'rhel9', revision: 'sha256:2' } }),
      ]),
      ['FindingClosed owner RevisionChanged'],
    ],
    [
      'evaluated no longer',
      decision(60, [{ name: 'rhel9.web-01', is: 'ended', findings: [], isCut: false }]),
      ['FindingClosed mode NotEvaluated', 'FindingClosed owner NotEvaluated'],
    ],
    [
      'another report',
      decision(60, [found('mode', 'owner'), reportOn([fails('mode')], { name: 'other.web-01' })]),
      ['FindingOpened mode'],
    ],
    ['no report at all', decision(60), []],
    [
      'another object of that name',
      decision(60, [found('mode')], { object: { ...early.object, uid: 'uid-2' } }),
      ['ObjectGone', 'FindingOpened mode'],
    ],
  ])('%s', (_, then, expected) => {
    expect(last(early, then)).toEqual(expected);
  });

  test('covered no longer', () => {
    const covered = decision(60, [reportOn([fails('mode', { waiver: 'w' })])]);
    expect(last(covered, decision(90, [found('mode')]))).toEqual(['FindingUnwaived mode']);
    expect(last(covered, decision(90, [reportOn([fails('mode', { waiver: 'v' })])]))).toEqual([
      'FindingWaived mode by v',
    ]);
  });
  test('that ended after their checks had changed earlier, ended by themselves', () => {
    const source = { kind: 'DeviceBaseline', name: 'rhel9', revision: 'sha256:2' };
    const revised = decision(60, [reportOn([fails('mode'), fails('owner')], { source })]);
    expect(last(early, revised, decision(90, [reportOn([fails('mode')], { source })]))).toEqual([
      'FindingClosed owner NoLongerFound',
    ]);
  });
  test('several in one place are told apart by their values', () => {
    const keys = (...expected: string[]) => reportOn(expected.map((one) => fails('keys', { expected: one })));
    expect(last(decision(0, [keys('1', '2')]), decision(900, [keys('2', '3', '4')]))).toEqual(
      ['FindingOpened keys', 'FindingOpened keys', 'FindingClosed keys NoLongerFound'].sort(),
    );
  });
  test('a value that is another at each evaluation is journaled once in ten minutes', () => {
    const state = new JournalState();
    let entries = 0;
    for (let at = 0; at < 3600; at += 60) {
      const drafts = differences(state, decision(at, [reportOn([fails('mode', { found: `pid ${at}` })])]));
      for (const draft of drafts) state.apply(draft);
      entries += drafts.length;
    }
    expect(entries).toBe(6);
  });
});

describe('conditions', () => {
  const was = decision(0, [], {
    conditions: { Compliant: stated('True', 'Compliant'), Ready: stated('True', 'Evaluated') },
  });
  test.each<[string, Decision['conditions'], string[]]>([
    [
      'with another message',
      { Compliant: stated('True', 'Compliant', 'for 3 minutes'), Ready: stated('True', 'Evaluated') },
      [],
    ],
    [
      'with another reason',
      { Compliant: stated('True', 'CompliantByWaiver'), Ready: stated('True', 'Evaluated') },
      ['ConditionChanged Compliant=True/CompliantByWaiver'],
    ],
    ['with a summary that is not settled', { Compliant: stated('True', 'Compliant') }, []],
    ['that are gone', { Ready: stated('True', 'Evaluated') }, ['ConditionChanged Compliant=Unknown/Removed']],
  ])('%s', (_, conditions, expected) => {
    expect(last(was, decision(60, [], { conditions }))).toEqual(expected);
  });
  test('stay while it is suspended', () => {
    const suspended = decision(60, [], { isSuspension: true, conditions: { Suspended: stated('True', 'Suspended') } });
    expect(last(was, suspended)).toEqual(['ConditionChanged Suspended=True/Suspended']);
    expect(last(was, suspended, { ...was, time: decision(90).time })).toEqual([
      'ConditionChanged Suspended=Unknown/Removed',
    ]);
  });
});

describe('what a kind decides beside', () => {
  test('is journaled when it is another', () => {
    const at = (step: number, seconds: number) => decision(seconds, [], { facts: { facts: { step } } });
    expect(last(at(1, 0))).toEqual(['FactsChanged']);
    expect(last(at(1, 0), at(1, 60))).toEqual([]);
    expect(last(at(1, 0), at(2, 60))).toEqual(['FactsChanged']);
  });
  test('a run begins and ends once, and nothing that is written into its status later counts', () => {
    const run = (phase: 'started' | 'completed', outcome: string) =>
      decision(0, [], { facts: { phase, facts: { outcome } } });
    expect(last(run('started', 'Unknown'))).toEqual(['RunStarted']);
    expect(last(run('started', 'Unknown'), run('completed', 'Failed'))).toEqual(['RunCompleted']);
    expect(last(run('started', 'Unknown'), run('completed', 'Failed'), run('completed', 'Verified'))).toEqual([]);
  });
  test('a correction that begins again after none was needed is another', () => {
    const writes = (...all: string[]) => decision(0, [], { writes: all });
    expect(last(writes('apply ConfigMap shop/a'))).toEqual(['CorrectionBegun']);
    expect(last(writes('apply ConfigMap shop/a'), writes('apply ConfigMap shop/a'))).toEqual([]);
    expect(last(writes('apply ConfigMap shop/a'), writes(), writes('apply ConfigMap shop/a'))).toEqual([
      'CorrectionBegun',
    ]);
  });
});

test('with an object, everything ends that was journaled of it', () => {
  const state = new JournalState();
  for (const draft of differences(state, early)) state.apply(draft);
  const [gone] = goneDifference(state, { kind: 'Device', namespace: 'fleet', name: 'web-01' }, early.time);
  expect(gone).toMatchObject({ event: 'ObjectGone', object: { uid: 'uid-web-01' }, facts: { openFindings: 2 } });
  state.apply(gone!);
  expect(state.objects.size).toBe(0);
  expect(goneDifference(state, early.object, early.time)).toEqual([]);
});
