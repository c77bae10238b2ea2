/** Finds what a name in a type file stands for, by syntax alone: in the file itself or along its imports. */
import { posix } from 'node:path';
import { type InterfaceDeclaration, Node, type SourceFile, type TypeAliasDeclaration, type TypeNode } from 'ts-morph';
import type { Schema } from './schema.ts';

export type Declaration = InterfaceDeclaration | TypeAliasDeclaration;

export const int64: Schema = { type: 'integer', format: 'int64' };

const quantityPattern = '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$';

/** Aliases that mean more than TypeScript can say. They are known by name, whatever they are declared as. */
export const scalars: Readonly<Record<string, Schema>> = {
  Int32: { type: 'integer', format: 'int32' },
  Int64: int64,
  Timestamp: { type: 'string', format: 'date-time' },
  IntOrString: { 'x-kubernetes-int-or-string': true },
  Quantity: { 'x-kubernetes-int-or-string': true, pattern: quantityPattern, maxLength: 32 },
};

/** The interface or alias that `name` stands for in `file`, or undefined when no API file declares it. */
export function findDeclaration(name: string, file: SourceFile): Declaration | undefined {
  const own = file.getInterface(name) ?? file.getTypeAlias(name);
  if (own) return own;
  for (const statement of file.getImportDeclarations()) {
    const imported = statement.getNamedImports().find((each) => (each.getAliasNode() ?? each).getText() === name);
    const path = posix.join(file.getDirectoryPath(), statement.getModuleSpecifierValue());
    const target = imported && file.getProject().getSourceFile(path);
    if (target) return findDeclaration(imported.getName(), target);
  }
  return undefined;
}

/** The words of a string literal, of a union of them, or of names for them. Undefined for any other type. */
export function wordsOf(node: TypeNode): string[] | undefined {
  if (Node.isUnionTypeNode(node)) {
    const parts = node.getTypeNodes().map(wordsOf);
    return parts.some((part) => !part) ? undefined : [...new Set(parts.flatMap((part) => part ?? []))];
  }
  if (Node.isLiteralTypeNode(node)) {
    const literal = node.getLiteral();
    return Node.isStringLiteral(literal) ? [literal.getLiteralValue()] : undefined;
  }
  if (!Node.isTypeReference(node)) return undefined;
  const declared = findDeclaration(node.getTypeName().getText(), node.getSourceFile());
  return Node.isTypeAliasDeclaration(declared) ? wordsOf(declared.getTypeNodeOrThrow()) : undefined;
}
