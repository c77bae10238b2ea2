/** The variables of hosts, by the precedence of Ansible: of groups in the inventory, of group_vars, of the host in the inventory, of host_vars. Pure. */
import type { Group, Host } from './inventory.ts';
import type { ReadInventory } from './sources.ts';
import { Doubt, shown, type Value } from './values.ts';
import type { VarsFile } from './varsFiles.ts';

export class Variables {
  readonly #values = new Map<string, Value>();
  #doubt: Doubt | undefined;

  /** Undefined for what is not set; `Unread` for what may be set in a file that cannot be read. */
  get(name: string): Value | undefined {
    return this.#values.get(name) ?? this.#doubt;
  }

  names(): string[] {
    return [...this.#values.keys()];
  }

  add(vars: ReadonlyMap<string, Value>): void {
    for (const [name, value] of vars) this.#values.set(name, value);
  }

  addFile({ path, vars }: VarsFile): void {
    if (vars) return this.add(vars);
    this.doubt(`perhaps set in ${path}, which is encrypted by ansible-vault`);
  }

  /** Everything may be set, or set otherwise, where it is not known what is set. */
  doubt(why: string): void {
    this.#values.clear();
    this.#doubt = new Doubt(why);
  }
}

/** Shallow groups first, then by `ansible_group_priority`, then by name. */
export function inOrder(groups: Iterable<Group>): Group[] {
  return [...groups].sort(
    (a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

export function variablesOf(host: Host, { inventory, files }: ReadInventory): Variables {
  const all = inventory.groups.get('all')!;
  const groups = inOrder([...host.groups].filter((group) => group !== all));
  const variables = new Variables();
  const addFiles = (found: readonly VarsFile[] | undefined): void => found?.forEach((file) => variables.addFile(file));
  for (const group of [all, ...groups]) variables.add(group.vars);
  for (const beside of files) addFiles(beside.groups.get(all.name));
  for (const beside of files) for (const group of groups) addFiles(beside.groups.get(group.name));
  const isPath = [host, ...groups].find(({ name }) => /\/|^\.\.?$/.test(name));
  if (isPath) variables.doubt(`perhaps set in files of ${shown(isPath.name)}, whose name is a path`);
  variables.add(host.vars);
  for (const beside of files) addFiles(beside.hosts.get(host.name));
  return variables;
}
