import { describe, expect, test } from '@jest/globals';
import { fingerprintOf } from '../api/fingerprint.ts';
import { after, makeFinding as finding, motd, now } from '../../test/builders/drift.ts';
import { driftOf, fold, makeFinding, unfold } from './finding.ts';

const differs = (actual: string, expected = 'a') =>
  makeFinding(motd, { result: 'Fail', path: 'content', expected, actual }, [], now);

describe('a finding', () => {
  test('shows no empty field, and an empty value as such', () => {
    expect(makeFinding(motd, { result: 'Unknown', message: 'no answer' }, [], now)).toEqual({
      check: 'motd',
      message: 'no answer',
      result: 'Unknown',
      severity: 'Low',
      since: now.toISOString(),
    });
    expect(differs('')).toMatchObject({ expected: 'a', found: '""' });
  });

  test('names controls in one line', () => {
    const check = { ...motd, controls: ['CIS:1', 'STIG:2'] };
    expect(makeFinding(check, { result: 'Unknown' }, [], now).controls).toBe('CIS:1, STIG:2');
  });

  test('keeps its first time while the same place differs, whatever is found there, whoever wrote it and whatever is said of it', () => {
    const before = [finding(motd, { path: 'content', expected: 'a', found: 'b', message: 'x', since: after(-900) })];
    const again = (actual: string) =>
      makeFinding(motd, { result: 'Fail', path: 'content', expected: 'a', actual }, before, now).since;
    expect([again('b'), again('c')]).toEqual([after(-900), after(-900)]);
  });

  test('of several in one place keeps the time of its own value, and another there is new', () => {
    const at = (expected: string, since: number) =>
      finding(motd, { path: 'keys', expected, found: 'absent', since: after(since) });
    const before = [at('key 1', -900), at('key 2', -60)];
    const again = (expected: string) =>
      makeFinding(motd, { result: 'Fail', path: 'keys', expected, actual: 'absent' }, before, now).since;
    expect([again('key 1'), again('key 2'), again('key 3')]).toEqual([after(-900), after(-60), now.toISOString()]);
  });

  test('is another one when a long value differs only where it is not shown', () => {
    const long = 'x'.repeat(600);
    const [one, other] = [differs(`${long}1`), differs(`${long}2`)];
    expect(one.found?.length).toBeLessThanOrEqual(512);
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
    expect(driftOf([one])).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('findings as they are stored', () => {
  const old = finding(motd, { since: after(-900) });
  const all = [old, { ...old, path: 'mode' }, { ...old, path: 'owner', since: after(-5) }];

  test('tell the time that most of them share once, and come back as they were', () => {
    const folded = fold(all);
    expect([folded.findingsSince, ...(folded.findings ?? []).map(({ since }) => since)]).toEqual([
      after(-900),
      undefined,
      undefined,
      after(-5),
    ]);
    expect(unfold(folded)).toEqual(all);
    expect([fold([]), unfold({}), unfold()]).toEqual([{}, [], []]);
  });
});

test('what is cut in the middle of a character is what the apiserver stores', () => {
  // The pair begins at the last place that is kept of a value, and of a message.
  const value = `${'a'.repeat(479)}😀${'b'.repeat(100)}`;
  const message = `${'a'.repeat(1022)}😀${'b'.repeat(100)}`;
  const found = { result: 'Fail', expected: value, actual: value, message } as const;
  const finding = makeFinding({ name: 'motd' }, found, [], new Date(0));
  for (const text of [finding.expected, finding.found, finding.message]) {
    expect(text).toContain('a\ufffd…');
    expect(text!.isWellFormed()).toBe(true);
  }
});
