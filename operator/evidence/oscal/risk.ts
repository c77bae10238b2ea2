/**
 * A waiver as a risk of OSCAL: a deviation with its log, what reduces the risk, and the tasks that end it as milestones. Until it is approved, as in an
 * emergency, the deviation is requested. Pure.
 */
import type { ContentWaiver } from '../sections/contents.ts';
import { checkId, compact, idOf, line, partyId, plain, property, waiverId, type OscalInput } from './input.ts';
import { checksOf, origins } from './parts.ts';

const day = 86_400_000;
/** Of a task that says none. */
const defaultDueDays = 14;

const decisions: Readonly<Record<string, string>> = {
  Approve: 'dr-approved',
  Reject: 'dr-rejected',
  RequestInformation: 'dr-updated',
};

/** Waivers that cover a failure of a check of the frameworks. */
export function waiversOf(input: OscalInput): readonly ContentWaiver[] {
  const names = new Set(checksOf(input).flatMap(({ waivers }) => waivers));
  return input.waivers.filter(({ name }) => names.has(name));
}

export function risk(input: OscalInput, waiver: ContentWaiver): object {
  const isApproved = waiver.approvedTime !== undefined;
  return compact({
    uuid: waiverId(input, waiver),
    title: `PolicyWaiver ${waiver.name}`,
    description: plain(waiver.reason),
    statement: plain(waiver.risk ?? 'The risk is not stated.'),
    props: [
      { name: 'accepted', value: isApproved ? 'true' : 'pending' },
      ...(waiver.ticket === undefined ? [] : [property('ticket', waiver.ticket)]),
      ...(waiver.isBreakGlass ? [property('break-glass', 'true')] : []),
    ],
    status: isApproved ? 'deviation-approved' : 'deviation-requested',
    origins: origins(input),
    'mitigating-factors': waiver.compensatingControls.map((text, index) => ({
      uuid: idOf(input, 'factor', waiver.uid ?? waiver.name, index),
      description: plain(text),
    })),
    deadline: waiver.until,
    remediations: [remediation(input, waiver)],
    'risk-log': log(input, waiver),
    'related-observations': checksOf(input)
      .filter(({ waivers }) => waivers.includes(waiver.name))
      .map((check) => ({ 'observation-uuid': checkId(input, check) })),
  });
}

function remediation(input: OscalInput, waiver: ContentWaiver): object {
  const start = waiver.requestTime ?? input.policy.time;
  const ends = new Date(Date.parse(start) + defaultDueDays * day).toISOString();
  const id = waiver.uid ?? waiver.name;
  return compact({
    uuid: idOf(input, 'remediation', id),
    lifecycle: 'planned',
    title: waiver.tasks.length ? 'Closure plan' : 'Accepted until the deadline',
    description: waiver.tasks.length
      ? `${waiver.tasks.filter(({ isDone }) => isDone).length} of ${waiver.tasks.length} tasks are done.`
      : 'The waiver has no closure plan: when it ends, the findings are open again.',
    props: [{ name: 'type', value: 'accept' }],
    tasks: waiver.tasks.map((task) => ({
      uuid: idOf(input, 'task', id, task.name),
      type: 'milestone',
      title: task.name,
      props: [property('owner', task.owner), property('done', String(task.isDone))],
      timing: { 'within-date-range': rangeTo(start, task.dueTime ?? ends) },
    })),
  });
}

/** What was due before it was requested has no range. */
function rangeTo(start: string, end: string): object {
  return { start: Date.parse(start) <= Date.parse(end) ? start : end, end };
}

function log(input: OscalInput, waiver: ContentWaiver): object | undefined {
  const { requestTime, requestedBy, approvals, tasks } = waiver;
  const id = waiver.uid ?? waiver.name;
  const entry = (key: string, type: string, start: string, party: string): object => ({
    uuid: idOf(input, 'log', id, key),
    title: line(`${type} of PolicyWaiver ${waiver.name}`),
    start,
    props: [{ name: 'type', value: type }],
    'logged-by': [{ 'party-uuid': partyId(input, party) }],
  });
  const entries = [
    ...(requestTime === undefined ? [] : [entry('request', 'dr-submission', requestTime, requestedBy)]),
    ...approvals.map(({ approver, decision, time }) =>
      entry(`${decision} ${approver} ${time}`, decisions[decision] ?? 'status-update', time, approver),
    ),
    // When it was done is not recorded: it was seen done when the pack was made.
    ...tasks
      .filter(({ isDone }) => isDone)
      .map(({ name }) => entry(`task ${name}`, 'milestone-complete', input.policy.time, '')),
  ];
  return entries.length ? { entries } : undefined;
}
