/** OSCAL documents for tests: of a namespace in which controls pass, fail, are waived and unknown. */
import type { DeviceCheck } from '../../operator/api/v1alpha1/deviceCheck.ts';
import { assessmentResults } from '../../operator/evidence/oscal/assessmentResults.ts';
import type { OscalInput } from '../../operator/evidence/oscal/input.ts';
import { planOfAction } from '../../operator/evidence/oscal/planOfAction.ts';
import { rfc8785 } from '../../operator/lib/rfc8785.ts';
import type { Section, SectionInput } from '../../operator/evidence/sections/section.ts';
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

/** What back matter and metadata have of interest. */
export interface OscalBack {
  readonly 'assessment-results': {
    readonly metadata: { readonly version: string };
    readonly 'back-matter': {
      readonly resources: readonly {
        readonly rlinks?: readonly { readonly href: string; readonly hashes: readonly { readonly value: string }[] }[];
      }[];
    };
  };
}

const sectionInput = (): SectionInput =>
  inputOf(
    [
      baseline,
      web01,
      web02,
      makeReport(baseline, web01, [makeFinding(checks[1]!), makeFinding(checks[0]!)]),
      makeReport(baseline, web02),
      waiver,
    ],
    { cluster: { id: 'f1b6ad4f-2a0e-4b8e-9f3a-6f6a35b4b1b9' } },
  );

/** The files of the two sections, as the operator writes them. */
export async function oscalSections(): Promise<{ readonly evidence: string; readonly policy: string }> {
  const textOf = async (section: Section): Promise<string> => rfc8785(await made<object>(section, sectionInput()));
  return { evidence: await textOf(evidence), policy: await textOf(policy) };
}

export async function oscalInput(...frameworks: readonly string[]): Promise<OscalInput> {
  const input = sectionInput();
  const { waivers } = await made<{ waivers: readonly ContentWaiver[] }>(evidence, input);
  return {
    frameworks,
    policy: await made<PolicyContent>(policy, input),
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
  readonly input: OscalInput;
  readonly document: object;
}

/** Of each framework alone, those that only checks name too, and of all of them together. */
export async function oscalDocuments(): Promise<readonly OscalDocument[]> {
  const { policy: content } = await oscalInput();
  const ids = content.frameworks.map(({ id }) => id);
  const all = await Promise.all(
    [ids, ...ids.map((id) => [id])].map(async (frameworks) => {
      const input = await oscalInput(...frameworks);
      return [assessmentResults(input), planOfAction(input)].flatMap((document) =>
        document ? [{ input, document }] : [],
      );
    }),
  );
  return all.flat();
}
