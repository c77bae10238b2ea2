/**
 * The type files of the API → kinds. Every problem in them is collected, so that one run tells all; with any problem
 * the kinds are not to be used.
 */
import { type InterfaceDeclaration, Node, Project, type SourceFile, type TypeNode } from 'ts-morph';
import { checkKind } from './checkKind.ts';
import { type Comment, commentOf, reportLostComments } from './comments.ts';
import { applyTags } from './fieldTags.ts';
import { type Place, readType } from './readShape.ts';
import { readColumn, readResourceTag, readSentence } from './resourceTags.ts';
import { api, type Kind, type Report, type Schema } from './schema.ts';

/** Says of a kind that an object is evaluated at once when a person annotates it. */
const evaluateTag = 'evaluateOnAnnotation';

/** Kinds in the order of their names, and problems as `path: sentence`, each once. */
export interface Reading {
  kinds: Kind[];
  problems: string[];
}

/** Reads type files, given as path → text. The paths come back as the sources of the kinds. */
export function readTypes(texts: Readonly<Record<string, string>>): Reading {
  const problems = new Set<string>();
  const report: Report = (path, message) => void problems.add(`${path}: ${message}`);
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true },
  });
  const files = Object.entries(texts).map(([path, text]) => ({
    path,
    file: project.createSourceFile(`/${path}`, text),
  }));
  for (const { file } of files) {
    reportSyntax(project, file, report);
    reportLostComments(file, report);
  }
  const findingSources = files.flatMap(({ file }) =>
    file
      .getInterfaces()
      .filter(makesFindings)
      .map((one) => one.getName()),
  );
  const kinds = files.flatMap(({ path, file }) =>
    file.getInterfaces().flatMap((declared) => readKind(declared, path, findingSources.sort(), report) ?? []),
  );
  for (const kind of kinds) checkKind(kind, report);
  const plurals = kinds.flatMap((kind) => [kind.plural, ...kind.shortNames]);
  const twice = plurals.filter((name, index) => plurals.indexOf(name) !== index);
  for (const name of twice) report(name, 'is the plural or short name of two kinds; change one');
  return { kinds: kinds.sort((a, b) => (a.kind < b.kind ? -1 : 1)), problems: [...problems] };
}

function reportSyntax(project: Project, file: SourceFile, report: Report): void {
  for (const diagnostic of project.getProgram().getSyntacticDiagnostics(file)) {
    const text = diagnostic.getMessageText();
    report(
      `${file.getBaseName()}:${diagnostic.getLineNumber()}`,
      typeof text === 'string' ? text : text.getMessageText(),
    );
  }
}

/** Of each of its kind there may be findings that a waiver names. */
function makesFindings(declared: InterfaceDeclaration): boolean {
  return commentOf(declared, declared.getName(), () => undefined).tags.some(({ name }) => name === 'findingSource');
}

function readKind(
  declared: InterfaceDeclaration,
  source: string,
  findingSources: readonly string[],
  report: Report,
): Kind | undefined {
  const base = declared.getExtends().find((each) => each.getExpression().getText() === 'Resource');
  if (!base) return undefined;
  const kind = declared.getName();
  const comment = commentOf(declared, kind, report);
  const resource = readResourceTag(comment.tags, kind, report);
  if (!comment.description) report(kind, 'has no description; say in a sentence what it is for');
  reportMembers(declared, report);
  const [spec, status] = base.getTypeArguments();
  if (!spec) report(kind, 'has no spec; write extends Resource<Spec, Status>');
  if (!resource || !spec) return undefined;
  const columns = comment.tags
    .filter((tag) => tag.name === 'printcolumn')
    .flatMap((tag) => readColumn(tag, kind, report) ?? []);
  const schema = rootSchema(comment, { spec, status }, { path: kind, within: [], findingSources, report });
  const evaluates = comment.tags.some(({ name }) => name === evaluateTag);
  const description = schema.description ?? '';
  const sentence = readSentence(comment.tags, kind, report);
  const rest = { ...(sentence !== undefined && { sentence }), ...(evaluates && { evaluates }) };
  return { kind, ...resource, columns, description, source, schema, ...rest };
}

/** Beyond what Resource gives it, a kind may only narrow `kind` to its name, so that TypeScript tells kinds apart. */
function reportMembers(declared: InterfaceDeclaration, report: Report): void {
  for (const member of declared.getMembers()) {
    const isKind = Node.isPropertySignature(member) && member.getName() === 'kind';
    if (!isKind) report(declared.getName(), `'${member.getText()}' must be in the spec or the status`);
    else if (member.getTypeNode()?.getText() !== `'${declared.getName()}'`)
      report(declared.getName(), `its kind must be '${declared.getName()}'`);
  }
}

function rootSchema(comment: Comment, parts: { spec: TypeNode; status: TypeNode | undefined }, root: Place): Schema {
  const { path: kind, report } = root;
  const properties: Record<string, Schema> = {
    apiVersion: { description: `\`${api.group}/${api.version}\`.`, type: 'string' },
    kind: { description: `\`${kind}\`.`, type: 'string' },
    metadata: { type: 'object' },
  };
  for (const [name, node] of Object.entries(parts)) {
    if (!node) continue;
    const place = { ...root, path: `${kind}.${name}` };
    const schema = readType(node, place);
    if (schema && !schema.description) report(place.path, `has no description; write one above '${node.getText()}'`);
    if (schema) properties[name] = schema;
  }
  const tags = comment.tags.filter(
    (tag) => !['resource', 'printcolumn', 'sentence', 'findingSource', evaluateTag].includes(tag.name),
  );
  const schema: Schema = { description: comment.description, type: 'object', required: ['spec'], properties };
  return applyTags(schema, tags, { owner: kind, field: kind, report });
}
