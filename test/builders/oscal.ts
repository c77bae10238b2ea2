/** OSCAL documents for tests: of a namespace in which controls pass, fail, are waived and unknown. */
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { assessmentResults } from '../../operator/evidence/oscal/assessmentResults.ts';
import type { OscalInput } from '../../operator/evidence/oscal/input.ts';
import { planOfAction } from '../../operator/evidence/oscal/planOfAction.ts';
import type { ContentWaiver, PolicyContent } from '../../operator/evidence/sections/contents.ts';
import { evidence } from '../../operator/evidence/sections/evidence.ts';
import { policy } from '../../operator/evidence/sections/policy.ts';
import { after, makeBaseline, makeFinding, makeReport, motd, rootLogin } from './drift.ts';
import { inputOf, made, seen } from './sections.ts';
import { approved, daySeconds, makeWaiver } from './waiver.ts';

export interface AssessmentResults {
  readonly 'assessment-results': {
    readonly results: readonly { readonly findings: readonly OscalFinding[]; readonly risks?: readonly Risk[] }[];
  };
}

interface OscalFinding {
  readonly target: { readonly 'target-id': string; readonly status: Readonly<Record<string, string>> };
  readonly 'related-risks'?: readonly object[];
}

interface Risk {
  readonly uuid: string;
  readonly 'risk-log'?: { readonly entries: readonly { readonly props: readonly { readonly value: string }[] }[] };
}

export interface Plan {
  readonly 'plan-of-action-and-milestones': {
    readonly uuid: string;
    readonly risks: readonly Risk[];
    readonly 'poam-items': readonly { readonly title: string }[];
  };
}

const checks: readonly DeviceCheck[] = [
  { ...motd, controls: ['NIST-800-53:CM-6', 'CIS-RHEL9:1.7.1'] },
  { ...rootLogin, controls: ['NIST-800-53:AC-6(2)', 'CIS-RHEL9:5.1.20', 'CIS-CONTROLS:4.1'] },
  {
    name: 'audit',
    severity: 'High',
    controls: ['NIST-800-53:AU-12'],
    service: { name: 'auditd', state: 'Running' },
  } as DeviceCheck,
];
const baseline = makeBaseline({ checks: [...checks] });
const [web01, web02] = [seen('web-01'), seen('web-02')];
const waiver = approved(
  makeWaiver(
    {
      checks: ['sshd-no-root'],
      targets: { names: ['web-01'] },
      expiryTime: after(10 * daySeconds),
      risk: 'someone guesses the password',
      ticket: 'SEC-1',
      compensatingControls: ['the network is closed'],
      closurePlan: {
        tasks: [
          { name: 'replace', owner: 'ops', dueTime: after(5 * daySeconds) },
          { name: 'test', owner: 'ops', done: true },
        ],
      },
    },
    undefined,
    'legacy-root',
  ),
  { approvals: [{ name: 'a', approver: 'bob', role: 'security', decision: 'Approve', time: after(-1800) }] },
);

export async function oscalInput(framework: string): Promise<OscalInput> {
  const input = inputOf([
    baseline,
    web01,
    web02,
    makeReport(baseline, web01, [makeFinding(checks[1]!), makeFinding(checks[0]!)]),
    makeReport(baseline, web02),
    waiver,
  ]);
  const { waivers } = await made<{ waivers: readonly ContentWaiver[] }>(evidence, input);
  return {
    framework,
    policy: await made<PolicyContent>(policy, { ...input, cluster: { id: 'f1b6ad4f-2a0e-4b8e-9f3a-6f6a35b4b1b9' } }),
    waivers,
    pack: { name: 'nightly', sequence: 12 },
    files: ['evidence-20260301.json', 'policy-20260301.json'].map((name) => ({
      name,
      href: `packs/nightly/00000012-000000000000/${name}`,
      mediaType: 'application/json',
      sha256: 'ab'.repeat(32),
    })),
    version: '0.1.0',
  };
}

export interface OscalDocument {
  readonly framework: string;
  readonly input: OscalInput;
  readonly document: object;
}

/** Of all frameworks, those that only checks name too. */
export async function oscalDocuments(): Promise<readonly OscalDocument[]> {
  const { policy: content } = await oscalInput('');
  const all = await Promise.all(
    content.frameworks.map(async ({ id: framework }) => {
      const input = await oscalInput(framework);
      return [assessmentResults(input), planOfAction(input)].flatMap((document) =>
        document ? [{ framework, input, document }] : [],
      );
    }),
  );
  return all.flat();
}
