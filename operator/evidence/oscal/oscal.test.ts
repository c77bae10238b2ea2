/** OSCAL documents of a namespace in which controls pass, fail, are waived and unknown: references resolve, and nothing waived is satisfied. */
import { expect, test } from '@jest/globals';
import { oscalDocuments, oscalInput, type AssessmentResults, type Plan } from '../../../test/builders/oscal.ts';
import { frameworks } from '../frameworks/frameworks.ts';
import { assessmentResults } from './assessmentResults.ts';
import { statementId } from './input.ts';
import { planOfAction } from './planOfAction.ts';
import { problemsOf } from './problems.ts';

const statements = new Set(
  frameworks.flatMap(({ id, controls }) => controls.map((control) => statementId(id, control.id))),
);

test('references resolve, identifiers are unique, values are allowed', async () => {
  const documents = await oscalDocuments();
  expect(documents.length).toBeGreaterThan(5);
  for (const { document, input } of documents) {
    const own = input.policy.controls.filter(({ framework }) => input.frameworks.includes(framework));
    const ids = new Set([...statements, ...own.map(({ framework, control }) => statementId(framework, control))]);
    expect(problemsOf(document, ids)).toEqual([]);
  }
});

test('only what passes everywhere is satisfied', async () => {
  const document = assessmentResults(await oscalInput('NIST-800-53')) as AssessmentResults;
  const { findings, risks } = document['assessment-results'].results[0]!;
  const of = (id: string) => findings.find(({ target }) => target['target-id'] === id)!;
  expect(findings).toHaveLength(287);
  expect(
    findings.filter(({ target }) => target.status.state === 'satisfied').map(({ target }) => target['target-id']),
  ).toEqual(['au-12_smt']);
  expect(of('ac-6.2_smt')).toMatchObject({
    props: [
      { name: 'framework', value: 'NIST-800-53' },
      { name: 'state', value: 'Waived' },
      { name: 'waived', value: 'true' },
    ],
    target: { status: { state: 'not-satisfied', reason: 'fail' } },
  });
  expect(of('cm-6_smt').target.status).toEqual({ state: 'not-satisfied', reason: 'fail' });
  expect(of('ac-1_smt').target.status).toEqual({
    state: 'not-satisfied',
    reason: 'other',
    remarks: 'no check supports it',
  });
  expect(of('ac-6.2_smt')['related-risks']).toEqual([{ 'risk-uuid': risks![0]!.uuid }]);
});

test('a waiver is a deviation with its milestones, log and deadline', async () => {
  const document = planOfAction(await oscalInput('NIST-800-53')) as Plan;
  const { risks, 'poam-items': items } = document['plan-of-action-and-milestones'];
  expect(risks[0]).toMatchObject({
    title: 'PolicyWaiver legacy-root',
    status: 'deviation-approved',
    'mitigating-factors': [{ description: 'the network is closed' }],
    remediations: [
      {
        lifecycle: 'planned',
        tasks: [
          { type: 'milestone', title: 'replace', timing: { 'within-date-range': expect.anything() } },
          { title: 'test' },
        ],
      },
    ],
  });
  expect(risks[0]!['risk-log']!.entries.map(({ props }) => props[0]!.value)).toEqual([
    'dr-submission',
    'dr-approved',
    'milestone-complete',
  ]);
  expect(items.map(({ title }) => title)).toEqual(['PolicyWaiver legacy-root', 'motd of DeviceBaseline rhel9 fails']);
});

test('what has not been approved yet is requested, and what people write is text', async () => {
  const input = await oscalInput('NIST-800-53');
  const [waiver] = input.waivers;
  const requested = { ...waiver! };
  delete (requested as { approvedTime?: string }).approvedTime;
  const reason = ' <script>alert(1)</script>\n[x](javascript:1) \x1b[31m ';
  const document = planOfAction({ ...input, waivers: [{ ...requested, reason }] }) as Plan;
  const [risk] = document['plan-of-action-and-milestones'].risks;
  expect(risk).toMatchObject({
    status: 'deviation-requested',
    description: '\\<script\\>alert(1)\\</script\\> \\[x\\](javascript:1) \\[31m',
  });
});

test('the same thing has the same identifier in the next pack', async () => {
  const input = await oscalInput('NIST-800-53');
  const next = { ...input, pack: { ...input.pack, sequence: input.pack.sequence + 1 } };
  const [one, two] = [planOfAction(input) as Plan, planOfAction(next) as Plan].map(
    (plan) => plan['plan-of-action-and-milestones'],
  );
  expect(two!.uuid).not.toBe(one!.uuid);
  expect(two!['poam-items']).toEqual(one!['poam-items']);
  expect(two!.risks).toEqual(one!.risks);
});

test('nothing to be done is no plan, and an unknown framework is no document', async () => {
  const input = await oscalInput('GDPR-32');
  const fine = { ...input, policy: { ...input.policy, checks: [] } };
  expect(planOfAction(fine)).toBeUndefined();
  expect(assessmentResults({ ...input, frameworks: ['NONE'] })).toBeUndefined();
});

test.each<[string, (text: string) => string, RegExp]>([
  [
    'a lost reference',
    (text) =>
      text.replace(/"risk-uuid":"[0-9a-f]/, (found) => `${found.slice(0, -1)}${found.endsWith('0') ? '1' : '0'}`),
    /does not exist/,
  ],
  ['a state that does not exist', (text) => text.replace('"not-satisfied"', '"waived"'), /waived is not allowed/],
  ['a risk that is accepted', (text) => text.replace('"deviation-approved"', '"accepted"'), /accepted is not allowed/],
  ['a target of another framework', (text) => text.replace('ac-6.2_smt', 'a.9.2_smt'), /not a statement/],
  [
    'a UUID twice',
    (text) => text.replace(/"uuid":"[^"]+"(?=,"title":"motd)/, `"uuid":"${/"uuid":"([^"]+)"/.exec(text)![1]}"`),
    /there twice/,
  ],
  ['an empty list', (text) => text.replace(/"related-risks":\[[^\]]+\]/, '"related-risks":[]'), /is empty/],
])('%s is found', async (_, spoil, problem) => {
  const text = JSON.stringify(assessmentResults(await oscalInput('NIST-800-53')));
  const spoiled = spoil(text);
  expect(spoiled).not.toBe(text);
  expect(problemsOf(JSON.parse(spoiled) as object, statements).join('\n')).toMatch(problem);
});
