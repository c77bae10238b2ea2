/** What was found in files, for people and for pipelines. Pure. */
import { junit } from '../../evidence/outputs/junit.ts';
import type { CheckOutcome } from '../../evidence/outputs/results.ts';
import { sha256 } from '../../lib/digest.ts';
import { sarifLog } from '../../lib/sarif.ts';
import { counted } from '../../lib/text.ts';
import { plain, wrapped } from '../cluster/lines.ts';
import type { ValidateOutput } from '../validate.ts';
import type { Problem } from './problem.ts';
import { written } from '../written.ts';

export interface ObjectReport {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly name: string;
  readonly problems: readonly (Problem & { readonly line: number })[];
}

export interface Report {
  readonly objects: readonly ObjectReport[];
  /** Objects of other kinds. */
  readonly skipped: number;
  readonly unreadable: readonly { readonly file: string; readonly message: string }[];
}

export function isInvalid({ problems }: ObjectReport): boolean {
  return problems.some(({ level }) => level !== 'warning');
}

export function reportText(
  report: Report,
  format: ValidateOutput,
  about: { version: string; columns: number },
): string {
  switch (format) {
    case 'json':
      return written({ ...report, summary: countsOf(report) }, 'json');
    case 'junit':
      return junit(resultsOf(report));
    case 'sarif':
      return written(sarifOf(report, about.version), 'json');
    case 'text':
      return textOf(report, about.columns);
  }
}

function countsOf({ objects, skipped, unreadable }: Report) {
  const invalid = objects.filter(isInvalid).length;
  const warnings = objects.flatMap(({ problems }) => problems).filter(({ level }) => level === 'warning').length;
  return { valid: objects.length - invalid, invalid, warnings, skipped, unreadable: unreadable.length };
}

const levelWords: Readonly<Record<Problem['level'], string>> = {
  ...{ invalid: 'invalid', fault: 'would not work', warning: 'warning' },
};

function textOf(report: Report, columns: number): string {
  const unreadable = report.unreadable.flatMap(({ message }) => wrapped(message, columns));
  const problems = report.objects.flatMap(({ file, kind, name, problems: all }) =>
    all.flatMap(({ line, level, message }) => [
      plain(`${file}:${line}: ${kind} ${name}: ${levelWords[level]}`),
      ...wrapped(message, columns - 4).map((text) => `    ${text}`),
    ]),
  );
  const { valid, invalid, warnings, skipped } = countsOf(report);
  const parts = [
    `${counted(valid, 'object')} valid`,
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(skipped > 0 ? [`${skipped} of other kinds skipped`] : []),
    ...(unreadable.length > 0 ? [`${counted(report.unreadable.length, 'file')} unreadable`] : []),
  ];
  const nothing = report.objects.length === 0 ? ['No object of Holdfast is among these files.'] : [];
  return [...unreadable, ...problems, ...nothing, `${parts.join(', ')}`, ''].join('\n');
}

/** A suite for each file, a case for each object. */
function resultsOf({ objects, unreadable }: Report): Parameters<typeof junit>[0] {
  const ofObject = (one: ObjectReport): CheckOutcome => ({
    name: `${one.kind} ${one.name}`,
    severity: 'High',
    is: isInvalid(one) ? 'fail' : 'pass',
    findings: one.problems.map(({ line, level, message }) => ({
      ...{ check: `${one.kind} ${one.name}`, severity: 'High' as const, result: 'Fail' as const },
      path: `line ${line}`,
      message: `${levelWords[level]}: ${message}`,
    })),
  });
  const files = [...Map.groupBy(objects, ({ file }) => file)].map(([name, all]) => ({
    ...{ kind: 'File', name, state: 'Seen' as const },
    checks: all.map(ofObject),
  }));
  const blind = unreadable.map(({ file, message }) => ({
    ...{ kind: 'File', name: file, state: 'Unknown' as const, reason: message },
    checks: [{ name: 'readable', severity: 'High' as const, is: 'unknown' as const, findings: [] }],
  }));
  return {
    baseline: { kind: 'kubectl holdfast', name: 'validate', namespace: '' },
    checks: [],
    targets: [...blind, ...files],
  };
}

const sarifLevels: Readonly<Record<Problem['level'], string>> = {
  ...{ invalid: 'error', fault: 'error', warning: 'warning' },
};
const ruleWords: Readonly<Record<Problem['level'], string>> = {
  invalid: 'The apiserver refuses the object',
  fault: 'Holdfast could not do what the object says',
  warning: 'What the object refers to is not among these files',
};

interface Said {
  readonly text: string;
  /** By what it is known again. */
  readonly about: readonly string[];
}

/** With the line of each problem, where code scanning shows it. */
function sarifOf({ objects, unreadable }: Report, version: string): object {
  const levels = Object.keys(ruleWords) as Problem['level'][];
  const result = (level: Problem['level'], file: string, line: number, { text, about }: Said) => ({
    ruleId: level,
    ruleIndex: levels.indexOf(level),
    level: sarifLevels[level],
    message: { text: text.toWellFormed() },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: Math.max(1, line) } } },
    ],
    // Without the line: what is moved is the same.
    partialFingerprints: { 'holdfast/v1': sha256(JSON.stringify([level, file, ...about])) },
  });
  const rules = levels.map((id) => ({ id, shortDescription: { text: ruleWords[id] } }));
  return sarifLog(version, rules, {
    results: [
      ...unreadable.map(({ file, message }) => result('invalid', file, 1, { text: message, about: [] })),
      ...objects.flatMap(({ file, kind, name, problems }) =>
        problems.map(({ level, line, path, message }) =>
          result(level, file, line, { text: `${kind} ${name}: ${message}`, about: [kind, name, path, message] }),
        ),
      ),
    ],
  });
}

/** Relative to where it was called from, as code scanning expects it. */
function uriOf(file: string): string {
  return file.replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
