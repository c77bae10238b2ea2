/** The summary on one screen. Pure. */
import { counted } from '../../../lib/text.ts';
import { wrapped } from '../lines.ts';
import type { AreaSummary, Concern, Summary } from './summary.ts';

const titleWidth = 18;
const narrowest = 20;

export function summaryText({ areas, concerns, moreConcerns }: Summary, operator: string, columns: number): string {
  const shown = areas.filter((area) => !('total' in area) || area.total > 0);
  const lines = [
    ['Operator', operator] as const,
    ...shown.map((area) => [area.title, areaText(area)] as const),
  ].flatMap(([title, text]) => hanging(title.padEnd(titleWidth), text, columns));
  const nothing = shown.length === 0 ? ['', 'Nothing is declared yet; begin with a Device and a DeviceBaseline.'] : [];
  const worst =
    concerns.length > 0 ? ['', 'Worst first', ...concerns.flatMap((one) => concernLines(one, columns))] : [];
  const more = moreConcerns > 0 ? [`  and ${moreConcerns} more, which -o wide lists`] : [];
  return [...lines, ...nothing, ...worst, ...more, ''].join('\n');
}

function areaText(area: AreaSummary): string {
  if (!('total' in area)) return `unknown: ${area.unread}`;
  return `${area.total}: ${area.states.map(({ state, count }) => `${count} ${state}`).join(', ')}`;
}

function concernLines({ kind, namespace, name, state, detail }: Concern, columns: number): string[] {
  const head = `${kind.toLowerCase()}/${name}${namespace === undefined ? '' : ` -n ${namespace}`}: ${state}`;
  return [
    ...wrapped(head, columns - 2).map((line) => `  ${line}`),
    ...(detail === '' || detail === state ? [] : wrapped(detail, columns - 4).map((line) => `    ${line}`)),
  ];
}

/** Below the head where there is no room beside it. */
function hanging(head: string, text: string, columns: number): string[] {
  if (columns - head.length < narrowest)
    return [head.trimEnd(), ...wrapped(text, columns - 2).map((line) => `  ${line}`)];
  const [first = '', ...rest] = wrapped(text, columns - head.length);
  return [`${head}${first}`, ...rest.map((line) => `${' '.repeat(head.length)}${line}`)];
}

/** Of the Lease by which operators take turns. */
export function operatorText(seconds: number | undefined, problem: string | undefined): string {
  if (problem !== undefined) return `unknown: ${problem}`;
  if (seconds === undefined) return 'unknown: none has taken the Lease holdfast-operator in namespace holdfast';
  if (seconds <= 60) return 'runs';
  return `does not run since ${counted(Math.round(seconds / 60), 'minute')}: what follows may be outdated; run \`kubectl holdfast doctor\``;
}
