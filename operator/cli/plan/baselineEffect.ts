/** What a DeviceBaseline would mean for hosts: which it takes, how its checks would come out there, and what would be corrected. Pure. */
import { resources } from '../../api/generated/resources.ts';
import { selects } from '../../api/selector.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import type { Finding } from '../../api/v1alpha1/finding.ts';
import { contradictionInWords, placeOf, type Contradiction } from '../../drift/contradictions.ts';
import { observeBaseline } from '../../drift/deviceBaseline/observe.ts';
import { isReportOn, reportOf, type ComparedCheck } from '../../drift/driftReport/report.ts';
import { deviceSubject, selectedDevices } from '../../drift/deviceBaseline/source.ts';
import { lastComplete, ownRunsOf } from '../../drift/ownRuns.ts';
import { unfold } from '../../findings/finding.ts';
import { waiversBySource } from '../../findings/indexes.ts';
import { sourceId } from '../../findings/source.ts';
import { marking } from '../../findings/waiver/marking.ts';
import { counted, shortened } from '../../lib/text.ts';
import type { Branch } from '../cluster/lines.ts';
import type { BaselineWorld } from './baselineWorld.ts';
import { conflictsOf, correctionOf, type CorrectionFacts } from './correctionFacts.ts';
import { correctionBranches } from './correctionText.ts';
import { namesInWords, namesOf, type Effect, type Names } from './effect.ts';
import { notEvaluated, requirementOf } from './knowledge.ts';

const mostFound = 5;

export interface CheckFacts {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'same';
  readonly pass: number;
  readonly notApplicable: number;
  readonly fail: Names;
  readonly waived: Names;
  readonly unknown: Names;
  /** Why it is not known, where that is the same everywhere. */
  readonly why?: string;
  /** What differs on the first host on which it fails. */
  readonly found?: readonly string[];
}

export interface BaselineFacts {
  readonly hosts: { readonly total: number; readonly gained: Names; readonly lost: Names };
  readonly checks: readonly CheckFacts[];
  readonly correction: CorrectionFacts;
}

export function baselineEffect(world: BaselineWorld, isWide: boolean): Effect {
  const facts = baselineFacts(world);
  const { correction, checks } = facts;
  // What is only reported changes nothing.
  const isUnknown = checks.some(({ unknown }) => unknown.count > 0) || world.unread.length > 0;
  const acts = correction.acts || (world.after.spec.mode === 'Enforce' && isUnknown);
  return { acts, facts, branches: branchesOf(facts, world, isWide) };
}

export function baselineFacts(world: BaselineWorld): BaselineFacts {
  const { before, after, read } = world;
  const devices = selectedDevices(after, read);
  const all = read.list(resources.Device, after.metadata.namespace ?? '');
  const had = ({ metadata }: Device): boolean => before !== undefined && selects(before.spec.selector, metadata.labels);
  const has = new Set(devices.map(({ metadata }) => metadata.name));
  const reports = predictedReports(devices, world);
  const correction = correctionOf({ ...world, reports });
  return {
    hosts: {
      total: devices.length,
      gained: namesOf(devices.filter((device) => !had(device)).map(({ metadata }) => metadata.name)),
      lost: namesOf(all.filter((one) => had(one) && !has.has(one.metadata.name)).map(({ metadata }) => metadata.name)),
    },
    checks: [...checksAfter(world, reports), ...checksRemoved(world)],
    correction,
  };
}

/** The reports that the operator would make of what is known, by the names of the hosts. */
function predictedReports(devices: readonly Device[], world: BaselineWorld): ReadonlyMap<string, DriftReport> {
  const { after, read, now } = world;
  const { namespace = '', name } = after.metadata;
  const existing = Map.groupBy(read.list(resources.DriftReport, namespace), ({ status }) => status?.target?.name ?? '');
  const waivers = read.by(waiversBySource, namespace, sourceId('DeviceBaseline', name));
  const runs = ownRunsOf(after, read.list(resources.AnsibleRun, namespace));
  const conflicts = conflictsOf(after, observeBaseline(after, { read }).rivals, now);
  const answersOn = (device: Device): ComparedCheck[] => {
    const all = world.asked.get(device.metadata.name)?.answers ?? world.known(device);
    return all.map((answer, at) => withConflict(answer, conflicts.get(placeOf(name, after.spec.checks[at]!.name))));
  };
  const reports = devices.map((device): [string, DriftReport] => {
    const host = device.metadata.name;
    const before = existing.get(host)?.find((report) => isReportOn(report, device, name));
    const past = runs.filter(({ spec, status }) => spec.deviceNames?.includes(host) && status?.completionTime);
    const last = lastComplete(past)?.metadata.uid;
    const { object } = reportOf(device, after, {
      look: { is: 'compared', answers: answersOn(device) },
      // What was asked now knows of the last correction; a report may not.
      ...{ before, now, afterRun: world.asked.has(host) || !before ? last : before.status?.afterRun },
      mark: marking(deviceSubject(after, device), waivers, now),
    });
    return [host, object as unknown as DriftReport];
  });
  return new Map(reports);
}

/** What excludes another is left for a person. */
function withConflict(answer: ComparedCheck, conflict: Contradiction | undefined): ComparedCheck {
  const { comparison } = answer;
  const fails = comparison.is === 'known' && comparison.differences.length > 0;
  return conflict && fails ? { comparison, byHand: contradictionInWords(conflict) } : answer;
}

function checksAfter({ before, after }: BaselineWorld, reports: ReadonlyMap<string, DriftReport>): CheckFacts[] {
  const was = new Map(before?.spec.checks.map((check) => [check.name, check]));
  const byCheck = Map.groupBy(
    [...reports].flatMap(([host, { status }]) => unfold(status).map((finding) => ({ host, finding }))),
    ({ finding }) => finding.check,
  );
  const hidden = [...reports].filter(([, { status }]) => isCut(status)).map(([host]) => host);
  return after.spec.checks.map((check): CheckFacts => {
    const earlier = was.get(check.name);
    const change = !earlier ? 'added' : requirementOf(earlier) === requirementOf(check) ? 'same' : 'changed';
    const all = byCheck.get(check.name) ?? [];
    const hosts = (is: (one: (typeof all)[number]) => boolean) => [...new Set(all.filter(is).map(({ host }) => host))];
    const fail = hosts(({ finding }) => finding.result === 'Fail' && finding.waiver === undefined);
    const seen = new Set(all.map(({ host }) => host));
    const unknown = [
      ...hosts(({ finding }) => finding.result === 'Unknown'),
      ...hidden.filter((host) => !seen.has(host)),
    ];
    const waived = hosts(({ finding }) => finding.waiver !== undefined).filter((host) => !fail.includes(host));
    const notApplicable = hosts(({ finding }) => finding.result === 'NotApplicable').length;
    const reasons = new Set(all.flatMap(({ finding }) => (finding.result === 'Unknown' ? [finding.message] : [])));
    const why = reasons.size === 1 ? [...reasons][0] : undefined;
    const found = all.flatMap(({ host, finding }) =>
      host === fail[0] && finding.result === 'Fail' ? [shortened(`${host}: ${findingInWords(finding)}`, 300)] : [],
    );
    const rest = fail.length + unknown.length + waived.length + notApplicable;
    return {
      ...{ name: check.name, change, pass: reports.size - rest, notApplicable },
      ...{ fail: namesOf(fail), waived: namesOf(waived), unknown: namesOf(unknown) },
      ...(why !== undefined && { why }),
      ...(found.length > 0 && { found: found.slice(0, mostFound) }),
    };
  });
}

function findingInWords({ path, expected, found }: Finding): string {
  return [path, `expected ${expected ?? ''}, found ${found ?? ''}`].filter(Boolean).join(': ');
}

/** A report has room for so many findings. */
function isCut(status: DriftReport['status']): boolean {
  const { fail = 0, waived = 0, unknown = 0, notApplicable = 0 } = status?.summary ?? {};
  return fail + waived + unknown + notApplicable > new Set(status?.findings?.map(({ check }) => check)).size;
}

function checksRemoved({ before, after }: BaselineWorld): CheckFacts[] {
  const left = new Set(after.spec.checks.map(({ name }) => name));
  const none = namesOf([]);
  return (before?.spec.checks ?? [])
    .filter(({ name }) => !left.has(name))
    .map(({ name }) => ({
      ...{ name, change: 'removed', pass: 0, notApplicable: 0, fail: none, waived: none, unknown: none },
    }));
}

function branchesOf(facts: BaselineFacts, world: BaselineWorld, isWide: boolean): Branch[] {
  const { hosts, checks, correction } = facts;
  const names = (all: Names): string => namesInWords(all, isWide);
  const moves = [
    ...(hosts.gained.count > 0 ? [`${hosts.gained.count} gained: ${names(hosts.gained)}`] : []),
    ...(hosts.lost.count > 0 ? [`${hosts.lost.count} lost: ${names(hosts.lost)}`] : []),
  ];
  const none = world.unread.length > 0 ? 'no host is known' : 'no host is selected; compare the labels of Devices';
  const counts = (['added', 'changed', 'removed', 'same'] as const).flatMap((change) => {
    const count = checks.filter((check) => check.change === change).length;
    return count > 0 ? [`${count} ${change === 'same' ? 'as before' : change}`] : [];
  });
  const notable = checks.filter((check) => isWide || isNotable(check));
  return [
    ...world.unread.map((text) => ({ text: `unknown: ${text}` })),
    { text: hosts.total === 0 ? none : [counted(hosts.total, 'host'), ...moves].join('; ') },
    {
      text: `checks: ${counts.join(', ')}`,
      branches: notable.map((check) => ({
        text: checkInWords(check, hosts.total, isWide),
        ...(check.found && { more: check.found.slice(0, isWide ? mostFound : 1) }),
      })),
    },
    ...correctionBranches(correction, world, isWide),
  ];
}

function isNotable({ change, fail, waived, unknown }: CheckFacts): boolean {
  return change !== 'same' || fail.count + waived.count + unknown.count > 0;
}

function checkInWords(check: CheckFacts, hosts: number, isWide: boolean): string {
  const { name, change, pass, notApplicable, fail, waived, unknown, why } = check;
  if (change === 'removed') return `${name} (removed)`;
  const on = (what: string, { count, names }: Names): string[] =>
    count === 0
      ? []
      : count === hosts && count > 4 && !isWide
        ? [`${what} on all ${count} hosts`]
        : [`${what} on ${namesInWords({ count, names }, isWide)}`];
  const said = [
    ...on('fails', fail),
    ...on('waived', waived),
    ...on(why === notEvaluated ? 'unknown (not evaluated yet)' : why ? `unknown (${why})` : 'unknown', unknown),
    ...(pass > 0
      ? [`passes on ${pass === hosts && pass > 4 ? `all ${pass}` : pass} ${pass === 1 ? 'host' : 'hosts'}`]
      : []),
    ...(notApplicable > 0 ? [`does not apply to ${counted(notApplicable, 'host')}`] : []),
  ];
  return `${name}${change === 'same' ? '' : ` (${change})`}: ${said.join('; ') || 'no host has it'}`;
}
