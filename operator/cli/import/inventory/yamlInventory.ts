/** Inventories in the YAML format of Ansible. Pure. */
import { expandedPattern } from './hostPattern.ts';
import type { Inventory } from './inventory.ts';
import { asMap, isTruthy, NotRead, shown, type Read } from './values.ts';

const deepest = 50;
const sections = ['vars', 'children', 'hosts'];

/** Throws `NotRead`. */
export function readYamlInventory(inventory: Inventory, document: ReadonlyMap<unknown, Read>): void {
  for (const [name, group] of document) readGroup(inventory, name, group, 0);
}

/** The name, whether or not the group was added. */
function readGroup(inventory: Inventory, name: unknown, data: Read, depth: number): string {
  if (depth > deepest) throw new NotRead(`groups are more than ${deepest} deep`);
  const members = asMap(data);
  if (!members && data !== null) {
    inventory.warnings.push(`${shown(String(name))} is ignored, because it is not a definition of a group`);
    return String(name);
  }
  const group = inventory.addGroup(name);
  if (!members) return group;
  for (const section of sections) {
    const value = members.get(section);
    if (value !== undefined && value !== null && typeof value !== 'string' && !asMap(value))
      throw new NotRead(
        `\`${section}\` of group ${group} is not a dictionary; end each name below it with a colon, and write no \`-\``,
      );
  }
  for (const [key, value] of members) readMember(inventory, group, { key, value }, depth);
  return group;
}

function readMember(
  inventory: Inventory,
  group: string,
  { key, value }: { key: unknown; value: Read },
  depth: number,
): void {
  const isSection = sections.some((section) => section === key);
  const members = asMap(isSection && typeof value === 'string' ? new Map([[value, null]]) : value);
  if (value === null) return;
  if (!members || !isSection) {
    inventory.warnings.push(
      `${shown(String(key))} of group ${group} is ignored: only \`hosts\`, \`vars\` and \`children\` count`,
    );
    return;
  }
  for (const [name, data] of members) {
    if (key === 'vars') inventory.setVariable(group, name, data);
    else if (key === 'hosts') readHosts(inventory, group, name, data);
    else inventory.addChild(group, readGroup(inventory, name, data, depth + 1));
  }
}

function readHosts(inventory: Inventory, group: string, pattern: unknown, data: Read): void {
  if (typeof pattern !== 'string')
    throw new NotRead(`the name of a host of group ${group} is not a string; enclose numbers in quotation marks`);
  const variables = isTruthy(data) ? asMap(data) : new Map<unknown, Read>();
  const { names, port } = expandedPattern(pattern);
  if (!variables) throw new NotRead(`the variables of host ${shown(pattern)} are not a dictionary`);
  for (const name of names) {
    inventory.addHost(name, group, port);
    for (const [key, value] of variables) inventory.setVariable(name, key, value);
  }
}
