/** An explanation on a terminal. Pure. */
import { plain, wrapped } from '../cluster/lines.ts';
import type { CheckTypeWords } from './checkTypes.ts';
import type { FieldSchema, ShippedKind } from './kinds.ts';
import { inner, type Field } from './path.ts';
import { allowedIn, firstSentence, limitsOf, rulesOf, typeOf } from './words.ts';

export interface Explained {
  readonly kind: ShippedKind;
  readonly field: Field;
  readonly example?: { readonly file: string; readonly lines: readonly string[] };
  readonly checkType?: CheckTypeWords;
  readonly columns: number;
}

export function kindsText(kinds: readonly ShippedKind[], columns: number): string {
  const names = kinds.map(({ kind, shortNames }) => `${kind} (${shortNames.join(', ')})`);
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const lines = kinds.flatMap(({ schema }, at) =>
    hanging(names[at]!.padEnd(width), firstSentence(schema.description ?? ''), columns),
  );
  return [...lines, '', 'More: kubectl holdfast explain KIND, or KIND.spec', ''].join('\n');
}

export function fieldText({ kind, field, example, checkType, columns }: Explained): string {
  const { schema, path, isRequired } = field;
  const scope = kind.namespaced ? 'in a namespace' : 'of the cluster';
  const names = [kind.plural, ...kind.shortNames].join(', ');
  const head = [
    ...hanging('Kind      ', `${kind.kind} (${names}), ${kind.apiVersion}, ${scope}`, columns),
    ...(path === ''
      ? []
      : hanging('Field     ', `${path} <${typeOf(schema)}>${isRequired ? ', required' : ''}`, columns)),
  ];
  const paragraphs = description(schema).flatMap((text) => ['', ...indented(text, columns)]);
  const sections = [
    section('Allowed', allowedIn(schema).length > 0 ? [allowedIn(schema).join(', ')] : [], columns),
    section('Default', schema.default === undefined ? [] : [JSON.stringify(schema.default)], columns),
    section('Limits', limitsOf(schema), columns),
    section('Rules', [...rulesOf(schema), ...itemRules(schema)], columns),
    ...checkSections(checkType, columns),
    fieldLines(schema, columns),
    example ? ['', `Example, of ${example.file}`, ...example.lines.map((line) => `  ${plain(line)}`)] : [],
  ].flat();
  return [...head, ...paragraphs, ...sections, ''].join('\n');
}

/** Those of a list and of its items are one. */
function description(schema: FieldSchema): string[] {
  const below = inner(schema);
  const texts = [schema.description, ...(below === schema ? [] : [below.description])];
  return [...new Set(texts)].flatMap((text) => (text === undefined ? [] : text.split(/\n+/)));
}

function itemRules(schema: FieldSchema): string[] {
  const below = inner(schema);
  return below === schema || !below.properties ? [] : rulesOf(below);
}

function checkSections(words: CheckTypeWords | undefined, columns: number): string[][] {
  if (!words) return [];
  return [
    section('Read', [words.read], columns),
    section('Passes if', [words.passes], columns),
    section('Corrected', [words.correction], columns),
    section('Undone', [words.undo], columns),
    section('Unknown', [words.unknown], columns),
  ];
}

const indent = 10;

function section(title: string, lines: readonly string[], columns: number): string[] {
  return lines
    .flatMap((line, at) => hanging((at === 0 ? title : '').padEnd(indent), line, columns))
    .map((line, at) => (at === 0 ? `\n${line}` : line));
}

function fieldLines(schema: FieldSchema, columns: number): string[] {
  const { properties = {}, required = [] } = inner(schema);
  const names = Object.keys(properties);
  if (names.length === 0) return [];
  const lines = names.flatMap((name) => {
    const one = properties[name]!;
    const head = `  ${name} <${typeOf(one)}>${required.includes(name) ? ', required' : ''}`;
    const text = firstSentence(one.description ?? inner(one).description ?? '');
    return [head, ...(text === '' ? [] : wrapped(text, columns - 4).map((line) => `    ${line}`))];
  });
  return ['', 'Fields', ...lines];
}

/** Names and types alone. */
export function recursiveText({ kind, field }: Pick<Explained, 'kind' | 'field'>): string {
  const title = `${kind.kind}${field.path === '' ? '' : `.${field.path}`} <${typeOf(field.schema)}>`;
  return `${[title, ...below(field.schema, '  ')].join('\n')}\n`;
}

function below(schema: FieldSchema, margin: string): string[] {
  const { properties = {}, required = [] } = inner(schema);
  return Object.entries(properties).flatMap(([name, one]) => {
    const values = allowedIn(one);
    const allowed = values.length > 0 ? `: ${values.join(', ')}` : '';
    return [
      `${margin}${name} <${typeOf(one)}>${required.includes(name) ? ', required' : ''}${allowed}`,
      ...below(one, `${margin}  `),
    ];
  });
}

function indented(text: string, columns: number): string[] {
  return wrapped(text, columns - 2).map((line) => `  ${line}`);
}

function hanging(head: string, text: string, columns: number): string[] {
  const [first = '', ...rest] = wrapped(text, columns - head.length);
  return [`${head}${first}`.trimEnd(), ...rest.map((line) => `${' '.repeat(head.length)}${line}`)];
}
