/**
 * Errors and totals of two groups of hosts, from one series per host. Series are assigned to hosts by a label, whose value is compared with names that
 * are known: nothing of a spec or of a host gets into a query. A host counts with what it served; without that it is missing. Pure.
 */
import type { NoAnswer, Series } from '../../../connect/prometheus/types.ts';
import { listed, shortened } from '../../../lib/text.ts';
import type { ComparedHost, ComparisonEvidence } from '../evidence.ts';

/** Sums of a group. */
export interface GroupCounts {
  readonly errors: number;
  readonly total: number;
  /** Hosts that count. */
  readonly hosts: number;
  /** Devices without a series of what they served. */
  readonly missing: readonly string[];
}

export interface GroupedCounts {
  readonly is: 'counts';
  readonly changed: GroupCounts;
  readonly unchanged: GroupCounts;
}

export type Grouped =
  GroupedCounts | NoAnswer | { readonly is: 'invalid'; readonly reason: string; readonly message: string };

export function groupedCounts(found: ComparisonEvidence, hostLabel: string): Grouped {
  if (found.total.is === 'none') return found.total;
  if (found.errors.is === 'none') return found.errors;
  const devices = devicesByName([...found.changed, ...found.unchanged]);
  const errors = sumsByDevice(found.errors.series, hostLabel, devices);
  const total = sumsByDevice(found.total.series, hostLabel, devices);
  if (!(errors instanceof Map)) return errors;
  if (!(total instanceof Map)) return total;
  const elsewhere = errors.size === 0 ? errorsElsewhere(found.errors.series, found.total.series, hostLabel) : undefined;
  if (elsewhere) return elsewhere;
  const group = (hosts: readonly ComparedHost[]): GroupCounts => {
    const known = hosts.filter(({ device }) => total.has(device));
    const sum = (of: ReadonlyMap<string, number>): number =>
      known.reduce((all, { device }) => all + (of.get(device) ?? 0), 0);
    const missing = hosts.filter(({ device }) => !total.has(device)).map(({ device }) => device);
    return { errors: sum(errors), total: sum(total), hosts: known.length, missing };
  };
  return { is: 'counts', changed: group(found.changed), unchanged: group(found.unchanged) };
}

type Invalid = Extract<Grouped, { is: 'invalid' }>;

/**
 * Where no error is on a host that is compared, but some are on what served nothing, the queries call hosts by different names: then nobody knows
 * whose errors these are, and none would be counted.
 */
function errorsElsewhere(errors: readonly Series[], total: readonly Series[], hostLabel: string): Invalid | undefined {
  const served = new Set(total.map((one) => nameIn(one, hostLabel)));
  const strange = errors.filter((one) => one.value > 0 && !served.has(nameIn(one, hostLabel)));
  if (strange.length === 0) return undefined;
  const names = listed(strange.map(({ labels }) => shortened(labels[hostLabel] ?? '', 60)));
  const message = `\`errorsQuery\` has errors of ${names}, of which \`totalQuery\` has nothing; have both name hosts in the same way by label \`${hostLabel}\``;
  return { is: 'invalid', reason: 'ErrorsOfOthers', message };
}

const several = Symbol('several');

/** Devices by their name and by their address; a name that two of them have is of neither. */
function devicesByName(hosts: readonly ComparedHost[]): ReadonlyMap<string, string | typeof several> {
  const devices = new Map<string, string | typeof several>();
  for (const { device, address } of hosts)
    for (const name of new Set([device, address ?? device].map((text) => text.toLowerCase()))) {
      const there = devices.get(name);
      devices.set(name, there === undefined || there === device ? device : several);
    }
  return devices;
}

/** Series of hosts that are not compared are left alone. */
function sumsByDevice(
  series: readonly Series[],
  hostLabel: string,
  devices: ReadonlyMap<string, string | typeof several>,
): Map<string, number> | Invalid {
  const sums = new Map<string, number>();
  for (const one of series) {
    const { value } = one;
    const name = nameIn(one, hostLabel);
    // Whose it is, nobody knows: left out, errors would be none. What `or vector(0)` adds has none.
    if (name === '' && value === 0) continue;
    if (name === '')
      return {
        is: 'invalid',
        reason: 'HostLabelMissing',
        message: `a series without label \`${hostLabel}\` is of no host; aggregate both queries \`by (${hostLabel})\`, or set \`hostLabel\``,
      };
    const device = devices.get(name);
    if (device === several)
      return {
        is: 'invalid',
        reason: 'AmbiguousHost',
        message: `several Devices are named ${name}; see their \`spec.ssh.host\``,
      };
    if (device === undefined) continue;
    if (!Number.isFinite(value) || value < 0)
      return { is: 'invalid', reason: 'NotACount', message: `the count of Device ${device} is ${value}` };
    sums.set(device, (sums.get(device) ?? 0) + value);
  }
  return sums;
}

function nameIn({ labels }: Series, hostLabel: string): string {
  return Object.hasOwn(labels, hostLabel) ? hostOf(labels[hostLabel] ?? '') : '';
}

/** `web-01:9100` is web-01, `[2001:db8::1]:9100` is 2001:db8::1. */
function hostOf(label: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::[0-9]{1,5})?$/.exec(label) ?? [];
  return (bracketed ?? plain ?? label).toLowerCase();
}

/** Replaces `$window` by the time that is counted. Both are ours: a number of seconds, and a name that PromQL cannot contain. */
export function queryWithin(query: string, windowSeconds: number): string {
  return query.replaceAll('[$window]', `[${Math.max(1, Math.floor(windowSeconds))}s]`);
}
