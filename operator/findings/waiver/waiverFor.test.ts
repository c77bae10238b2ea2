import { describe, expect, test } from '@jest/globals';
import { fingerprintOf } from '../../api/fingerprint.ts';
import type { ObjectRef } from '../../api/v1alpha1/finding.ts';
import type { PolicyWaiver, PolicyWaiverSpec, PolicyWaiverStatus } from '../../api/v1alpha1/policyWaiver.ts';
import type { WaiverRules } from '../../api/v1alpha1/waiverRules.ts';
import { makeFinding, motd, now, rootLogin } from '../../../test/builders/drift.ts';
import { approved, daySeconds, makeWaiver, seconds } from '../../../test/builders/waiver.ts';
import { waiverDigest } from './digest.ts';
import { matches, standsFor, targetId, type WaivedSubject } from './subject.ts';
import { mostAccepted } from './accepted.ts';
import { nextChange, nextChangeOfAny, waiverFor } from './waiverFor.ts';
import { numbers } from '../../../test/builders/seeded.ts';

const onWeb: WaivedSubject = {
  source: { kind: 'DeviceBaseline', name: 'rhel9', namespace: 'fleet' },
  target: { name: 'web-01', labels: { os: 'rhel9', tier: 'web' } },
};
const drift = makeFinding(motd);
const at = (time: string): Date => new Date(time);
const covered = (waiver: PolicyWaiver, time: string | Date = now, subject = onWeb, finding = drift): boolean =>
  waiverFor(finding, subject, [waiver], new Date(time)) !== undefined;

const accept = (fingerprint: string, target = 'web-01', check = 'motd') => ({ target, check, fingerprint });
const emergency: Partial<PolicyWaiverSpec> = { breakGlass: { reason: 'outage' } };

describe('in force', () => {
  const waiver = makeWaiver();
  const digest = waiverDigest(waiver.spec);

  test.each<[string, PolicyWaiver, boolean]>([
    ['when it is approved', approved(waiver), true],
    ['not when it is not', makeWaiver(), false],
    [
      'not when it was edited since: at once, by nobody being asked',
      { ...approved(waiver), spec: { ...waiver.spec, reason: 'another' } },
      false,
    ],
    [
      'when only a task is done since',
      (() => {
        const tasks = [{ name: 'replace', owner: 'web' }];
        const planned = approved(makeWaiver({ closurePlan: { tasks } }));
        return { ...planned, spec: { ...planned.spec, closurePlan: { tasks: [{ ...tasks[0]!, done: true }] } } };
      })(),
      true,
    ],
    [
      'not when it came to its end, though time was set back',
      approved(waiver, { ended: { digest, time: seconds(-60) } }),
      false,
    ],
    [
      'when another version came to its end',
      approved(waiver, { ended: { digest: 'sha256:0', time: seconds(-60) } }),
      true,
    ],
    [
      'not when it is being deleted',
      { ...approved(waiver), metadata: { ...waiver.metadata, deletionTimestamp: seconds(-1) } },
      false,
    ],
    ['not before it begins', approved(makeWaiver({ effectiveTime: seconds(1) })), false],
    ['from the instant on at which it begins', approved(makeWaiver({ effectiveTime: seconds(0) })), true],
    ['not at the instant of its expiry', approved(makeWaiver({ expiryTime: seconds(0) })), false],
    ['until just before its expiry', approved(makeWaiver({ expiryTime: seconds(1) })), true],
    ['not when its time cannot be read', approved(makeWaiver({ expiryTime: 'tomorrow' })), false],
    ['not when the time of its approval cannot be read', approved(waiver, { approved: { digest, time: '?' } }), false],
  ])('%s', (_, one, expected) => {
    expect(covered(one)).toBe(expected);
  });

  test('for no longer after its approval than the severity of the finding allows, whatever it says itself', () => {
    const long = makeWaiver({ checks: ['motd', 'sshd-no-root'], expiryTime: seconds(80 * daySeconds) });
    const waived = approved(long, { approved: { digest: waiverDigest(long.spec), time: seconds(0) } });
    const critical = makeFinding(rootLogin);
    expect(covered(waived, at(seconds(14 * daySeconds - 1)), onWeb, critical)).toBe(true);
    expect(covered(waived, at(seconds(14 * daySeconds)), onWeb, critical)).toBe(false);
    expect(covered(waived, at(seconds(14 * daySeconds)), onWeb, drift)).toBe(true);
    const rules: WaiverRules = { severities: [{ severity: 'Critical', maxDays: 3 }] };
    expect(covered(waived, at(seconds(3 * daySeconds)), { ...onWeb, rules }, critical)).toBe(false);
  });

  test('for no longer after its approval, however late it begins', () => {
    const later = makeWaiver({
      checks: ['sshd-no-root'],
      effectiveTime: seconds(10 * daySeconds),
      expiryTime: seconds(60 * daySeconds),
    });
    const critical = makeFinding(rootLogin);
    // Approved half an hour ago.
    const end = 14 * daySeconds - 1800;
    expect(covered(approved(later), at(seconds(end - 1)), onWeb, critical)).toBe(true);
    expect(covered(approved(later), at(seconds(end)), onWeb, critical)).toBe(false);
  });

  test('of several, the one that lasts longest is named', () => {
    const short = { ...approved(makeWaiver({ expiryTime: seconds(60) }, undefined, 'short')) };
    const long = approved(makeWaiver({ expiryTime: seconds(3600) }, undefined, 'long'));
    expect(waiverFor(drift, onWeb, [short, long], now)).toEqual({
      name: 'long',
      namespace: 'fleet',
      until: at(seconds(3600)),
    });
    expect(waiverFor(drift, onWeb, [long, short], at(seconds(3600)))).toBeUndefined();
  });
});

describe('an emergency', () => {
  const broken = (status: PolicyWaiverStatus, spec: Partial<PolicyWaiverSpec> = {}) =>
    makeWaiver({ ...emergency, ...spec }, status);
  test.each<[string, PolicyWaiver, boolean]>([
    ['is in force once it was seen', broken({ breakGlassTime: seconds(-60) }), true],
    ['is not before it was seen', broken({}), false],
    ['lasts a day', broken({ breakGlassTime: seconds(1 - daySeconds) }), true],
    ['and no longer', broken({ breakGlassTime: seconds(-daySeconds) }), false],
    [
      'does not begin again, though time was set back',
      broken({ breakGlassTime: seconds(-60), breakGlassEndTime: seconds(-30) }),
      false,
    ],
    ['is over when the spec says so no more', makeWaiver({}, { breakGlassTime: seconds(-60) }), false],
    ['ends with the expiry', broken({ breakGlassTime: seconds(-60) }, { expiryTime: seconds(0) }), false],
    [
      'may be about everything',
      broken({ breakGlassTime: seconds(-60) }, { checks: ['*'], targets: { names: ['*'] } }),
      true,
    ],
    ['is none without its word, whatever the names', approved(makeWaiver({ checks: ['*'] })), false],
  ])('%s', (_, one, expected) => {
    expect(covered(one)).toBe(expected);
  });
});

describe('names', () => {
  const role: ObjectRef = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'wide' };
  const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const cluster = (object: ObjectRef): WaivedSubject => ({
    source: { kind: 'ClusterBaseline', name: 'base', namespace: 'platform' },
    target: { object },
  });
  const about = (
    namespace: string,
    targets: PolicyWaiverSpec['targets'],
    kind: 'DeviceBaseline' | 'ClusterBaseline' = 'ClusterBaseline',
  ) => {
    const name = kind === 'ClusterBaseline' ? 'base' : 'rhel9';
    const made = makeWaiver({ source: { kind, name }, targets });
    return { ...made, metadata: { ...made.metadata, namespace } };
  };
  test.each<[string, PolicyWaiver, WaivedSubject, boolean]>([
    ['a device by its name', about('fleet', { names: ['web-01'] }, 'DeviceBaseline'), onWeb, true],
    ['no device of another name', about('fleet', { names: ['web-02'] }, 'DeviceBaseline'), onWeb, false],
    [
      'a device by its labels',
      about('fleet', { selector: { matchLabels: { tier: 'web' } } }, 'DeviceBaseline'),
      onWeb,
      true,
    ],
    [
      'no device of that name with other labels',
      about('fleet', { names: ['web-01'], selector: { matchLabels: { tier: 'db' } } }, 'DeviceBaseline'),
      onWeb,
      false,
    ],
    ['nothing by an empty selector', about('fleet', { selector: {} }, 'DeviceBaseline'), onWeb, false],
    ['nothing by no parts at all', about('fleet', {}, 'DeviceBaseline'), onWeb, false],
    [
      'no device by namespaces',
      about('fleet', { names: ['web-01'], namespaces: ['fleet'] }, 'DeviceBaseline'),
      onWeb,
      false,
    ],
    [
      'no device under a baseline of another namespace',
      about('other', { names: ['web-01'] }, 'DeviceBaseline'),
      onWeb,
      false,
    ],
    ['no device under a cluster baseline of that name', about('fleet', { names: ['web-01'] }), onWeb, false],
    ['an object from the home of its baseline', about('platform', { names: ['web'] }), cluster(web), true],
    ['an object by its namespace', about('platform', { namespaces: ['shop'] }), cluster(web), true],
    [
      'no object of another namespace',
      about('platform', { names: ['web'], namespaces: ['other'] }),
      cluster(web),
      false,
    ],
    [
      'no object by labels',
      about('platform', { names: ['web'], selector: { matchLabels: { tier: 'web' } } }),
      cluster(web),
      false,
    ],
    ['an object of its own namespace, away from home', about('shop', { names: ['web'] }), cluster(web), true],
    ['no object of another namespace, away from home', about('bank', { names: ['web'] }), cluster(web), false],
    ['not even when it names that namespace', about('bank', { namespaces: ['shop'] }), cluster(web), false],
    ['no object without a namespace, away from home', about('shop', { names: ['wide'] }), cluster(role), false],
    ['an object without a namespace, from home', about('platform', { names: ['wide'] }), cluster(role), true],
    ['no object without a namespace by namespaces', about('platform', { namespaces: ['shop'] }), cluster(role), false],
  ])('%s', (_, waiver, subject, expected) => {
    expect(standsFor(waiver, subject, 'motd')).toBe(expected);
    expect(standsFor(waiver, subject, 'sshd-no-root')).toBe(false);
    expect(covered(approved(waiver), now, subject)).toBe(expected);
  });

  test('identities as kubectl takes them', () => {
    expect([onWeb.target, { object: web }, { object: role }].map(targetId)).toEqual([
      'web-01',
      'deployment/shop/web',
      'clusterrole/wide',
    ]);
  });
});

describe('accepts', () => {
  const fingerprint = fingerprintOf(drift);
  test.each<[string, ReturnType<typeof accept>[] | undefined, boolean]>([
    ['what is there, while nothing of that place was accepted', undefined, true],
    ['what was accepted', [accept(fingerprint)], true],
    ['not another value in a place that is bound', [accept('sha256:other')], false],
    ['what is there, when another target is bound', [accept('sha256:other', 'web-02')], true],
    ['what is there, when another check is bound', [accept('sha256:other', 'web-01', 'umask')], true],
    ['any of several that were accepted', [accept('sha256:other'), accept(fingerprint)], true],
    [
      'nothing new, when it has no room to remember it',
      Array.from({ length: mostAccepted }, (_, index) => accept('sha256:other', `db-${index}`)),
      false,
    ],
  ])('%s', (_, accepted, expected) => {
    expect(covered(approved(makeWaiver(), accepted && { accepted }))).toBe(expected);
  });
});

describe('whatever the waivers', () => {
  const hour = 3600;
  /** Waivers, a subject and a finding of which about half belong together. */
  const scenes = Array.from({ length: 400 }, (_, seed) => {
    const next = numbers(seed);
    const one = <T>(...of: readonly T[]): T => of[next(of.length)] as T;
    const when = (days: number): string => seconds((next(days * 48) - days * 24) * hour);
    const waivers = Array.from({ length: 1 + next(4) }, (_, index) => {
      const spec: Partial<PolicyWaiverSpec> = {
        checks: one(['motd'], ['motd', 'umask'], ['umask']),
        targets: one({ names: ['web-01'] }, { selector: { matchLabels: { tier: 'web' } } }, { names: ['db-01'] }),
        expiryTime: when(40),
        ...one({}, { effectiveTime: when(20) }),
        ...one({}, {}, emergency),
      };
      const made = makeWaiver(spec, undefined, `waiver-${index}`);
      const digest = waiverDigest(made.spec);
      const status: PolicyWaiverStatus = {
        ...one(
          {},
          { approved: { digest, time: when(20) } },
          { approved: { digest, time: when(20) } },
          { approved: { digest: 'sha256:0', time: when(9) } },
        ),
        ...one({}, {}, { ended: { digest, time: when(9) } }),
        ...one({}, { breakGlassTime: when(2) }),
        ...one({}, { accepted: [accept(one(fingerprintOf(drift), 'sha256:other'))] }),
      };
      return { ...made, status };
    });
    const finding = { ...drift, severity: one('Low', 'High', 'Critical') } as typeof drift;
    return { waivers, finding };
  });
  const instants = Array.from({ length: 45 * 24 }, (_, index) => at(seconds((2 * index - 45 * 24) * hour)));

  test('answers change only at instants that nextChange foretells, and then to what it says', () => {
    let changes = 0;
    for (const { waivers, finding } of scenes.slice(0, 150)) {
      const answer = (time: Date) => waiverFor(finding, onWeb, waivers, time)?.name;
      let [time] = instants as [Date];
      const end = instants.at(-1)!;
      while (time < end) {
        const next = nextChange(onWeb, waivers, time) ?? end;
        expect(next.getTime()).toBeGreaterThan(time.getTime());
        const between = instants.filter((instant) => instant >= time && instant < next);
        for (const instant of between) expect(answer(instant)).toBe(answer(time));
        if (answer(next) !== answer(time)) changes += 1;
        time = next;
      }
    }
    expect(changes).toBeGreaterThan(30);
  });

  test('what covers was approved as it is or is an emergency, is within its times, and stands for the finding', () => {
    let count = 0;
    for (const { waivers, finding } of scenes)
      for (const time of instants.filter((_, index) => index % 37 === 0)) {
        const waived = waiverFor(finding, onWeb, waivers, time);
        if (!waived) continue;
        count += 1;
        const waiver = waivers.find(({ metadata }) => metadata.name === waived.name)!;
        const { approved: version, ended, breakGlassTime = '' } = waiver.status;
        const digest = waiverDigest(waiver.spec);
        expect(standsFor(waiver, onWeb, finding.check)).toBe(true);
        expect(ended?.digest).not.toBe(digest);
        expect(time.getTime()).toBeLessThan(Math.min(Date.parse(waiver.spec.expiryTime), waived.until.getTime()));
        if (waiver.spec.effectiveTime)
          expect(time.getTime()).toBeGreaterThanOrEqual(Date.parse(waiver.spec.effectiveTime));
        if (version?.digest !== digest)
          expect(time.getTime() - Date.parse(breakGlassTime)).toBeLessThan(daySeconds * 1000);
        // Any edit voids it at once.
        const edited = { ...waiver, spec: { ...waiver.spec, ticket: 'SEC-1', breakGlass: undefined } };
        expect(waiverFor(finding, onWeb, [edited], time)).toBeUndefined();
      }
    expect(count).toBeGreaterThan(500);
  });

  test('one more waiver never uncovers anything, and the order of waivers does not matter', () => {
    for (const { waivers, finding } of scenes)
      for (const time of instants.filter((_, index) => index % 97 === 0)) {
        const all = waiverFor(finding, onWeb, waivers, time);
        const some = waiverFor(finding, onWeb, waivers.slice(1), time);
        expect(all?.until.getTime() ?? 0).toBeGreaterThanOrEqual(some?.until.getTime() ?? 0);
        expect(waiverFor(finding, onWeb, waivers.toReversed(), time)?.until).toEqual(all?.until);
        const [own, any] = [nextChange(onWeb, waivers, time), nextChangeOfAny(waivers, undefined, time)];
        if (own) expect(any?.getTime()).toBeLessThanOrEqual(own.getTime());
      }
  });

  test('a target that no part excludes is named: the parts are all that counts', () => {
    for (const { waivers } of scenes)
      for (const waiver of waivers) {
        const { names, selector } = waiver.spec.targets;
        expect(matches(waiver, onWeb.target)).toBe(
          (!names || names.includes('web-01')) && (names !== undefined || selector !== undefined),
        );
      }
  });
});
