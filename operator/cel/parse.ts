/**
 * The syntax tree of an expression, by the library's parser, which is bounded in all that it reads. Entries that may be absent, `[?v]` and
 * `{?'k': v}`, are not in the library's grammar: each `?` that it stumbles over is read as a sign, and taken out of the tree again. Pure.
 */
import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { CelError } from './value.ts';

export interface Parsed {
  readonly ast: ASTNode;
  /** Items of lists, and keys of maps, that have a `?` before them. */
  readonly optional: ReadonlySet<ASTNode>;
}

const longest = 4096;
const mostOptional = 100;
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 2000, maxDepth: 64, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 },
});

/** Throws a CelError with its position for what is no expression, or is too large for one. */
export function parsed(text: string): Parsed {
  if (text.length > longest) throw new CelError(`it is longer than ${longest} characters`);
  const marks = new Set<number>();
  for (let read = text; ;) {
    try {
      const { ast } = environment.parse(read);
      const optional = new Set<ASTNode>();
      unmark(ast, marks, optional);
      const [left] = marks;
      if (left !== undefined) throw problem('`?` is only allowed before an item of a list or a key of a map', left);
      return { ast, optional };
    } catch (error) {
      if (error instanceof CelError) throw error;
      const at = placeOf(error);
      if (at === undefined || read[at] !== '?' || marks.size >= mostOptional) throw problem(plain(error), at);
      marks.add(at);
      read = `${read.slice(0, at)}-${read.slice(at + 1)}`;
    }
  }
}

function unmark(node: unknown, marks: Set<number>, optional: Set<ASTNode>): void {
  if (marks.size === 0) return;
  if (Array.isArray(node)) for (const one of node) unmark(one, marks, optional);
  if (!isNode(node)) return;
  if (node.op === 'list' || node.op === 'map') {
    for (const [at, item] of node.args.entries()) {
      const entry: ASTNode[] = node.op === 'list' ? node.args : (item as ASTNode[]);
      const place = node.op === 'list' ? at : 0;
      const whole = withoutMark(entry[place]!, marks);
      if (whole === undefined) continue;
      entry[place] = whole;
      optional.add(whole);
    }
  }
  unmark(node.args, marks, optional);
}

/** The node without the sign at its very left; undefined when there is none. */
function withoutMark(node: ASTNode, marks: Set<number>): ASTNode | undefined {
  if (node.op === '-_') return marks.delete(node.start) ? node.args : undefined;
  // Only operators reach further to the left than a sign.
  if (!Array.isArray(node.args) || !operators.has(node.op)) return undefined;
  const operands = node.args as ASTNode[];
  const left = withoutMark(operands[0]!, marks);
  if (left) operands[0] = left;
  return left && node;
}

const operators: ReadonlySet<string> = new Set('?: || && == != < <= > >= in + - * / %'.split(' '));

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}

function problem(message: string, position: number | undefined): CelError {
  const error = new CelError(message);
  error.position = position;
  return error;
}

function placeOf(error: unknown): number | undefined {
  return (error as { range?: { start: number } }).range?.start;
}

/** The parser's messages go on with a drawing of the line. */
function plain(error: unknown): string {
  return (error as Error).message.split('\n')[0]!.trim();
}
