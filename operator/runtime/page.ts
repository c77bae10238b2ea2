/**
 * Pages of lists, which are read into the same memory one after the other, and item by item: a page as one text, and as much memory again
 * for each page, would stay until all of the heap is searched.
 */
import type { Resource } from '../api/v1alpha1/shared.ts';
import { parseJson } from '../lib/json.ts';
import { withoutManagedFields } from './managedFields.ts';

/** Names of groups and kinds are short. */
const LONGEST_HEAD = 512;
const head = /^\{"apiVersion":("[^"\\]*"),"items":\[/;
const tail = Buffer.from('],"kind":"');

/** As the apiserver sends it. */
export interface Page {
  readonly items: Resource[] | null;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
}

/**
 * A page of a list in JSON; its items may lack `metadata.managedFields`. Where one item ends is guessed by how the next one begins. If every
 * piece is an object by itself, then these are the items, for there is only one way to read JSON; if one is not, such as where an
 * item holds a list of objects of its own kind, the page is parsed in full.
 */
export function parsePage(bytes: Buffer): unknown {
  return inPieces(bytes) ?? parseJson(bytes.toString());
}

function inPieces(bytes: Buffer): object | undefined {
  const [begin, apiVersion] = head.exec(bytes.toString('latin1', 0, LONGEST_HEAD)) ?? [];
  const end = bytes.lastIndexOf(tail);
  if (begin === undefined || end <= begin.length) return undefined;
  const next = Buffer.from(`},{"apiVersion":${apiVersion},"kind":"`, 'latin1');
  const items: unknown[] = [];
  try {
    for (let from = begin.length, to = 0; to !== end; from = to + 1) {
      const found = bytes.indexOf(next, from);
      to = found === -1 || found >= end ? end : found + 1;
      items.push(parseJson(withoutManagedFields(bytes.subarray(from, to))));
    }
    return { ...(parseJson(begin + bytes.toString('utf8', end)) as object), items };
  } catch {
    return undefined;
  }
}
