/** Windows with their openings and users, as text and as data. Pure. */
import type { MaintenanceWindow } from '../../../api/v1alpha1/maintenanceWindow.ts';
import { opennessOf } from '../../../governance/maintenanceWindow/openness.ts';
import { duration } from '../../../lib/text.ts';
import { timestamp } from '../../../lib/timestamp.ts';
import { zoneNamed, type Zone } from '../../../lib/zone.ts';
import { treeText, type Branch } from '../lines.ts';
import { openingsOf, type Opening } from './openings.ts';
import { referredIn, usersOf, type Users, type WindowUser } from './users.ts';

export interface WindowReport {
  readonly namespace: string;
  readonly name: string;
  readonly timeZone: string;
  readonly state: 'open' | 'closed' | 'suspended' | 'invalid' | 'never opens' | 'missing';
  readonly message: string;
  readonly openings: readonly Opening[];
  readonly users: readonly WindowUser[];
}

export interface Windows {
  readonly windows: readonly WindowReport[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

/** Those that are open first, then those that open soonest; those that are referred to and do not exist come last. */
export function reportsOf(
  windows: readonly MaintenanceWindow[],
  users: Users,
  { now, count, named }: { readonly now: Date; readonly count: number; readonly named: string | undefined },
): WindowReport[] {
  const there = windows.map((window) => reportOf(window, users, now, count)).sort(soonestFirst);
  const known = new Set(windows.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const missing = referredIn(users)
    .filter(({ namespace, name }) => !known.has(`${namespace}/${name}`) && (named === undefined || name === named))
    .map((key): WindowReport => {
      const message = 'it does not exist, and counts as closed; create it, or remove `windowRef` where it is named';
      return { ...key, timeZone: '', state: 'missing', message, openings: [], users: usersOf(key, users) };
    });
  return [...there, ...missing];
}

function reportOf(window: MaintenanceWindow, users: Users, now: Date, count: number): WindowReport {
  const { namespace = '', name } = window.metadata;
  const openness = opennessOf(window, now);
  const about = {
    namespace,
    name,
    timeZone: window.spec.timeZone ?? 'Etc/UTC',
    users: usersOf({ namespace, name }, users),
  };
  if (openness.is === 'invalid') return { ...about, state: 'invalid', message: openness.message, openings: [] };
  const { open, reason, words } = openness;
  const state = open
    ? 'open'
    : reason === 'Suspended'
      ? 'suspended'
      : reason === 'NeverOpens'
        ? 'never opens'
        : 'closed';
  return { ...about, state, message: words, openings: openingsOf(window, now, count) };
}

function soonestFirst(a: WindowReport, b: WindowReport): number {
  const at = ({ openings }: WindowReport): number => openings[0]?.opens.getTime() ?? Infinity;
  const [one, other] = [at(a), at(b)];
  return (one === other ? 0 : one - other) || `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`);
}

export function isAllWell({ windows, unread }: Windows): boolean {
  return unread.length === 0 && windows.every(({ state }) => !['invalid', 'never opens', 'missing'].includes(state));
}

interface Here {
  readonly now: Date;
  /** Of this machine. */
  readonly zone: Zone;
}

const utc = zoneNamed('Etc/UTC')!;

/** The zone of that name, or UTC where the database has none. */
export function hereOf(name: string, now: Date): Here {
  return { now, zone: zoneNamed(name) ?? utc };
}

export function windowsText({ windows, unread }: Windows, here: Here): string {
  const texts = windows.map((window) => {
    const { namespace, name, message, state } = window;
    const since = sinceWords(window, here.now);
    return treeText({
      text: `MaintenanceWindow ${namespace}/${name}: ${state}${since}`,
      more: state === 'closed' && !/frozen/.test(message) ? [] : [message],
      branches: [...openingBranches(window, here), ...userBranches(window)],
    });
  });
  return [...texts, ...(unread.length > 0 ? [unread.map((text) => `Unknown: ${text}\n`).join('')] : [])].join('\n');
}

/** `, opens in 3 h`. */
function sinceWords({ state, openings: [first] }: WindowReport, now: Date): string {
  if (!first) return '';
  if (state === 'open') return first.closes ? `, for another ${long(first.closes, now)}` : '';
  return `, opens in ${long(first.opens, now)}`;
}

/** Days where there are many hours. */
function long(to: Date, from: Date): string {
  const seconds = Math.max(0, (to.getTime() - from.getTime()) / 1000);
  return seconds < 3 * 86_400 ? duration(seconds) : `${Math.round(seconds / 86_400)} days`;
}

function openingBranches({ openings, timeZone, state }: WindowReport, { now, zone: here }: Here): Branch[] {
  const own = zoneNamed(timeZone) ?? utc;
  return openings.map(({ opens, closes }) => {
    const isOpen = state === 'open' && opens.getTime() === now.getTime();
    const instant = isOpen ? closes : opens;
    const length = isOpen ? '' : closes ? `, for ${exact(opens, closes)}` : ', with no end within a month';
    const verb = isOpen ? (closes ? 'closes' : 'does not close within a month') : 'opens';
    if (!instant) return { text: verb };
    const others = new Map([
      ['UTC', utc],
      ['here', here],
    ] as const);
    const at = instant.getTime();
    const more = [...others].flatMap(([label, zone]) =>
      zone.offsetAt(at) === own.offsetAt(at) ? [] : [`${label}: ${zone.inWords(at).replace(' Etc/UTC', '')}`],
    );
    return { text: `${verb} ${own.inWords(at)}${length}`, more: [...new Set(more)] };
  });
}

/** Of real time: `4 h`, `1 h 30 min`. */
function exact(from: Date, to: Date): string {
  const minutes = Math.round((to.getTime() - from.getTime()) / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = [days ? `${days} d` : '', hours ? `${hours} h` : '', rest ? `${rest} min` : ''].filter(Boolean);
  return parts.join(' ') || 'less than a minute';
}

const mostUsers = 10;

function userBranches({ users }: WindowReport): Branch[] {
  const rest = users.length - mostUsers;
  return [
    ...users.slice(0, mostUsers).map(({ kind, name, waits, message }) => ({
      text: waits ? `${kind} ${name} waits` : `${kind} ${name} goes by it, and waits for nothing now`,
      ...(message !== undefined && { more: [message] }),
    })),
    ...(rest > 0 ? [{ text: `and ${rest} more` }] : []),
  ];
}

export function windowsJson({ windows, unread }: Windows, { zone }: Here): object {
  return {
    localTimeZone: zone.name,
    windows: windows.map(({ openings, ...rest }) => ({
      ...rest,
      openings: openings.map(({ opens, closes }) => ({
        opens: timestamp(opens),
        ...(closes && { closes: timestamp(closes), seconds: Math.round((closes.getTime() - opens.getTime()) / 1000) }),
      })),
    })),
    ...(unread.length > 0 && { unknown: unread }),
  };
}
