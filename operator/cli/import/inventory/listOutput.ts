/** What `ansible-inventory --list` and dynamic inventories print: groups with lists of hosts, and variables of hosts below `_meta`. Pure. */
import type { Inventory } from './inventory.ts';
import { asMap, NotRead, type Read } from './values.ts';

/** Whether a document is one. */
export function isListOutput(document: ReadonlyMap<unknown, Read>): boolean {
  return asMap(asMap(document.get('_meta'))?.get('hostvars')) !== undefined;
}

/** Throws `NotRead`. */
export function readListOutput(inventory: Inventory, document: ReadonlyMap<unknown, Read>): void {
  const named = new Set<string>();
  for (const [name, data] of document) if (name !== '_meta') readGroup(inventory, name, data, named);
  const variables = asMap(asMap(document.get('_meta'))?.get('hostvars'));
  for (const host of named) {
    const own = variables?.get(host);
    const members = own === undefined ? new Map<unknown, Read>() : asMap(own);
    if (!members) throw new NotRead('`_meta.hostvars` has a member that is not a dictionary');
    for (const [key, value] of members) inventory.setVariable(host, key, value);
  }
}

function readGroup(inventory: Inventory, name: unknown, data: Read, named: Set<string>): void {
  const group = inventory.addGroup(name);
  const members = asMap(data);
  const isPlain = !members;
  const isGroup = members && ['hosts', 'vars', 'children'].some((key) => members.has(key));
  const hosts: Read = isPlain ? data : isGroup ? (members.get('hosts') ?? []) : [group];
  const vars: Read = isPlain ? new Map() : isGroup ? (members.get('vars') ?? new Map()) : members;
  for (const host of strings(hosts, `\`hosts\` of group ${group}`)) {
    named.add(host);
    inventory.addHost(host, group);
  }
  for (const [key, value] of asMap(vars) ?? refused(`\`vars\` of group ${group} is not a dictionary`))
    inventory.setVariable(group, key, value);
  for (const child of strings(isGroup ? (members.get('children') ?? []) : [], `\`children\` of group ${group}`))
    inventory.addChild(group, inventory.addGroup(child));
}

function strings(value: Read, what: string): readonly string[] {
  if (!Array.isArray(value)) return refused(`${what} is not a list`);
  return value.map((one: Read) => (typeof one === 'string' ? one : refused(`${what} is not a list of strings`)));
}

function refused(why: string): never {
  throw new NotRead(why);
}
