/**
 * JUnit XML of the results of a baseline: a suite for each target, a case for each check. What is waived or does not apply is skipped, what is unknown is
 * an error. Characters that XML does not have are replaced, for a file with one of them is not read at all. Pure.
 */
import { findingText, type BaselineResults, type CheckOutcome, type TargetResults } from './results.ts';

export function junit({ baseline, targets }: BaselineResults): string {
  const all = targets.flatMap(({ checks }) => checks);
  const suites = targets.map((target) => suite(target, `${baseline.kind}.${baseline.name}`));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: `${baseline.kind} ${baseline.name}`, ...counts(all) })}>\n${suites.join('')}</testsuites>\n`;
}

function suite(target: TargetResults, className: string): string {
  const { kind, name, checks } = target;
  const cases = checks.map((check) => testCase(check, target, className));
  return `  <testsuite${attributes({ name: `${kind} ${name}`, ...counts(checks) })}>\n${cases.join('')}  </testsuite>\n`;
}

function counts(checks: readonly CheckOutcome[]): Record<string, string> {
  const of = (...names: CheckOutcome['is'][]): string => String(checks.filter(({ is }) => names.includes(is)).length);
  return {
    tests: String(checks.length),
    failures: of('fail'),
    errors: of('unknown'),
    skipped: of('waived', 'notApplicable'),
  };
}

function testCase(check: CheckOutcome, target: TargetResults, className: string): string {
  const head = `    <testcase${attributes({ classname: className, name: check.name })}`;
  const text = check.findings.map(findingText).filter(Boolean).join('\n');
  switch (check.is) {
    case 'pass':
      return `${head}/>\n`;
    case 'fail':
      return `${head}>\n      ${element('failure', `${check.severity}: ${check.name} fails`, text)}\n    </testcase>\n`;
    case 'unknown': {
      const reason = target.reason ?? 'its result is unknown';
      return `${head}>\n      ${element('error', text ? `${check.name} is unknown` : `${target.state}: ${reason}`, text)}\n    </testcase>\n`;
    }
    case 'waived': {
      const message = `waived by PolicyWaiver ${check.waiver}: ${check.justification}`;
      return `${head}>\n      ${element('skipped', message, text)}\n    </testcase>\n`;
    }
    case 'notApplicable':
      return `${head}>\n      ${element('skipped', 'it does not apply', text)}\n    </testcase>\n`;
  }
}

function element(name: string, message: string, text: string): string {
  const head = `<${name}${attributes({ message, ...(name !== 'skipped' && { type: name }) })}`;
  return text ? `${head}>${escaped(text)}</${name}>` : `${head}/>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replace(/[\t\n\r]/g, (found) => `&#${found.charCodeAt(0)};`)}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has neither control characters nor references to them. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (found) => entities[found]!);
}
