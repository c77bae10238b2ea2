/** SARIF and JUnit of a baseline: what fails fails, what is waived or unknown never passes, and readers of others accept the files. */
import { expect, test } from '@jest/globals';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import type { Resource } from '../../api/v1alpha1/shared.ts';
import { deviceBaselineSource } from '../../drift/deviceBaseline/source.ts';
import { makeBaseline, makeDevice, makeFinding, makeReport, motd, rootLogin } from '../../../test/builders/drift.ts';
import { inputOf, reachable, seen } from '../../../test/builders/sections.ts';
import { approved, makeWaiver } from '../../../test/builders/waiver.ts';
import { junit } from './junit.ts';
import { baselineResults, type BaselineResults } from './results.ts';
import { sarif } from './sarif.ts';

const chrony = { ...motd, name: 'chrony', controls: ['NIST-800-53:AU-8'] };
const baseline = makeBaseline({ checks: [motd, rootLogin, chrony] });
const silent = {
  ...makeDevice('web-02'),
  status: { conditions: [reachable('False', 'Timeout', 'no answer')] },
} as Resource;

function resultsOf(...findings: Finding[]): BaselineResults {
  const web01 = seen('web-01');
  const about = inputOf([baseline, web01, silent, makeReport(baseline, web01, findings), approved(makeWaiver())]);
  return baselineResults({ source: deviceBaselineSource, object: baseline }, about);
}

const mixed = resultsOf(
  makeFinding(motd),
  makeFinding(rootLogin),
  makeFinding(chrony, { result: 'NotApplicable', message: 'there is no chrony' }),
);

interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  kind: string;
  level: string;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
  suppressions?: object[];
  partialFingerprints: Record<string, string>;
}
interface Run {
  tool: { driver: { rules: { id: string }[] } };
  results: SarifResult[];
}

function runOf(results: BaselineResults): Run {
  return (sarif(results, '0.1.0') as { runs: Run[] }).runs[0]!;
}

test('SARIF: what is waived is suppressed, what is unknown is open, and what does not fail has no level', () => {
  const { results, tool } = runOf(mixed);
  expect(results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
    ['motd', 'fail', 'note'],
    ['sshd-no-root', 'fail', 'error'],
    ['chrony', 'notApplicable', 'none'],
    ['not-evaluated', 'open', 'none'],
  ]);
  expect(results[0]!.suppressions).toEqual([
    { kind: 'external', status: 'accepted', justification: 'PolicyWaiver legacy-motd: the vendor replaces it' },
  ]);
  expect(results.filter(({ suppressions }) => suppressions)).toHaveLength(1);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
});

test('SARIF: each result has a physical location (codeql-action#1738, sarif-sdk#2770: one without rejects the file)', () => {
  for (const { locations } of runOf(mixed).results) {
    const { artifactLocation, region } = locations[0]!.physicalLocation;
    expect(artifactLocation.uri).toMatch(/^fleet\/device\/web-0[12]$/);
    expect(region.startLine).toBe(1);
  }
});

test('SARIF: a value that is another is the same alert', () => {
  const prints = ['b', 'c'].map(
    (found) => runOf(resultsOf(makeFinding(rootLogin, { found }))).results[0]!.partialFingerprints,
  );
  expect(prints[0]).toEqual(prints[1]);
});

test('a host that does not respond passes nothing, although its last report did', () => {
  const web02 = mixed.targets[1]!;
  expect(web02.checks.map(({ is }) => is)).toEqual(['unknown', 'unknown', 'unknown']);
});

test('JUnit: failures, errors and skips are counted, and nothing waived passes', () => {
  const text = junit(mixed);
  expect(text).toContain('<testsuites name="DeviceBaseline rhel9" tests="6" failures="1" errors="3" skipped="2">');
  expect(text).toContain('<testsuite name="Device web-01" tests="3" failures="1" errors="0" skipped="2">');
  expect(text).toContain('<skipped message="waived by PolicyWaiver legacy-motd: the vendor replaces it">');
  expect(text).toContain('<error message="Unreachable: no answer" type="error"/>');
});

test.each([
  ['an escape sequence (jest-junit#197, bats-core#846)', '\x1b[31mred', '\ufffd[31mred'],
  ['a null', 'a\0b', 'a\ufffdb'],
  ['the end of a CDATA section', ']]>', ']]&gt;'],
  ['markup', '<failure a="b">&amp;</failure>', '&lt;failure a=&quot;b&quot;&gt;&amp;amp;&lt;/failure&gt;'],
  ['half of a surrogate pair', 'x\ud83d', 'x\ufffd'],
  ['a noncharacter', '\uffff', '\ufffd'],
])('JUnit: %s does not break the file', (_, message, expected) => {
  const text = junit(resultsOf(makeFinding(rootLogin, { message })));
  expect(text).toContain(expected);
  expect(text).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(x0*1b|27);/i);
  expect(text.isWellFormed()).toBe(true);
});

test('JUnit: a line break in an attribute stays one', () => {
  const base = mixed.targets[0]!;
  const [check] = base.checks;
  const target = { ...base, checks: [{ ...check!, is: 'waived' as const, waiver: 'a', justification: 'two\nlines' }] };
  expect(junit({ ...mixed, targets: [target] })).toContain('a: two&#10;lines"');
});
