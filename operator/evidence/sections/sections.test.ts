/** Every section, made of a namespace and a journal: valid by its schema, and true. */
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { makeObjective } from '../../../test/builders/objective.ts';
import { bytesOf, inputOf, made, reachable, seen, type Entry } from '../../../test/builders/sections.ts';
import { after, makeBaseline, makeDevice, makeFinding, makeReport, motd, now } from '../../../test/builders/drift.ts';
import { approved, makeWaiver } from '../../../test/builders/waiver.ts';
import { objectiveRevision } from '../../api/objectiveRevision.ts';
import { cost } from './cost.ts';
import { dora } from './dora.ts';
import { evidence } from './evidence.ts';
import { policy } from './policy.ts';
import { sections } from './sections.ts';
import { slo } from './slo.ts';
import type { SectionInput } from './section.ts';
import { written } from './write.ts';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, date: /^\d{4}-\d\d-\d\d$/ },
});
const validators = new Map(sections.map((section) => [section.name, ajv.compile(section.schema)]));

const motdControlled: DeviceCheck = { ...motd, controls: ['NIST-800-53:CM-6', 'CIS-RHEL9:1.7.1'] };
const root: DeviceCheck = {
  name: 'sshd-no-root',
  severity: 'Critical',
  controls: ['ac-6.2', 'NIST-800-53: CM-6'],
  sshd: { option: 'PermitRootLogin', value: 'no' },
};
const baseline = makeBaseline({ checks: [motdControlled, root] });
const [web01, web02] = [seen('web-01'), seen('web-02')];

interface Control {
  framework: string;
  control: string;
  state: string;
  isSatisfied: boolean;
  reason?: string;
  waivers: string[];
}
interface PolicyContent {
  controls: Control[];
  coverage: { hosts: Record<string, number>; notSeen: { name: string; state: string }[] };
  frameworks: { id: string; controls: Record<string, number> }[];
  unknownControls: { text: string }[];
  missing: { what: string; reason: string }[];
}

async function policyOf(...objects: Resource[]): Promise<PolicyContent> {
  return made<PolicyContent>(policy, inputOf(objects));
}

function control({ controls }: PolicyContent, framework: string, id: string): Control {
  return controls.find((one) => one.framework === framework && one.control === id)!;
}

describe('Policy', () => {
  test('a control is satisfied when all of its checks pass on all hosts', async () => {
    const content = await policyOf(baseline, web01, web02, makeReport(baseline, web01), makeReport(baseline, web02));
    expect(content.missing).toEqual([]);
    for (const [framework, id] of [
      ['NIST-800-53', 'CM-6'],
      ['NIST-800-53', 'AC-6(2)'],
      ['CIS-RHEL9', '1.7.1'],
      ['FEDRAMP-MODERATE', 'CM-6'],
    ] as const)
      expect(control(content, framework, id)).toMatchObject({ state: 'Satisfied', isSatisfied: true });
    // Enhancements say nothing of the control, and a mapping needs all of its controls.
    expect(control(content, 'NIST-800-53', 'AC-6')).toMatchObject({
      state: 'NotEvaluated',
      reason: 'no check supports it',
    });
    expect(control(content, 'SOX-ITGC', 'PC-3').state).toBe('NotEvaluated');
    expect(content.coverage.hosts).toEqual({ selected: 2, seen: 2, stale: 0, unreachable: 0, unknown: 0 });
    expect(content.frameworks.find(({ id }) => id === 'NIST-800-53')?.controls).toEqual({
      total: 287,
      satisfied: 2,
      notSatisfied: 0,
      waived: 0,
      notEvaluated: 285,
    });
  });

  test('one failure on one host is enough', async () => {
    const failing = makeReport(baseline, web02, [makeFinding(root)]);
    const content = await policyOf(baseline, web01, web02, makeReport(baseline, web01), failing);
    expect(control(content, 'NIST-800-53', 'AC-6(2)').state).toBe('NotSatisfied');
    expect(control(content, 'NIST-800-53', 'CM-6').state).toBe('NotSatisfied');
    expect(control(content, 'CIS-RHEL9', '1.7.1').state).toBe('Satisfied');
    expect(control(content, 'SOX-ITGC', 'PC-3').state).toBe('NotSatisfied');
  });

  test('a waived control is not satisfied, and names its waiver; once it has expired the control fails', async () => {
    const waiver = approved(makeWaiver());
    const objects = [baseline, web01, makeReport(baseline, web01, [makeFinding(motdControlled)])];
    const waived = await policyOf(...objects, waiver);
    expect(control(waived, 'CIS-RHEL9', '1.7.1')).toMatchObject({
      state: 'Waived',
      isSatisfied: false,
      waivers: ['legacy-motd'],
    });
    expect(control(waived, 'FEDRAMP-MODERATE', 'CM-6')).toMatchObject({ state: 'Waived', isSatisfied: false });
    // The report still carries the mark: whoever reads it asks for now (kyverno#17473).
    const marked = makeReport(baseline, web01, [makeFinding(motdControlled, { waiver: 'legacy-motd' })]);
    const expired = makeWaiver({ expiryTime: after(-1) });
    const later = await policyOf(baseline, web01, marked, approved(expired));
    expect(control(later, 'CIS-RHEL9', '1.7.1')).toMatchObject({ state: 'NotSatisfied', waivers: [] });
  });

  test('a waiver of a check that passes changes nothing', async () => {
    const content = await policyOf(baseline, web01, makeReport(baseline, web01), approved(makeWaiver()));
    expect(control(content, 'CIS-RHEL9', '1.7.1')).toMatchObject({ state: 'Satisfied', waivers: [] });
  });

  test.each<[string, Resource[], string]>([
    ['no host is selected', [], 'has no target'],
    ['a host has no report', [web01], 'unknown'],
    [
      'a host does not respond',
      [
        { ...makeDevice('web-01'), status: { conditions: [reachable('False', 'Timeout', 'no answer')] } },
        makeReport(baseline, web01),
      ],
      'unknown',
    ],
    ['a host was evaluated against other checks', [web01, makeReport(makeBaseline(), web01)], 'unknown'],
    ['a host is suspended', [seen('web-01', undefined, { reason: 'move' }), makeReport(baseline, web01)], 'unknown'],
    [
      'the report is somebody else’s',
      [web01, { ...makeReport(baseline, web01), metadata: { name: 'rhel9.web-01', namespace: 'fleet', uid: 'x' } }],
      'unknown',
    ],
    [
      'the report counts a check that it does not list',
      [web01, makeReport(baseline, web01, [], { summary: { pass: 1, fail: 1, waived: 0, unknown: 0, drift: '1' } })],
      'unknown',
    ],
    [
      'a check does not apply anywhere',
      [web01, makeReport(baseline, web01, [makeFinding(root, { result: 'NotApplicable' })])],
      'does not apply to any target',
    ],
  ])('nothing is satisfied when %s', async (_, objects, reason) => {
    const content = await policyOf(baseline, ...objects);
    const result = control(content, 'NIST-800-53', 'AC-6(2)');
    expect(result).toMatchObject({ state: 'NotEvaluated', isSatisfied: false });
    expect(result.reason).toContain(reason);
  });

  test('hosts that are not seen are named, and the section is partial', async () => {
    const silent = {
      ...makeDevice('web-02'),
      status: { conditions: [reachable('False', 'Timeout', 'no answer')] },
    } as Resource;
    const content = await policyOf(baseline, web01, silent, makeReport(baseline, web01));
    expect(content.coverage).toMatchObject({
      hosts: { selected: 2, seen: 1, unreachable: 1 },
      notSeen: [{ kind: 'Device', name: 'web-02', state: 'Unreachable', reason: 'no answer' }],
    });
    expect(content.missing).toEqual([
      { what: 'Device web-02 under DeviceBaseline rhel9', reason: 'Unreachable: no answer' },
    ]);
  });

  test('a control that is unknown is reported, not dropped', async () => {
    const odd = makeBaseline({ checks: [{ ...motd, controls: ['NIST-800-53:AC-99', 'see wiki'] }] });
    const content = await policyOf(odd, web01, makeReport(odd, web01));
    expect(content.unknownControls.map(({ text }) => text)).toEqual(['NIST-800-53:AC-99', 'see wiki']);
    expect(content.missing.map(({ what }) => what)).toEqual([
      'control NIST-800-53:AC-99 of check motd of DeviceBaseline rhel9',
      'control see wiki of check motd of DeviceBaseline rhel9',
    ]);
  });

  test('a framework that could not be read makes it partial', () => {
    const unread = [{ what: 'ConfigMap mine', reason: 'bad' }];
    expect(policy.build(inputOf([], { unread })).missing).toEqual(unread);
  });

  test('what is in other namespaces is not in it', async () => {
    const other = { ...baseline, metadata: { ...baseline.metadata, namespace: 'shop' } };
    expect((await policyOf(other)).frameworks.map(({ id }) => id)).not.toContain('CIS-RHEL9');
  });
});

const object = { kind: 'Device', namespace: 'fleet', name: 'web-01' };
const source = { kind: 'DeviceBaseline', name: 'rhel9', revision: 'sha256:1' };
const target = { kind: 'Device', name: 'web-01' };
const run = { kind: 'AnsibleRun', namespace: 'fleet', name: 'rhel9-7' };
const entries: Entry[] = [
  { event: 'FindingOpened', object, source, target, finding: makeFinding(root), facts: { fingerprint: 'sha256:f' } },
  { event: 'RunStarted', object: run, facts: { mode: 'Apply' } },
  {
    event: 'RunCompleted',
    object: run,
    facts: {
      mode: 'Apply',
      hosts: [{ name: 'web-01', outcome: 'Refused' }],
      corrections: [{ device: 'web-01', checks: ['sshd-no-root, attempt 2', 'motd'], drifts: 'a b' }],
      before: [{ device: 'web-01', checks: ['sshd-no-root: PermitRootLogin yes', 'motd: mode 0600'] }],
      failures: [{ device: 'web-01', check: 'motd', message: 'it is a link' }],
    },
  },
  {
    event: 'FindingClosed',
    object,
    source,
    target,
    finding: { check: root.name, result: 'Fail', severity: 'Critical' },
    facts: { fingerprint: 'sha256:f', because: 'NoLongerFound' },
  },
  {
    event: 'FindingClosed',
    object,
    source,
    target,
    finding: { check: motd.name, result: 'Fail', severity: 'Low' },
    facts: { because: 'RevisionChanged' },
  },
  {
    event: 'ConditionChanged',
    object: { kind: 'PolicyWaiver', namespace: 'fleet', name: 'legacy-motd' },
    condition: { type: 'Approved', status: 'True', reason: 'Approved', message: 'by bob' },
    facts: { approvals: [{ approver: 'bob' }] },
  },
  { event: 'Read', object: { kind: 'EvidencePack', name: 'nightly' }, actor: 'carol' },
];

interface EvidenceContent {
  accesses: object[];
  approvals: object[];
  changes: { event: string; complies?: boolean }[];
  corrections: object[];
  findings: { check: string; state: string; waiver?: string }[];
  missing: { what: string; reason: string }[];
  trend: { day: string; closed: number; opened: Record<string, number> }[];
  waivers: { name: string }[];
}

describe('Evidence', () => {
  test('findings that are open, with the waivers of now', async () => {
    const content = await made<EvidenceContent>(
      evidence,
      inputOf([
        baseline,
        web01,
        makeReport(baseline, web01, [makeFinding(motdControlled), makeFinding(root)]),
        approved(makeWaiver()),
        makeWaiver({ checks: ['sshd-no-root'] }, {}, 'asked-for'),
      ]),
    );
    expect(content.findings).toMatchObject([
      {
        check: 'motd',
        controls: [],
        waiver: 'legacy-motd',
        source: { kind: 'DeviceBaseline', name: 'rhel9' },
        target: { kind: 'Device', name: 'web-01' },
        state: 'Seen',
        since: after(-60),
      },
      { check: 'sshd-no-root', expected: 'a', found: 'b' },
    ]);
    expect(content.findings[1]).not.toHaveProperty('waiver');
    expect(content.waivers.map(({ name }) => name)).toEqual(['legacy-motd']);
  });

  test('what was decided comes from the journal', async () => {
    const content = await made<EvidenceContent>(evidence, inputOf([], {}, ...entries));
    expect(content.changes.map(({ event, complies }) => [event, complies])).toEqual([
      ['FindingOpened', undefined],
      ['FindingClosed', true],
      ['FindingClosed', false],
    ]);
    expect(content.corrections).toMatchObject([
      { device: 'web-01', check: 'sshd-no-root', outcome: 'Verified', before: 'PermitRootLogin yes' },
      { device: 'web-01', check: 'motd', outcome: 'Failed', before: 'mode 0600', message: 'it is a link' },
    ]);
    expect(content.approvals).toMatchObject([{ object: { name: 'legacy-motd' }, condition: { type: 'Approved' } }]);
    expect(content.accesses).toMatchObject([{ event: 'Read', actor: 'carol' }]);
    expect(content.missing).toEqual([]);
  });

  test('the trend is there when no object is', async () => {
    const yesterday = entries.map((entry) => ({ ...entry, time: '2026-02-28T23:59:59.999Z' }));
    const period = { start: new Date('2026-02-28T00:00:00Z'), end: new Date('2026-03-03T00:00:00Z') };
    const content = await made<EvidenceContent>(evidence, inputOf([], { period }, ...yesterday, ...entries));
    expect(content.trend).toMatchObject([
      { day: '2026-02-28', opened: { Critical: 1, Low: 0 }, closed: 2, runsCompleted: 1, runsSucceeded: 0 },
      { day: '2026-03-01', opened: { Critical: 1 }, closed: 2 },
      { day: '2026-03-02', opened: { Critical: 0 }, closed: 0 },
    ]);
  });

  test('what the journal lacks is missing', async () => {
    const gap: Entry = { event: 'Gap', object: { kind: 'EvidenceStore', name: 'main' }, sequence: 9 };
    const content = await made<EvidenceContent>(evidence, inputOf([], {}, ...entries, gap));
    expect(content.missing).toEqual([
      { what: 'journal after entry 7', reason: 'the next entry is 9' },
      { what: `journal at ${now.toISOString()}`, reason: expect.stringContaining('entry 9') },
    ]);
  });

  test('findings that a report does not list are missing', () => {
    const cut = makeReport(baseline, web01, [makeFinding(root)], { moreFindings: 12 });
    expect(evidence.build(inputOf([baseline, web01, cut])).missing).toEqual([
      {
        what: 'Device web-01 under DeviceBaseline rhel9',
        reason: '12 findings are counted in its report and not listed',
      },
    ]);
  });

  test('a field that a report should not have is not evidence', async () => {
    const forged = { ...makeFinding(root), password: 'hunter2' };
    const content = await made(evidence, inputOf([baseline, web01, makeReport(baseline, web01, [forged])]));
    expect(JSON.stringify(content)).not.toContain('hunter2');
  });
});

describe('Slo', () => {
  const known = makeObjective(
    {},
    {
      seal: 'x',
      revision: objectiveRevision(makeObjective().spec),
      observedTime: after(-60),
      attainmentPercent: '99.95',
      errorBudgetRemainingPercent: '50',
      samples: 1000,
    },
  );
  const of = (status: object) => inputOf([{ ...known, status: { ...known.status, ...status } }], { namespace: 'shop' });

  test('what is sealed, current and fresh is shown', async () => {
    const content = await made<{ objectives: object[]; missing: object[] }>(slo, of({}));
    expect(content.objectives).toMatchObject([
      { name: 'checkout', isKnown: true, attainmentPercent: '99.95', isMet: true, samples: 1000 },
    ]);
    expect(content.missing).toEqual([]);
  });

  test.each([
    ['it has no seal', { seal: undefined }],
    ['it is old', { observedTime: after(-181) }],
    ['it is from the future', { observedTime: after(61) }],
    ['it is about another spec', { revision: 'sha256:0' }],
    ['nothing is attained', { attainmentPercent: undefined }],
  ])('when %s, nothing is shown and it is missing', async (_, status) => {
    const content = await made<{ objectives: object[]; missing: object[] }>(slo, of(status));
    expect(content.objectives).toEqual([
      { name: 'checkout', objectivePercent: '99.9', windowDays: 30, isKnown: false, quality: [] },
    ]);
    expect(content.missing).toHaveLength(1);
  });
});

describe('Dora', () => {
  const rollout = { kind: 'CanaryRollout', namespace: 'fleet', name: 'rhel9' };
  const told = (facts: object): Entry => ({ event: 'FactsChanged', object: rollout, facts: { ...facts } });
  const first = { revision: 'sha256:1', startTime: '2026-03-01T01:00:00Z' };
  const second = { revision: 'sha256:2', startTime: '2026-03-01T05:00:00Z' };
  const rollback = { startTime: '2026-03-01T05:30:00Z', reason: 'errors', rejects: true };
  interface Content {
    measures: { name: string; value: number; samples: number }[];
    missing: { what: string }[];
    deliveries: object[];
  }
  const measured = async (...facts: object[]) => {
    const content = await made<Content>(dora, inputOf([], {}, ...facts.map(told)));
    return { content, values: Object.fromEntries(content.measures.map(({ name, value }) => [name, value])) };
  };

  test('without rollouts each measure is absent, and none is 0', async () => {
    const { content } = await measured();
    expect(content.measures).toEqual([]);
    expect(content.missing.map(({ what }) => what)).toEqual([
      'measure ChangeFailureRate',
      'measure DeploymentFrequency',
      'measure LeadTime',
      'measure TimeToRestore',
    ]);
  });

  test('one completed, one taken back', async () => {
    const { values } = await measured(
      first,
      { ...first, completionTime: '2026-03-01T03:00:00Z' },
      second,
      { ...second, rollback },
      { ...second, rollback: { ...rollback, completionTime: '2026-03-01T06:00:00Z' } },
    );
    expect(values).toEqual({ ChangeFailureRate: 0.5, DeploymentFrequency: 1, LeadTime: 7200, TimeToRestore: 1800 });
  });

  test('a rollout that fails repeatedly is one failed rollout (devlake#4610: more than 100 %)', async () => {
    const stopped = { ...second, failure: 'objective burns' };
    const { values } = await measured(stopped, { ...stopped, failure: 'gate failed' }, { ...second, rollback });
    expect(values['ChangeFailureRate']).toBe(1);
  });

  test('what no host was assigned is neither a delivery nor a failure', async () => {
    const { content } = await measured({ revision: 'sha256:3', failure: 'no hosts' });
    expect(content.deliveries).toEqual([]);
  });

  test('a baseline that declares the revision before again has not failed', async () => {
    const { values } = await measured(first, { ...first, rollback: { ...rollback, rejects: false } });
    expect(values['ChangeFailureRate']).toBe(0);
  });

  test('a rollout that began before the period counts where it ends', async () => {
    const early = { revision: 'sha256:1', startTime: '2026-02-27T00:00:00Z', completionTime: '2026-03-01T00:00:00Z' };
    const { values, content } = await measured(early);
    expect(values).toEqual({ DeploymentFrequency: 1, LeadTime: 172_800 });
    expect(content.missing.map(({ what }) => what)).toContain('measure ChangeFailureRate');
  });
});

test('Cost invents no number', async () => {
  const content = await made<{ costs: object[]; missing: object[] }>(cost, inputOf([]));
  expect(content.costs).toEqual([]);
  expect(content.missing).toHaveLength(1);
});

const everything: SectionInput = inputOf(
  [
    baseline,
    web01,
    web02,
    seen('web-03'),
    makeReport(baseline, web01, [
      makeFinding(motdControlled, {
        message: 'a "message"',
        manual: true,
        object: { apiVersion: 'v1', kind: 'Pod', name: 'a' },
        manager: { name: 'kubectl-edit' },
      }),
      makeFinding(root),
    ]),
    makeReport(baseline, web02) satisfies DriftReport,
    approved(
      makeWaiver({
        targets: { selector: { matchLabels: { os: 'rhel9' } } },
        risk: 'r',
        ticket: 't',
        closurePlan: { tasks: [{ name: 'replace', owner: 'ops', dueTime: after(1000) }] },
      }),
      { approvals: [{ name: 'a', approver: 'bob', decision: 'Approve', time: after(-5) }] },
    ),
  ],
  { unread: [{ what: 'ConfigMap mine', reason: 'bad' }] },
  ...entries,
  {
    event: 'FactsChanged',
    object: { kind: 'CanaryRollout', namespace: 'fleet', name: 'rhel9' },
    facts: { revision: 'sha256:2', startTime: '2026-03-01T05:00:00Z', completionTime: '2026-03-01T06:00:00Z' },
  },
);

test.each(sections.map((section) => [section.name, section] as const))(
  '%s is valid by its schema, empty and full, and the same bytes twice',
  async (name, section) => {
    const validate = validators.get(name)!;
    for (const input of [inputOf([]), everything]) {
      validate(await made(section, input));
      expect(validate.errors ?? []).toEqual([]);
      const [one, two] = await Promise.all([0, 1].map(() => bytesOf(written(section.build(input).content))));
      expect(one).toEqual(two);
    }
    expect(validate({ ...(await made(section, everything)), more: 1 })).toBe(false);
  },
);
