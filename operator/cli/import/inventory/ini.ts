/** Inventories in the INI format of Ansible. Messages name lines, and show none: a line may have a password. Pure. */
import { expandedPattern } from './hostPattern.ts';
import type { Inventory } from './inventory.ts';
import { literal } from './pythonLiteral.ts';
import { splitLines, strip } from './pythonText.ts';
import { shlexSplit } from './shlex.ts';
import { NotRead } from './values.ts';

const section = /^\[([^:\]\s]+)(?::([\p{L}\p{N}_]+))?\]\s*(?:#.*)?$/u;
const groupName = /^([^:\]\s]+)\s*(?:#.*)?$/;
type State = 'hosts' | 'vars' | 'children';

/** Throws `NotRead`. */
export function readIni(inventory: Inventory, text: string): void {
  const reading = new Reading(inventory);
  splitLines(text).forEach((line, at) => {
    try {
      reading.line(strip(line), at + 1);
    } catch (error) {
      if (error instanceof NotRead) throw new NotRead(`line ${at + 1}: ${error.message}`);
      throw error;
    }
  });
  reading.end();
}

interface Pending {
  readonly line: number;
  readonly is: 'vars' | 'children';
  readonly parents: string[];
}

class Reading {
  readonly #inventory: Inventory;
  /** Groups that are named before they are declared. */
  readonly #pending = new Map<string, Pending>();
  #group = 'ungrouped';
  #state: State = 'hosts';

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  line(line: string, number: number): void {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    const [matched, group = '', kind = 'hosts'] = section.exec(line) ?? [];
    if (matched !== undefined) this.#section(group, kind, number);
    else if (line.startsWith('[') && line.endsWith(']'))
      throw new NotRead('the section is not [GROUP], [GROUP:vars] or [GROUP:children]; remove blanks from its name');
    else if (this.#state === 'hosts') this.#host(line);
    else if (this.#state === 'vars') this.#variable(line);
    else this.#child(line, number);
  }

  end(): void {
    for (const [name, { line, is }] of this.#pending)
      throw new NotRead(
        `line ${line}: ${is === 'vars' ? 'variables are set for' : 'a child is'} group ${name}, which is not declared`,
      );
  }

  #section(group: string, kind: string, line: number): void {
    if (kind !== 'hosts' && kind !== 'vars' && kind !== 'children')
      throw new NotRead(`section [${group}:${kind}] is neither :vars nor :children`);
    [this.#group, this.#state] = [group, kind];
    if (!this.#inventory.groups.has(group)) {
      if (kind === 'vars' && !this.#pending.has(group)) this.#pending.set(group, { line, is: 'vars', parents: [] });
      this.#inventory.addGroup(group);
    }
    const pending = this.#pending.get(group);
    if (!pending || kind === 'vars') return;
    if (pending.is === 'children') this.#adopted(group);
    else this.#pending.delete(group);
  }

  #adopted(group: string): void {
    for (const parent of this.#pending.get(group)?.parents ?? []) {
      this.#inventory.addChild(parent, group);
      if (this.#pending.get(parent)?.is === 'children') this.#adopted(parent);
    }
    this.#pending.delete(group);
  }

  #child(line: string, number: number): void {
    const name = groupName.exec(line)?.[1];
    if (name === undefined) throw new NotRead('the name of a group is expected');
    if (this.#inventory.groups.has(name)) return this.#inventory.addChild(this.#group, name);
    const pending = this.#pending.get(name);
    if (pending) pending.parents.push(this.#group);
    else this.#pending.set(name, { line: number, is: 'children', parents: [this.#group] });
  }

  #variable(line: string): void {
    const at = line.indexOf('=');
    if (at < 0) throw new NotRead('NAME=VALUE is expected');
    this.#inventory.setVariable(this.#group, strip(line.slice(0, at)), literal(strip(line.slice(at + 1))));
  }

  #host(line: string): void {
    const [pattern, ...assignments] = shlexSplit(line);
    if (pattern === undefined) throw new NotRead('the name of a host is expected');
    const { names, port } = expandedPattern(pattern);
    if (port === undefined && strip(pattern).endsWith(':'))
      throw new NotRead('the name of a host ends with a colon; this is YAML, or the port is missing');
    if (names.some((name) => strip(name) === '---')) throw new NotRead('`---` is not a host; this is YAML');
    const variables = assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 0)
        throw new NotRead('NAME=VALUE is expected after the name of a host; put values with blanks in quotation marks');
      return [assignment.slice(0, at), literal(assignment.slice(at + 1))] as const;
    });
    for (const name of names) {
      this.#inventory.addHost(name, this.#group, port);
      for (const [key, value] of variables) this.#inventory.setVariable(name, key, value);
    }
  }
}
