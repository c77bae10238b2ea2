/** Groups and hosts as Ansible keeps them while it reads: who is in what, how deep, and which variables were set where. Pure. */
import { mostHosts } from './hostPattern.ts';
import { asValue, NotRead, shown, type Read, type Value } from './values.ts';

export interface Group {
  readonly name: string;
  readonly children: Group[];
  readonly parents: Group[];
  readonly hosts: Map<string, Host>;
  readonly vars: Map<string, Value>;
  depth: number;
  priority: number;
}

export interface Host {
  readonly name: string;
  readonly groups: Set<Group>;
  readonly vars: Map<string, Value>;
}

/** Only these matter here; the others are not kept. */
const kept = /^ansible_/;
const mostGroups = 20_000;
const deepest = 100;

export class Inventory {
  readonly groups = new Map<string, Group>();
  readonly hosts = new Map<string, Host>();
  /** What Ansible warns of: fragments for people. */
  readonly warnings: string[] = [];

  constructor() {
    this.addGroup('all');
    this.addGroup('ungrouped');
    this.addChild('all', 'ungrouped');
  }

  addGroup(name: unknown): string {
    if (typeof name !== 'string' || name === '')
      throw new NotRead('the name of a group is not a string; enclose numbers in quotation marks');
    if (!this.groups.has(name)) {
      if (this.groups.size >= mostGroups) throw new NotRead(`there are more than ${mostGroups} groups`);
      const empty = { children: [], parents: [], hosts: new Map(), vars: new Map() };
      this.groups.set(name, { name, ...empty, depth: 0, priority: 1 });
    }
    return name;
  }

  addHost(name: string, group: string, port?: number): void {
    if (name === '') throw new NotRead('the name of a host is empty');
    const host = this.hosts.get(name) ?? { name, groups: new Set<Group>(), vars: new Map<string, Value>() };
    // As Ansible: a port counts where a host is first seen.
    if (!this.hosts.has(name) && port) host.vars.set('ansible_port', port);
    if (!this.hosts.has(name) && this.hosts.size >= mostHosts)
      throw new NotRead(`there are more than ${mostHosts} hosts`);
    this.hosts.set(name, host);
    joins(host, this.groups.get(group)!);
  }

  /** Of a group where there is one of that name, as Ansible does; of a host otherwise. */
  setVariable(name: string, key: unknown, value: Read): void {
    const group = this.groups.get(name);
    if (group && key === 'ansible_group_priority') group.priority = priorityOf(value, name);
    else if (typeof key === 'string' && kept.test(key)) (group ?? this.hosts.get(name)!).vars.set(key, asValue(value));
  }

  /** A group, or a host, as Ansible takes the name of either here. */
  addChild(parent: string, name: string): void {
    const [group, child, host] = [this.groups.get(parent)!, this.groups.get(name), this.hosts.get(name)];
    if (child) adopts(group, child);
    else if (host) joins(host, group);
    else throw new NotRead(`${shown(name)} is the name of no group and no host`);
  }

  /** After all sources were read. */
  reconcile(): void {
    const [all, ungrouped] = [this.groups.get('all')!, this.groups.get('ungrouped')!];
    for (const group of this.groups.values())
      if (group !== all && group.parents.length === 0) this.addChild('all', group.name);
    for (const host of this.hosts.values()) {
      const others = [...host.groups].filter((group) => group !== all && group !== ungrouped);
      if (host.groups.has(ungrouped)) {
        if (others.length === 0) continue;
        ungrouped.hosts.delete(host.name);
        leaves(host, ungrouped);
      } else if (others.length === 0) joins(host, ungrouped);
    }
    for (const name of this.groups.keys())
      if (this.hosts.has(name)) this.warnings.push(`${shown(name)} is the name of both a group and a host`);
  }
}

function priorityOf(value: Read, group: string): number {
  const priority = typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof priority === 'boolean') return Number(priority);
  if (typeof priority === 'number') return Math.trunc(priority);
  throw new NotRead(`ansible_group_priority of group ${group} is not an integer`);
}

export function ancestorsOf(group: Group): Set<Group> {
  const seen = new Set<Group>();
  const reach = (groups: readonly Group[]): void => {
    for (const one of groups) if (!seen.has(one)) reach(seen.add(one) && one.parents);
  };
  reach(group.parents);
  return seen;
}

function joins(host: Host, group: Group): void {
  if (group.hosts.has(host.name)) return;
  group.hosts.set(host.name, host);
  for (const one of ancestorsOf(group)) host.groups.add(one);
  host.groups.add(group);
}

function leaves(host: Host, group: Group): void {
  host.groups.delete(group);
  for (const parent of ancestorsOf(group)) {
    const isStill = [...host.groups].some((one) => ancestorsOf(one).has(parent));
    if (parent.name !== 'all' && host.groups.has(parent) && !isStill) leaves(host, parent);
  }
}

function adopts(parent: Group, child: Group): void {
  if (parent === child) throw new NotRead(`group ${parent.name} is a child of itself`);
  if (parent.children.includes(child)) return;
  const above = ancestorsOf(parent);
  if (above.has(child)) throw new NotRead(`groups ${parent.name} and ${child.name} are children of one another`);
  const had = ancestorsOf(child);
  const added = [...above.add(parent)].filter((group) => !had.has(group));
  parent.children.push(child);
  child.depth = Math.max(parent.depth + 1, child.depth);
  if (child.depth > deepest) throw tooDeep();
  deepen(child);
  child.parents.push(parent);
  for (const host of hostsBelow(child)) for (const group of added) host.groups.add(group);
}

function tooDeep(): NotRead {
  return new NotRead(`groups are more than ${deepest} deep`);
}

/** As Ansible does it, level by level: a group is as deep as its longest way from the top. */
function deepen(group: Group): void {
  let depth = group.depth;
  let level: ReadonlySet<Group> = new Set(group.children);
  while (level.size > 0) {
    depth += 1;
    if (depth > deepest) throw tooDeep();
    const next = new Set<Group>();
    for (const one of level) {
      if (one.depth >= depth) continue;
      one.depth = depth;
      for (const child of one.children) next.add(child);
    }
    level = next;
  }
}

function hostsBelow(group: Group): Set<Host> {
  const seen = new Set<Group>();
  const hosts = new Set<Host>();
  const reach = (one: Group): void => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const host of one.hosts.values()) hosts.add(host);
    one.children.forEach(reach);
  };
  reach(group);
  return hosts;
}
