/** The summary on one screen. Pure. */
import { counted } from '../../../lib/text.ts';
import { plain, wrapped } from '../lines.ts';
import type { AreaSummary, Concern, Summary } from './summary.ts';

const titleWidth = 18;
const narrowest = 20;
/** A blank at which no line ends. */
const together = '\u00a0';

export function summaryText({ areas, concerns, moreConcerns }: Summary, operator: string, columns: number): string {
  const shown = areas.filter((area) => !('total' in area) || area.total > 0);
  const lines = [
    ['Operator', operator] as const,
    ...shown.map((area) => [area.title, areaText(area)] as const),
  ].flatMap(([title, text]) => hanging(title.padEnd(titleWidth), text, columns));
  const begin = 'Nothing is declared yet; begin with a Device and a DeviceBaseline.';
  const nothing = shown.length === 0 ? ['', ...wrapped(begin, columns)] : [];
  const worst =
    concerns.length > 0
      ? [
          '',
          'Worst first',
          ...concerns.flatMap((one, at) => [...concernLines(one, columns), ...(at === 0 ? nextLines(one) : [])]),
        ]
      : [];
  const more = moreConcerns > 0 ? [`  and ${moreConcerns} more, which -o wide lists`] : [];
  return [...lines, ...nothing, ...worst, ...more, ''].join('\n');
}

function areaText(area: AreaSummary): string {
  if (!('total' in area)) return `unknown: ${area.unread}`;
  return `${area.total}: ${area.states.map(({ state, count }) => `${count}${together}${state}`).join(', ')}`;
}

function concernLines({ kind, namespace, name, state, detail }: Concern, columns: number): string[] {
  const head = `${kind.toLowerCase()}/${name}${namespace === undefined ? '' : ` -n ${namespace}`}: ${state}`;
  return [
    ...wrapped(head, columns - 2).map((line) => `  ${line}`),
    ...(detail === '' || detail === state ? [] : wrapped(detail, columns - 4).map((line) => `    ${line}`)),
  ];
}

/** What says more of the worst, as it is typed. */
function nextLines({ kind, namespace, name }: Concern): string[] {
  const what = kind === 'Device' ? name : kind === 'ClusterBaseline' ? `clusterbaseline/${name}` : undefined;
  const place = namespace === undefined ? '' : ` -n ${namespace}`;
  return what === undefined ? [] : [plain(`    $ kubectl holdfast why ${what}${place}`)];
}

/** Below the head where there is no room beside it. */
function hanging(head: string, text: string, columns: number): string[] {
  const isBeside = columns - head.length >= narrowest;
  const indent = isBeside ? head.length : 2;
  const lines = wrapped(text, columns - indent).map((line) => line.replaceAll(together, ' '));
  const [first, ...rest] = isBeside ? [head + lines[0]!, ...lines.slice(1)] : [head.trimEnd(), ...lines];
  return [first, ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** Of the Lease by which operators take turns. */
export function operatorText(seconds: number | undefined, problem: string | undefined): string {
  if (problem !== undefined) return `unknown: ${problem}`;
  if (seconds === undefined) return 'unknown: none has taken the Lease holdfast-operator in namespace holdfast';
  if (seconds <= 60) return 'runs';
  return `does not run since ${counted(Math.round(seconds / 60), 'minute')}: what follows may be outdated; run \`kubectl holdfast doctor\``;
}
