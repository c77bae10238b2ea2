/** The results of a check for people: for each host what it is, what does not pass, worst first, and how many pass. */
import { junit } from '../../evidence/outputs/junit.ts';
import {
  findingText,
  type BaselineResults,
  type CheckOutcome,
  type TargetResults,
} from '../../evidence/outputs/results.ts';
import { sarif } from '../../evidence/outputs/sarif.ts';
import { counted, listed } from '../../lib/text.ts';
import { ownVersion } from '../../wiring/version.ts';
import type { CheckOutput } from '../check.ts';
import { wrapped } from '../cluster/lines.ts';
import { written } from '../written.ts';
import type { HostSeen } from './judge.ts';

export interface Printing {
  readonly format: CheckOutput | undefined;
  readonly hosts: readonly HostSeen[];
  readonly sudo: boolean;
  /** Of the terminal. */
  readonly columns: number | undefined;
}

export function printed(results: BaselineResults, printing: Printing): string {
  const { format } = printing;
  if (format === 'junit') return junit(results);
  if (format === 'sarif') return written(sarif(results, ownVersion()), 'json');
  if (format === 'json' || format === 'yaml') return written(results, format);
  return results.targets.map((target) => hostText(target, printing)).join('\n');
}

const order = ['fail', 'unknown', 'waived', 'notApplicable', 'pass'] as const;
const words: Readonly<Record<CheckOutcome['is'], string>> = {
  ...{ fail: 'Fail', unknown: 'Unknown', waived: 'Waived', notApplicable: 'N/A', pass: 'Pass' },
};
const severities = ['Critical', 'High', 'Medium', 'Low'];
const resultWidth = 9;

function hostText(
  { name, state, reason, checks }: TargetResults,
  { format, hosts, sudo, columns = 80 }: Printing,
): string {
  const host = hosts.find((one) => one.name === name)?.host;
  if (host?.is !== 'seen')
    return `${wrapped(`${name}: not checked: ${host?.message ?? reason ?? state}`, columns).join('\n')}\n`;
  const shown = checks
    .filter(({ is }) => format === 'wide' || is !== 'pass')
    .toSorted(
      (a, b) =>
        order.indexOf(a.is) - order.indexOf(b.is) || severities.indexOf(a.severity) - severities.indexOf(b.severity),
    );
  const { os, version } = host.facts;
  const what = os === undefined ? '' : ` (${[os, version].filter(Boolean).join(' ')})`;
  const lines = shown.flatMap((check) => checkLines(check, columns));
  const hint =
    !isRoot(name, sudo) && checks.some(({ is }) => is === 'unknown')
      ? wrapped('What only root can read is unknown: repeat it with --sudo.', columns)
      : [];
  return [...wrapped(`${name}${what}: ${countsText(checks)}`, columns), ...lines, ...hint, ''].join('\n');
}

function isRoot(name: string, sudo: boolean): boolean {
  return sudo || name.startsWith('root@') || (name === 'localhost' && process.getuid?.() === 0);
}

function countsText(checks: readonly CheckOutcome[]): string {
  const count = (is: CheckOutcome['is']): number => checks.filter((check) => check.is === is).length;
  const verbs = [
    [count('fail'), 'fails', 'fail'],
    [count('unknown'), 'is unknown', 'are unknown'],
    [count('notApplicable'), 'does not apply', 'do not apply'],
  ] as const;
  const rest = verbs.flatMap(([number, one, many]) => (number === 0 ? [] : [`${number} ${number === 1 ? one : many}`]));
  return listed([passText(count('pass'), checks.length), ...rest], 5);
}

function passText(pass: number, total: number): string {
  if (pass < total) return `${pass} of ${counted(total, 'check')} ${total === 1 ? 'passes' : 'pass'}`;
  return total === 1 ? 'the check passes' : `all ${total} checks pass`;
}

/** The check on one line, and what differs below it. */
function checkLines({ name, is, severity, findings }: CheckOutcome, columns: number): string[] {
  const indent = ' '.repeat(resultWidth + 2);
  const details = findings.flatMap((finding) => wrapped(findingText(finding), columns - indent.length));
  return [
    `  ${words[is].padEnd(resultWidth)}${name} (${severity.toLowerCase()})`,
    ...details.map((line) => indent + line),
  ];
}
