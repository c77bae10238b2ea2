import { describe, expect, test } from '@jest/globals';
import { retainUntil, retentionClasses, roleOf, type RetentionClass } from './classes.ts';

describe('how long it is kept', () => {
  test.each<[RetentionClass, string, string]>([
    ['Telemetry', '2026-11-27T02:00:00.000Z', '2027-02-25T02:00:00.000Z'],
    ['Risk', '2027-10-01T00:00:00.000Z', '2028-03-29T00:00:00.000Z'],
    ['Events', '2026-11-27T02:00:00.000Z', '2027-11-27T02:00:00.000Z'],
    // 7 × 365 days would be two days short.
    ['Audit', '2026-11-27T02:00:00.000Z', '2033-11-27T02:00:00.000Z'],
    // The year has no 29 February: neither an error (CUPS #5643, Windows-classic-samples #98) nor shorter than the day before (the-dmz #2085).
    ['Events', '2028-02-29T12:00:00.000Z', '2029-03-01T00:00:00.000Z'],
    ['Incidents', '2028-02-29T00:00:00.000Z', '2035-03-01T00:00:00.000Z'],
    ['Events', '2027-02-28T23:59:59.999Z', '2028-02-28T23:59:59.999Z'],
    // 2100 is no leap year.
    ['Audit', '2093-03-01T00:00:00.000Z', '2100-03-01T00:00:00.000Z'],
    ['Audit', '2096-02-29T00:00:00.000Z', '2103-03-01T00:00:00.000Z'],
  ])('%s from %s until %s', (name, since, until) => {
    expect(retainUntil(new Date(since), name).toISOString()).toBe(until);
  });

  test('what is later is not due earlier', () => {
    const hour = 3_600_000;
    const names = Object.keys(retentionClasses) as RetentionClass[];
    for (const name of names) {
      let before = 0;
      for (let at = Date.UTC(2027, 11, 30); at < Date.UTC(2028, 2, 3); at += hour) {
        const until = retainUntil(new Date(at), name).getTime();
        expect(until).toBeGreaterThanOrEqual(before);
        before = until;
      }
    }
  });

  test('every class has a basis', () => {
    for (const { basis } of Object.values(retentionClasses)) expect(basis).toMatch(/\d/);
  });
});

describe('what an object is', () => {
  test.each([
    ['store.json', { is: 'Store' }],
    ['keys/0a1b.pub', { is: 'Key' }],
    ['keys/manifest-00000001.sigstore.json', { is: 'Key' }],
    ['journal/000000000012.ndjson', { is: 'Segment', number: 12 }],
    ['journal/disposition-000000000001.sigstore.json', { is: 'Disposition' }],
    ['packs/nightly/00000012.sigstore.json', { is: 'Pack', pack: 'nightly', number: 12, commits: true }],
    ['packs/nightly/00000012.rekor.sigstore.json', { is: 'Pack', pack: 'nightly', number: 12, commits: true }],
    [
      'packs/nightly/00000012-0123456789ab/slo-20261127.json',
      { is: 'Pack', pack: 'nightly', number: 12, commits: false },
    ],
    ['packs/nightly/disposition-00000001.sigstore.json', { is: 'Disposition' }],
    ['packs/nightly/other.json', { is: 'Unknown' }],
    ['packs/a/00000012-0123456789ab/../../../store.json', { is: 'Unknown' }],
    ['journal/12.ndjson', { is: 'Unknown' }],
    ['backup.tar', { is: 'Unknown' }],
  ])('%s', (key, role) => {
    expect(roleOf(key)).toEqual(role);
  });
});
