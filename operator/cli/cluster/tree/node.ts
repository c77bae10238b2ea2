/** Objects as a tree, each with its state; as text, of which a part is shown, or as data. Pure. */
import { treeText, type Branch } from '../lines.ts';

export interface Node {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** In a word or two. */
  readonly state: string;
  /** Whether nobody has to do anything about it, and it is known. */
  readonly isWell: boolean;
  readonly message?: string;
  /** In the order in which they are shown, the worst of a kind first. */
  readonly children: readonly Node[];
  /** What is said of it beside its children: what could not be read, or is not believed. */
  readonly notes: readonly string[];
}

type Bare = Pick<Node, 'kind' | 'name' | 'state' | 'isWell'> & Partial<Node>;

export function node(bare: Bare): Node {
  return { children: [], notes: [], ...bare };
}

/** Of all objects of the tree, whether they are shown or not. */
export function isAllWell({ isWell, children, notes }: Node): boolean {
  return isWell && notes.length === 0 && children.every(isAllWell);
}

/** At most so many of one kind below an object. */
export function nodesText(roots: readonly Node[], most: number): string {
  return roots.map((root) => treeText({ ...branchOf(root, most), text: lineOf(root, true) })).join('\n');
}

function branchOf(one: Node, most: number): Branch {
  const groups = [...Map.groupBy(one.children, ({ kind }) => kind).values()];
  const branches = groups.flatMap((group) => [
    ...group.slice(0, most).map((child) => branchOf(child, most)),
    ...restOf(group.slice(most)),
  ]);
  return {
    text: lineOf(one, false),
    ...(one.message !== undefined && one.message !== '' && { more: [one.message] }),
    branches: [...branches, ...one.notes.map((text) => ({ text }))],
  };
}

function lineOf({ kind, namespace, name, state }: Node, isRoot: boolean): string {
  return `${kind} ${isRoot && namespace !== undefined ? `${namespace}/` : ''}${name}: ${state}`;
}

/** `and 112 more Devices: 110 compliant, 2 waived`. */
function restOf(group: readonly Node[]): Branch[] {
  const [first] = group;
  if (!first) return [];
  const states = [...Map.groupBy(group, ({ state }) => state)].map(([state, { length }]) => `${length} ${state}`);
  const shown = states.length > 4 ? '' : `: ${states.join(', ')}`;
  return [{ text: `and ${group.length} more ${first.kind}${group.length === 1 ? '' : 's'}${shown}` }];
}

export function nodeJson({ kind, namespace, name, state, isWell, message, children, notes }: Node): object {
  return {
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    state,
    isWell,
    ...(message !== undefined && { message }),
    ...(children.length > 0 && { children: children.map(nodeJson) }),
    ...(notes.length > 0 && { notes }),
  };
}
