/**
 * JSDoc comments, read from their own text: a description and tags. Tags stand after white space anywhere in a comment.
 * A comment that TypeScript attaches to nothing is found and told of, because its validation would silently vanish.
 */
import { type JSDocableNode, type SourceFile, SyntaxKind, ts } from 'ts-morph';
import type { Report } from './schema.ts';

/** `value` is the text up to the next tag, with its line breaks. */
export interface Tag {
  name: string;
  value: string;
}

export interface Comment {
  description: string;
  tags: readonly Tag[];
}

/** Reads a whole JSDoc comment, delimiters included. */
export function parseComment(raw: string): Comment {
  const text = raw
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n');
  const starts = [...text.matchAll(/(?<=^|\s)@(\S+)/g)];
  const tags = starts.map((start, index) => ({
    name: start[1] ?? '',
    value: text.slice(start.index + start[0].length, starts[index + 1]?.index).trim(),
  }));
  return { description: unwrap(text.slice(0, starts[0]?.index)), tags };
}

/** Joins the lines of each paragraph; an item of a list keeps a line of its own. */
function unwrap(text: string): string {
  const paragraphs = text.trim().split(/\n\s*\n/);
  return paragraphs.map((paragraph) => paragraph.replace(/\s*\n\s*(?!\s|- |\d+\. )/g, ' ')).join('\n\n');
}

/** The comment of a declaration. Of several, the last counts, and the others must be file headers without tags. */
export function commentOf(node: JSDocableNode, path: string, report: Report): Comment {
  const comments = node.getJsDocs().map((doc) => parseComment(doc.getText()));
  const last = comments.pop() ?? { description: '', tags: [] };
  if (comments.some((earlier) => earlier.tags.length > 0)) {
    report(path, 'has two JSDoc comments and TypeScript reads only the last; merge them');
  }
  return last;
}

/** Reports each `/**` comment of the file that belongs to no declaration, by line. */
export function reportLostComments(file: SourceFile, report: Report): void {
  const attached = new Set(file.getDescendantsOfKind(SyntaxKind.JSDoc).map((doc) => doc.getStart()));
  const text = file.getFullText();
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  for (let token = scanner.scan(); token !== SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const start = scanner.getTokenStart();
    if (token !== SyntaxKind.MultiLineCommentTrivia || !/^\/\*\*[^/]/.test(scanner.getTokenText())) continue;
    if (attached.has(start)) continue;
    const { line } = file.getLineAndColumnAtPos(start);
    report(
      `${file.getBaseName()}:${line}`,
      'TypeScript attaches this comment to nothing, so it would be lost; put it on its own lines above the field',
    );
  }
}
