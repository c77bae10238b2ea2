/**
 * SARIF 2.1.0 of the results of a baseline: a result for each finding. What is waived has a suppression; what is unknown is open, and no result is a pass.
 * Each result has a physical location, since GitHub rejects a file in which one has none. Pure.
 */
import { identityOf } from '../../api/fingerprint.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { Severity } from '../../api/v1alpha1/shared.ts';
import { sha256 } from '../../lib/digest.ts';
import { sarifLog } from '../../lib/sarif.ts';
import { findingText, type BaselineResults, type CheckOutcome, type TargetResults } from './results.ts';

const levels: Readonly<Record<Severity, string>> = { Critical: 'error', High: 'error', Medium: 'warning', Low: 'note' };
/** Of which GitHub makes critical, high, medium and low. */
const scores: Readonly<Record<Severity, string>> = { Critical: '9.5', High: '8.0', Medium: '5.5', Low: '3.0' };

/** Rule of a target of which nothing current is known. */
const notEvaluated = 'not-evaluated';

export function sarif({ baseline, checks, targets }: BaselineResults, version: string): object {
  const about: About = { baseline, indexes: new Map(checks.map(({ name }, index) => [name, index])) };
  const rules = [
    ...checks.map(({ name, severity, controls }) => ({
      id: name,
      shortDescription: { text: `Check ${name} of ${baseline.kind} ${baseline.name}` },
      defaultConfiguration: { level: levels[severity] },
      properties: {
        'security-severity': scores[severity],
        ...(controls.length && { tags: [...new Set(controls)] }),
      },
    })),
    {
      id: notEvaluated,
      shortDescription: { text: 'Nothing current is known of the target' },
      defaultConfiguration: { level: 'none' },
    },
  ];
  return sarifLog(version, rules, {
    automationDetails: { id: `holdfast/${baseline.namespace}/${baseline.kind}/${baseline.name}/` },
    columnKind: 'utf16CodeUnits',
    results: targets.flatMap((target) => [
      ...(target.state === 'Seen' ? [] : [unseen(target, about, checks.length)]),
      ...target.checks.flatMap((check) => resultsOf(check, target, about)),
    ]),
  });
}

interface About {
  readonly baseline: BaselineResults['baseline'];
  /** Of rules, by check. */
  readonly indexes: ReadonlyMap<string, number>;
}

function unseen(target: TargetResults, { baseline }: About, index: number): object {
  return {
    ruleId: notEvaluated,
    ruleIndex: index,
    kind: 'open',
    level: 'none',
    message: { text: `${target.kind} ${target.name} is ${target.state}: ${target.reason ?? ''}`.toWellFormed() },
    locations: [location(target, baseline)],
    partialFingerprints: { 'holdfast/v1': sha256(JSON.stringify([notEvaluated, target.kind, target.name])) },
  };
}

function resultsOf(check: CheckOutcome, target: TargetResults, about: About): object[] {
  // Of a target that is not seen it is said once that the rest is unknown.
  if (check.is === 'unknown' && !check.findings.length && target.state === 'Seen')
    return [
      resultOf(
        check,
        { result: 'Unknown', message: 'it applies to nothing, or its result is not listed' },
        target,
        about,
      ),
    ];
  return check.findings.map((finding) => resultOf(check, finding, target, about));
}

function resultOf(
  check: CheckOutcome,
  finding: Pick<Finding, 'result' | 'message'> & Partial<Finding>,
  target: TargetResults,
  { baseline, indexes }: About,
): object {
  const whole: Finding = { check: check.name, severity: check.severity, ...finding };
  const kind = { Fail: 'fail', Unknown: 'open', NotApplicable: 'notApplicable' }[finding.result];
  const isWaived = finding.result === 'Fail' && finding.waiver !== undefined;
  return {
    ruleId: check.name,
    ruleIndex: indexes.get(check.name) ?? 0,
    kind,
    // SARIF 3.27.10: what does not fail has no level.
    level: finding.result === 'Fail' ? levels[finding.severity ?? check.severity] : 'none',
    message: { text: (findingText(whole) || `Check ${check.name}: ${finding.result}`).toWellFormed() },
    locations: [location(target, baseline)],
    partialFingerprints: { 'holdfast/v1': sha256(JSON.stringify([target.kind, target.name, identityOf(whole)])) },
    ...(isWaived && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification:
            `PolicyWaiver ${finding.waiver}${check.is === 'waived' ? `: ${check.justification}` : ''}`.toWellFormed(),
        },
      ],
    }),
  };
}

function location({ kind, name }: TargetResults, { namespace }: BaselineResults['baseline']): object {
  const path = [namespace, kind.toLowerCase(), name].map(encodeURIComponent).join('/');
  return {
    physicalLocation: { artifactLocation: { uri: path }, region: { startLine: 1 } },
    logicalLocations: [{ fullyQualifiedName: `${namespace}/${kind}/${name}`, kind: 'resource' }],
  };
}
