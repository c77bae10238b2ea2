/**
 * Every message of the product, by the file that has it: `make messages`. What counts as a message: a string literal of two
 * words or more in what runs (conditions, events, errors, logs, metrics, help), what the module on hosts says, and the
 * messages of CRDs and admission policies. Scripts, which have lines, and lists of words are none.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAll } from 'js-yaml';
import { Node, Project, SyntaxKind, type SourceFile } from 'ts-morph';

/** `text` is as its source has it, without quotation marks; what is filled in stands as `${…}`. */
export interface Message {
  readonly file: string;
  /** Counted from 1; 0 where the source is generated. */
  readonly line: number;
  readonly text: string;
}

/** All messages, by file and line. Reads files below `root`. */
export function messages(root: string): Message[] {
  const found = [...sources(root).flatMap((file) => literals(root, file)), ...pythonStrings(root), ...rules(root)];
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

/** The reasons of conditions and events, sorted. */
export function reasons(root: string): string[] {
  const names = sources(root).flatMap((file) =>
    file
      .getDescendantsOfKind(SyntaxKind.PropertyAssignment)
      .filter((property) => property.getName() === 'reason')
      .flatMap((property) => property.getDescendantsOfKind(SyntaxKind.StringLiteral))
      .map((literal) => literal.getLiteralText())
      .filter((text) => /^[A-Z][a-z]+([A-Z][a-z]*)*$/.test(text)),
  );
  return [...new Set(names)].sort();
}

const read = new Map<string, SourceFile[]>();

function sources(root: string): SourceFile[] {
  const known = read.get(root);
  if (known) return known;
  const project = new Project({ skipFileDependencyResolution: true, skipAddingFilesFromTsConfig: true });
  project.addSourceFilesAtPaths([
    join(root, 'operator/**/*.ts'),
    ...['**/*.test.ts', 'tools/**', 'api/generated/**'].map((path) => `!${join(root, 'operator', path)}`),
  ]);
  read.set(root, project.getSourceFiles());
  return project.getSourceFiles();
}

/** Whether people read it: besides what is filled in, it has two words. */
function isProse(text: string): boolean {
  const own = text.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, ' … ');
  return (
    /[a-z]{2,}[`')}]*[,;:]?\s+(?:… |[(`'])*[a-z]{2,}/i.test(own) ||
    /^[a-z ]*[a-z]{3,}[a-z ]* …|… [a-z ]*[a-z]{3,}/i.test(own)
  );
}

function literals(root: string, file: SourceFile): Message[] {
  const isCli = /\/cli\//.test(file.getFilePath());
  return file.getDescendants().flatMap((node) => {
    const isText =
      Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node) || Node.isTemplateExpression(node);
    if (!isText || isData(node)) return [];
    const text = node.getText().slice(1, -1);
    if (!isProse(text) || (!isCli && /\n|\\n\w/.test(text))) return [];
    return [{ file: relative(root, file.getFilePath()), line: node.getStartLineNumber(), text }];
  });
}

/** Types, names of modules, and lists of words that are split at once. */
function isData(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isLiteralTypeNode(parent) || Node.isImportDeclaration(parent) || Node.isTemplateLiteralTypeNode(node))
    return true;
  const joined = node.getFirstAncestor(
    (above) => !Node.isBinaryExpression(above) && !Node.isParenthesizedExpression(above),
  );
  return Node.isPropertyAccessExpression(joined) && joined.getName() === 'split';
}

function pythonStrings(root: string): Message[] {
  return globSync('operator/drift/host/**/*.py', { cwd: root }).flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8')
      .replace(/"""[\s\S]*?"""/g, (text) => text.replace(/[^\n]/g, ''))
      .split('\n');
    return lines.flatMap((line, index) =>
      [...line.replace(/^\s*#.*/, '').matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)]
        .map(([, single, double]) => single ?? double ?? '')
        .filter(isProse)
        .map((text) => ({ file, line: index + 1, text })),
    );
  });
}

/** Messages of validation rules in CRDs and admission policies. */
function rules(root: string): Message[] {
  return globSync('{crds,policies}/*.yaml', { cwd: root }).flatMap((file) =>
    loadAll(readFileSync(join(root, file), 'utf8')).flatMap((document) =>
      [...new Set(texts(document, ['message', 'messageExpression']))].map((text) => ({ file, line: 0, text })),
    ),
  );
}

/** What descriptions of fields say, which `kubectl explain` shows. */
export function descriptions(root: string): Message[] {
  return globSync('crds/*.yaml', { cwd: root }).flatMap((file) =>
    loadAll(readFileSync(join(root, file), 'utf8')).flatMap((document) =>
      texts(document, ['description']).map((text) => ({ file, line: 0, text })),
    ),
  );
}

/** The strings under keys of these names, anywhere in a document. */
function texts(value: unknown, keys: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => texts(item, keys));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    keys.includes(key) && typeof inner === 'string' ? [inner] : texts(inner, keys),
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(import.meta.dirname), '..');
  console.log(`Reasons: ${reasons(root).join(', ')}`);
  let file = '';
  for (const message of messages(root)) {
    if (message.file !== file) console.log(`\n${message.file}`);
    file = message.file;
    console.log(`  ${String(message.line || '').padStart(4)}  ${message.text.replaceAll('\n', '\n        ')}`);
  }
}
