/** Kinds → the reference pages, as Markdown that reads well both raw and rendered. */
import { boundsOf, code, explanation, namedType, ownRules, rulesAbout, sentence, typeText } from './docsText.ts';
import { editorSchemaPath, schemasFolder } from './editorSchemas.ts';
import { api, camelCase, type Kind, type Rule, type Schema } from './schema.ts';

const note = '<!-- Generated from the type files in operator/api/v1alpha1; change those and run `make generate`. -->\n';

/** Where the page of a kind is written, relative to the root of the repository. */
export function docsPath(kind: Kind): string {
  return `docs/reference/${camelCase(kind.kind)}.md`;
}

/** The index of all kinds: what each is for, in one sentence. */
export function indexPage(kinds: readonly Kind[]): string {
  const rows = kinds.map(({ kind, shortNames, description }) => [
    `[${kind}](${camelCase(kind)}.md)`,
    shortNames.map(code).join(', '),
    /^[^]*?[.!?](?=\s|$)/.exec(description)?.[0] ?? description,
  ]);
  const intro = [
    `The kinds of \`${api.group}/${api.version}\`. \`kubectl get ${api.category}\` lists the objects of all of them, and`,
    '`kubectl explain <kind>.spec` shows these texts in the terminal.',
  ].join('\n');
  const list = table(['Kind', 'Short name', 'What it is'], rows);
  return `${note}\n# API reference\n\n${intro}\n\n${list}\n\n${editors(kinds)}\n`;
}

/** How files are checked where there is no cluster. */
function editors([kind]: readonly Kind[]): string {
  const modeline = kind && `\`\`\`yaml\n# yaml-language-server: $schema=../${editorSchemaPath(kind)}\n\`\`\``;
  const locations = `-schema-location default -schema-location '${schemasFolder}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'`;
  return [
    '## In editors and pipelines',
    `\`${schemasFolder}/\` has a JSON Schema for each kind. Editors with the YAML language server complete and check a file that names it in its first line, by its path or URL:`,
    modeline,
    'A pipeline without a cluster checks files with kubeconform:',
    `<!-- not run: needs files of yours; test/integration/shipped.test.ts runs kubeconform with these schemas -->\n\`\`\`console\nkubeconform -strict -summary ${locations} declarations/\n\`\`\``,
    'Unknown fields are errors. Rules that compare fields are not part of JSON Schema: the descriptions list them, and `kubectl apply --dry-run=server` checks them. Do not use `-ignore-missing-schemas`: a misspelled kind would be skipped.',
  ].join('\n\n');
}

/** The page of one kind. `sample` is the text of its sample file, if there is one. */
export function kindPage(kind: Kind, sample?: string): string {
  const { spec, status } = kind.schema.properties ?? {};
  const names = [kind.plural, ...kind.shortNames].map((name) => code(`kubectl get ${name}`)).join(' or ');
  const sections = [
    `${note}\n# ${kind.kind}`,
    kind.description,
    `\`apiVersion: ${api.group}/${api.version}\` · ${kind.namespaced ? 'namespaced' : 'cluster-scoped'} · ${names}`,
    ...ruleList(kind.schema['x-kubernetes-validations'] ?? []),
    ...(sample ? [`## Sample\n\n\`\`\`yaml\n${sample.trim()}\n\`\`\``] : []),
    ...(spec ? fields('spec', spec) : []),
    ...(status ? fields('status', status) : []),
    ...types([spec, status].flatMap((schema) => (schema ? namedTypesIn(schema) : []))),
    ...columns(kind),
  ];
  return `${sections.join('\n\n')}\n`;
}

function ruleList(rules: readonly Rule[]): string[] {
  return rules.length > 0 ? [rules.map(({ message }) => `- ${sentence(message)}`).join('\n')] : [];
}

function columns({ columns, plural }: Kind): string[] {
  if (columns.length === 0) return [];
  const rows = columns.map(({ name, jsonPath, description, priority }) => [
    name.toUpperCase() + (priority ? ' (with `-o wide`)' : ''),
    code(jsonPath) + (description ? ` ${sentence(description)}` : ''),
  ]);
  return [`## Columns of \`kubectl get ${plural}\``, table(['Column', 'Shows'], rows)];
}

/** A section with all fields below `schema` as an indented tree. */
function fields(name: string, schema: Schema): string[] {
  return [
    `## ${name}`,
    schema.description ?? '',
    ...ruleList(ownRules(schema)),
    table(['Field', 'Type', 'Description'], rows(schema, 0)),
  ];
}

function rows(schema: Schema, depth: number): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const indent = '&emsp;'.repeat(depth) + (depth > 0 ? '↳ ' : '');
    const required = schema.required?.includes(name) ? ', **required**' : '';
    const row = [indent + code(name), typeText(property) + required, explanation(property, rulesAbout(schema, name))];
    return [row, ...rows(elementOf(property), depth + 1)];
  });
}

/** The object inside lists and maps, whose fields are shown below the list or map. */
function elementOf(schema: Schema): Schema {
  const inner = schema.items ?? schema.additionalProperties;
  return inner ? elementOf(inner) : schema;
}

/** Named texts and numbers are explained once, at the end, so that the tree stays easy to read. */
function types(named: readonly NonNullable<Schema['alias']>[]): string[] {
  const byName = new Map(named.map((type) => [type.name, type.schema]));
  if (byName.size === 0) return [];
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = sorted.map(([name, schema]) => {
    const rules = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => `Rule: ${sentence(message)}`);
    return [code(name), [schema.description ?? '', boundsOf(schema), ...rules].filter((line) => line).join('\n')];
  });
  return ['## Types', table(['Type', 'What it is'], lines)];
}

function namedTypesIn(schema: Schema): NonNullable<Schema['alias']>[] {
  const inner = [schema.items, schema.additionalProperties, ...Object.values(schema.properties ?? {})];
  const own = namedType(schema);
  return [...(own ? [own] : []), ...inner.flatMap((each) => (each ? namedTypesIn(each) : []))];
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [row(head), `|${'---|'.repeat(head.length)}`, ...lines.map(row)].join('\n');
}

/** Text for one cell: lines become breaks, bars are escaped, and nothing outside code can be taken for HTML. */
function cell(text: string): string {
  const safe = text.replace(/(`+)[^]*?[^`]\1(?!`)|</g, (found) => (found === '<' ? '&lt;' : found));
  return safe.replaceAll('|', '\\|').replace(/\n+/g, '<br>');
}
