/** How an option of sshd is corrected, from what was found. Pure. */
import type { SshdCheck } from '../../api/v1alpha1/systemChecks.ts';
import { changes, manual, type LineEdit, type Notification, type Remedy } from './change.ts';
import { lockOut, refusal } from './sshdAccess.ts';
import { occurrences, type Occurrence, type SshdFound, type SshdObserved, type Way } from './sshdConfig.ts';
import { isStale, compareValues } from './sshdComparison.ts';
import { addsUp, canonical, fits, isStructural, nameOf, namesOf, wordsOf } from './sshdWords.ts';

/** Arguments of sshd that set an option. */
const argumentOptions: Record<string, string> = {
  '-p': 'port',
  '-h': 'hostkey',
  '-c': 'hostcertificate',
  '-g': 'logingracetime',
  '-q': 'loglevel',
  '-4': 'addressfamily',
  '-6': 'addressfamily',
};
/** One of them stands on a line. */
const oneALine = ['port', 'listenaddress', 'hostkey', 'hostcertificate', 'subsystem', 'setenv', 'logverbose'];

export function sshdRemedy(declared: SshdCheck, observed: SshdObserved): Remedy {
  const { option } = declared;
  if (observed.is === 'absent') return manual('install openssh-server if users must be able to log in');
  const [next, ...live] = observed.ways;
  if (!next || isStructural(option)) return manual('set it in sshd_config manually');
  const unread = live.find(({ unit }) => !unit);
  if (unread)
    return manual(
      `sshd runs as process ${unread.pid} without a systemd unit: start it through its unit, so that it can be reloaded`,
    );
  const isRightNext = compareValues(declared, 'value', next.values ?? [], next.ports) === undefined;
  const given = next.arguments.find((one) => namesOf(option).includes(optionOf(one)));
  if (!isRightNext && given !== undefined)
    return manual(
      `${next.unit} gives sshd the option on its command line (${given}), which overrides every file: remove it from the unit or from its environment file (\`systemctl cat ${next.unit}\`)`,
    );
  if (live.some((way) => way.arguments.join() !== next.arguments.join()))
    return manual(
      `sshd runs with different arguments than its unit passes now: run \`systemctl restart ${live[0]?.unit}\`, which ends no sessions`,
    );
  const all = occurrences(observed, namesOf(option));
  const exception = all.find(
    ({ under, value }) => under !== undefined && compareValues(declared, 'value', [value], next.ports) !== undefined,
  );
  if (exception?.under !== undefined)
    return manual(
      `${exception.under} sets it differently: check whom it is for, and remove line ${exception.number} of ${exception.file}`,
    );
  const notify = live.map(({ unit, pidFile }): Notification => ({ unit, action: 'reload', rewrites: pidFile }));
  const reload = isStale(observed) ? live.map((way) => reloadOf(way, notify)) : [];
  if (isRightNext) {
    const refused = refusal(observed.login);
    if (refused !== undefined) return manual(`sshd has not read its files yet, and must not be reloaded: ${refused}`);
    return changes(...reload);
  }
  const wanted = valuesWanted(declared, next);
  if (!wanted.length) return manual('no value would be left: declare the \`value\` that it must have');
  const why = lockOut(option, wanted, next.values ?? [], observed.login);
  if (why !== undefined)
    return manual(`Holdfast could lock itself out: ${why}. Set it manually, and check that Holdfast can still log in`);
  const everywhere = all.filter(({ under }) => under === undefined);
  const edits = addsUp(option)
    ? editsOfSet(option, wanted, everywhere, observed)
    : editsOfFirst(option, wanted, everywhere, observed);
  if (typeof edits === 'string') return manual(edits);
  const { path, seen } = observed.main;
  const rest = next.arguments.filter((one) => !one.startsWith('-f'));
  return changes({ do: 'file', path, seen, edits, validate: ['sshd', '-t', '-f', '%s', ...rest], notify }, ...reload);
}

function optionOf(argument: string): string {
  if (argument.startsWith('-o')) return argument.slice(2).split('=')[0]?.toLowerCase() ?? '';
  return argumentOptions[argument.slice(0, 2)] ?? '';
}

function reloadOf({ unit, pid }: Way, notify: readonly Notification[]) {
  return { do: 'reload' as const, unit, seen: pid, notify: notify.filter((one) => one.unit === unit) };
}

/** The values of its lines, as they should be. */
function valuesWanted(
  { option, value, excludes, atLeast, atMost }: SshdCheck,
  { values = [] }: Way,
): readonly string[] {
  if (value !== undefined)
    return addsUp(option) && !/^(subsystem|setenv)$/.test(nameOf(option)) ? wordsOf(value) : [value];
  if (excludes !== undefined) {
    const keeps = (one: string) => !excludes.some((pattern) => fits(pattern, one));
    if (addsUp(option)) return values.flatMap(wordsOf).filter(keeps);
    const rest = values.flatMap(wordsOf).map((word) => word.split(',').filter(keeps).join(','));
    return [rest.filter(Boolean).join(' ')].filter(Boolean);
  }
  const number = Number(canonical(option, values));
  return [`${atLeast !== undefined && number < atLeast ? atLeast : (atMost ?? atLeast)}`];
}

/** The first line counts: it is changed where it stands, if that is the main file; else a new first line is put above all others. */
function editsOfFirst(
  option: string,
  wanted: readonly string[],
  [first]: readonly Occurrence[],
  { main }: SshdFound,
): readonly LineEdit[] {
  const put = [`${option} ${wanted.join(' ')}`];
  return first?.file === main.path ? [{ line: first.number, drop: true, put }] : [{ line: 0, put }];
}

/** All lines add up: what is too much goes, and what is missing comes. */
function editsOfSet(
  option: string,
  wanted: readonly string[],
  found: readonly Occurrence[],
  { main }: SshdFound,
): readonly LineEdit[] | string {
  const isWhole = oneALine.includes(nameOf(option));
  const partsOf = (value: string) => (isWhole ? [wordsOf(value).join(' ')] : wordsOf(value));
  const isWanted = (part: string) => wanted.some((one) => canonical(option, [one]) === canonical(option, [part]));
  const foreign = found.find(({ file, value }) => file !== main.path && !partsOf(value).every(isWanted));
  if (foreign)
    return `line ${foreign.number} of ${foreign.file} sets it too, and sshd combines all lines of ${option}: remove the unwanted values there`;
  const parts = found.flatMap(({ value }) => partsOf(value));
  const missing = wanted.filter((one) => !parts.some((part) => canonical(option, [one]) === canonical(option, [part])));
  const edits: LineEdit[] = found.flatMap(({ number, value }) => {
    const kept = partsOf(value).filter(isWanted);
    if (kept.length === partsOf(value).length) return [];
    return [{ line: number, drop: true as const, ...(kept.length && { put: [`${option} ${kept.join(' ')}`] }) }];
  });
  if (!missing.length) return edits;
  const put = isWhole ? missing.map((one) => `${option} ${one}`) : [`${option} ${missing.join(' ')}`];
  return [{ line: 0, put }, ...edits];
}
