/**
 * Queries in PromQL: whether they parse, which series they read, and how they are confined to those of one tenant. Pure.
 *
 * A confined query is never the text that was given with something added. It is written again from the tokens of its parse tree: comments
 * and blanks are gone, and strings are quoted in one way. So a text that Prometheus would read in another way than the parser does has no
 * meaning left to be read. Source: the grammar that the parser of the browser has, which Prometheus publishes, and `promql/parser/lex.go`.
 */
import { parser } from '@prometheus-io/lezer-promql';
import { quoted, unquoted } from './promqlText.ts';

type Tree = ReturnType<typeof parser.parse>;
type Node = Tree['topNode'];

/** Longer queries are not parsed. */
export const LONGEST_QUERY = 16_384;

type Parsed = { readonly tree: Tree } | { readonly problem: string };

const strict = parser.configure({ strict: true });

/** Why a query does not parse; `undefined` when it does. */
export function parseQuery(query: string): string | undefined {
  const parsed = parse(query);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function parse(query: string): Parsed {
  if (query.trim() === '') return { problem: 'the query is empty' };
  if (query.length > LONGEST_QUERY) return { problem: `the query is longer than ${LONGEST_QUERY} characters` };
  try {
    const tree = strict.parse(query);
    const wrong = nodes(tree, 'StringLiteral').find((literal) => unquoted(textOf(query, literal)) === undefined);
    if (!wrong) return { tree };
    return {
      problem: `the query does not parse at character ${wrong.from + 1}: the string is not complete, or has an escape that is not known`,
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = Number(/[0-9]+$/.exec(error.message)?.[0] ?? 0);
    if (at >= query.length) return { problem: 'the query does not parse: it is not complete' };
    const there = JSON.stringify(query.slice(at, at + 20));
    return { problem: `the query does not parse at character ${at + 1}, at ${there}` };
  }
}

function nodes(tree: Tree, name: string, isWanted: (node: Node) => boolean = () => true): Node[] {
  const found: Node[] = [];
  tree.iterate({
    enter: (ref) => {
      if (ref.name === name && isWanted(ref.node)) found.push(ref.node);
    },
  });
  return found;
}

function textOf(query: string, { from, to }: Pick<Node, 'from' | 'to'>): string {
  return query.slice(from, to);
}

/**
 * The selectors of the series that must be there, each once: `foo{a="b"}`. What is asked to be absent need not be. Undefined where the query
 * does not parse.
 */
export function selectorsOf(query: string): readonly string[] | undefined {
  const parsed = parse(query);
  if ('problem' in parsed) return undefined;
  const found = nodes(parsed.tree, 'VectorSelector', (node) => !isAskedToBeAbsent(node));
  return [...new Set(found.map((node) => writtenAgain(query, node) ?? textOf(query, node)))];
}

function isAskedToBeAbsent(selector: Node): boolean {
  for (let node = selector.parent; node; node = node.parent) {
    if (node.name !== 'FunctionCall') continue;
    const called = node.firstChild?.firstChild?.name;
    if (called === 'Absent' || called === 'AbsentOverTime') return true;
  }
  return false;
}

export type Confined = { readonly query: string } | { readonly problem: string };

/** The query, whose every selector has the matcher `label="value"`. */
export function confined(query: string, label: string, value: string): Confined {
  const parsed = parse(query);
  if ('problem' in parsed) return parsed;
  const { tree } = parsed;
  // It reads series that no selector of the query names.
  if (nodes(tree, 'Info').length > 0)
    return {
      problem: 'info() is not allowed where queries are limited to a namespace; join with `* on (…) group_left`',
    };
  const other = nodes(tree, 'LabelMatchers')
    .flatMap((matchers) => [
      ...matchers.getChildren('UnquotedLabelMatcher'),
      ...matchers.getChildren('QuotedLabelMatcher'),
    ])
    .find((matcher) => isAbout(query, matcher, label) && !isSame(query, matcher, value));
  if (other)
    return {
      problem: `the query selects by ${textOf(query, other)}, but it may only read \`${label}=${quoted(value)}\`, which is added to each selector; remove that matcher`,
    };
  const written = writtenAgain(query, tree.topNode, `${label} = ${quoted(value)}`);
  return written === undefined ? { problem: 'the query has characters that PromQL does not have' } : { query: written };
}

function isAbout(query: string, matcher: Node, label: string): boolean {
  const name = matcher.firstChild;
  if (!name) return false;
  const text = textOf(query, name);
  return (name.name === 'QuotedLabelName' ? unquoted(text) : text) === label;
}

function isSame(query: string, matcher: Node, value: string): boolean {
  const isEqual = matcher.getChild('MatchOp')?.firstChild?.name === 'EqlSingle';
  const literal = matcher.getChild('StringLiteral');
  return isEqual && literal !== null && unquoted(textOf(query, literal)) === value;
}

const bracketed: readonly string[] = ['GroupingLabels', 'FunctionCallBody', 'LabelMatchers'];
const between = /^[(){}[\],:\s]*$/;
const token = /^[-+]?\s*[\w.:]+([-+]\w+)?$|^[-+*/%^=!<>~@]{1,2}$/;

/** The tokens below a node, with a matcher in each selector; `undefined` when there is something between them that is not known. */
function writtenAgain(query: string, top: Node, matcher?: string): string | undefined {
  const tokens: string[] = [];
  let at = top.from;
  let isKnown = true;
  const gap = (to: number): void => {
    const text = query.slice(at, to);
    if (!between.test(text)) isKnown = false;
    tokens.push(...text.replaceAll(/\s+/g, ''));
  };
  top.cursor().iterate(
    (ref) => {
      // Brackets alone have no nodes: those of what is empty are within the next gap.
      if (ref.node.firstChild || bracketed.includes(ref.name)) return openMatchers(ref.node);
      gap(ref.from);
      at = ref.to;
      if (ref.name === 'LineComment') return;
      const text = textOf(query, ref);
      const literal = ref.name === 'StringLiteral' ? quotedAgain(text) : undefined;
      if (literal === undefined && !token.test(text)) isKnown = false;
      tokens.push(literal ?? text.replaceAll(/\s+/g, ''));
    },
    (ref) => {
      if (ref.name === 'VectorSelector' && matcher !== undefined && !ref.node.getChild('LabelMatchers'))
        tokens.push('{', matcher, '}');
    },
  );
  gap(top.to);
  return isKnown ? tokens.join(' ') : undefined;

  function openMatchers(node: Node): void {
    if (node.name !== 'LabelMatchers' || matcher === undefined) return;
    gap(node.from);
    at = node.from + 1;
    tokens.push('{', matcher, ...(node.firstChild ? [','] : []));
  }
}

function quotedAgain(literal: string): string | undefined {
  const text = unquoted(literal);
  return text === undefined ? undefined : quoted(text);
}
