/**
 * TypeScript type nodes → structural schemas. Reads syntax only, so number aliases keep their names (the type checker
 * erases them) and no library files are loaded. What cannot be expressed in a CRD is reported with its path.
 */
import { Node, SyntaxKind, type TypeNode } from 'ts-morph';
import { type Comment, commentOf } from './comments.ts';
import { type Declaration, findDeclaration, int64, scalars, wordsOf } from './declarations.ts';
import { applyTags, staysAsItIs } from './fieldTags.ts';
import { mergeObjects, unread } from './mergeObjects.ts';
import { type Report, type Rule, type Schema, shapeOf } from './schema.ts';

/** Where a type is read: `path` as users write it, and the declarations around it, outermost first. */
export interface Place {
  path: string;
  within: readonly Node[];
  /** Kinds whose type says `@findingSource`: the words of the type alias that says so. */
  findingSources: readonly string[];
  report: Report;
}

/** The schema of a type, or `unread` when it was reported. */
export function readType(node: TypeNode, place: Place): Schema {
  if (Node.isParenthesizedTypeNode(node)) return readType(node.getTypeNode(), place);
  if (Node.isTypeReference(node)) {
    return readReference(node.getTypeName().getText(), node.getTypeArguments(), node, place);
  }
  if (Node.isArrayTypeNode(node)) return listOf(node.getElementTypeNode(), place);
  if (Node.isTypeOperatorTypeNode(node)) return readType(node.getTypeNode(), place);
  if (Node.isTypeLiteral(node)) return readMembers(node, place);
  if (Node.isIntersectionTypeNode(node)) {
    const parts = node.getTypeNodes().map((part) => readType(part, place));
    return mergeObjects(parts, { mayRepeat: false, report: (message) => refuse(place, message) });
  }
  const words = wordsOf(node);
  return words ? { type: 'string', enum: words } : readKeyword(node, place);
}

function readKeyword(node: TypeNode, place: Place): Schema {
  switch (node.getKind()) {
    case SyntaxKind.StringKeyword:
      return { type: 'string' };
    case SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
    case SyntaxKind.UnknownKeyword:
      return {};
    case SyntaxKind.NumberKeyword:
      return refuse(place, "type 'number' has no width; use Int32");
    default:
      return refuse(place, `type '${node.getText()}' cannot be expressed in a CRD${advice(node)}`);
  }
}

function advice(node: TypeNode): string {
  if (!Node.isUnionTypeNode(node)) return '';
  if (/\b(null|undefined)\b/.test(node.getText())) return '; use ? for what may be absent and @nullable for null';
  return '; use an optional field for each choice and a @rule that one is set';
}

function refuse(place: Place, message: string): Schema {
  place.report(place.path, message);
  return unread;
}

function readReference(name: string, args: readonly TypeNode[], node: Node, place: Place): Schema {
  const [first, second] = args;
  if (Object.hasOwn(scalars, name)) return { ...scalars[name] };
  if ((name === 'Array' || name === 'ReadonlyArray') && first) return listOf(first, place);
  if (name === 'Record' && first && second) return mapOf(first, second, place);
  const declared = findDeclaration(name, node.getSourceFile());
  if (!declared) return refuse(place, `type '${name}' is not declared in the API files; declare it there`);
  if (args.length > 0 || declared.getTypeParameters().length > 0) {
    return refuse(place, `type '${name}' takes parameters; only Resource may`);
  }
  return readDeclaration(declared, place);
}

function listOf(element: TypeNode, place: Place): Schema {
  return { type: 'array', items: readType(element, { ...place, path: `${place.path}[]` }) };
}

function mapOf(key: TypeNode, value: TypeNode, place: Place): Schema {
  if (key.getKind() !== SyntaxKind.StringKeyword) {
    return refuse(place, `a CRD cannot restrict the keys of a map to '${key.getText()}'; use Record<string, …>`);
  }
  return { type: 'object', additionalProperties: readType(value, { ...place, path: `${place.path}.*` }) };
}

/** The schema of a named type with its own description and tags. */
function readDeclaration(declared: Declaration, place: Place): Schema {
  const name = declared.getName();
  if (place.within.includes(declared)) {
    return refuse(place, `type '${name}' contains itself, which a CRD cannot express`);
  }
  const comment = commentOf(declared, name, place.report);
  const inner = { ...place, within: [...place.within, declared] };
  if (Node.isTypeAliasDeclaration(declared) && isOfFindingSources(comment))
    return { description: comment.description, type: 'string', enum: [...place.findingSources] };
  if (Node.isTypeAliasDeclaration(declared)) {
    const schema = withComment(readNumber(declared.getTypeNodeOrThrow(), comment, inner), comment, name, place);
    return isPlain(schema) ? { ...schema, alias: { name, schema } } : schema;
  }
  const bases = declared
    .getExtends()
    .map((base) => readReference(base.getExpression().getText(), base.getTypeArguments(), base, inner));
  const report = (message: string) => refuse(place, message);
  const object = mergeObjects([readMembers(declared, inner), ...bases], { mayRepeat: true, report });
  return withComment(object, comment, name, place);
}

function isOfFindingSources({ tags }: Comment): boolean {
  return tags.some(({ name }) => name === 'findingSource');
}

/** Whether the reference shows the type by its name: text and numbers, but not words, which are better seen at once. */
function isPlain(schema: Schema): boolean {
  return ['string', 'integer', 'intOrString'].includes(shapeOf(schema)) && !schema.enum;
}

/** As `readType`, but `@integer` gives a plain `number` its width. */
function readNumber(node: TypeNode, comment: Comment, place: Place): Schema {
  const isInteger = comment.tags.some((tag) => tag.name === 'integer');
  return isInteger && node.getKind() === SyntaxKind.NumberKeyword ? { ...int64 } : readType(node, place);
}

/** A comment's description replaces that of the type, and its tags come after the type's, so the closest wins. */
function withComment(schema: Schema, comment: Comment, owner: string, place: Place): Schema {
  if (schema === unread) return unread;
  const field = place.path.split('.').pop()?.replaceAll('[]', '') ?? owner;
  const described = { ...schema, description: comment.description || schema.description };
  return applyTags(described, comment.tags, { owner, field, report: place.report });
}

function readMembers(node: { getMembers(): Node[] }, place: Place): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const rules: Rule[] = [];
  for (const member of node.getMembers()) {
    if (!Node.isPropertySignature(member)) {
      refuse(place, `'${member.getText()}' is not a field; use Record<string, …> for a map`);
      continue;
    }
    const name = member.getName().replace(/^['"]|['"]$/g, '');
    const inner = { ...place, path: `${place.path}.${name}` };
    const comment = commentOf(member, inner.path, place.report);
    if (!comment.description) {
      refuse(inner, 'has no description; write one in a JSDoc comment on lines of its own above the field');
    }
    const type = member.getTypeNode();
    const read = type ? readNumber(type, comment, inner) : refuse(inner, 'has no type');
    const isOptional = member.hasQuestionToken() && !comment.tags.some((tag) => tag.name === 'default');
    const mayVanish = isOptional && comment.tags.some((tag) => tag.name === 'immutable');
    if (mayVanish) rules.push(staysAsItIs(name));
    const tags = mayVanish ? comment.tags.filter((tag) => tag.name !== 'immutable') : comment.tags;
    properties[name] = withComment(read, { ...comment, tags }, inner.path, inner);
    // The API server fills a default in before it validates, so a field with one is never missing.
    if (!isOptional && properties[name].default === undefined) required.push(name);
  }
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(rules.length > 0 ? { 'x-kubernetes-validations': rules } : {}),
  };
}
