/**
 * JSON that every reader reads alike: UTF-8 without a byte order mark, no name twice in an object, not nested deeply. `JSON.parse` takes the
 * last of two members of one name where others take the first, so what is signed could mean one thing here and another one elsewhere. Pure.
 */

/** Levels of brackets: several times those of a statement, or of an entry of a journal. */
const DEEPEST = 64;

/** Throws an error whose message is a fragment, such as `has the name "sequence" twice, at $.predicate`. */
export function strictJson(bytes: Uint8Array | string): unknown {
  const text = typeof bytes === 'string' ? bytes : textIn(bytes);
  if (text.startsWith('\ufeff')) throw new Error('begins with a byte order mark');
  const value = valueIn(text);
  const problem = scan(text);
  if (problem !== undefined) throw new Error(problem);
  return value;
}

function textIn(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('is not UTF-8');
  }
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(text.trim() === '' ? 'is empty' : 'is not JSON in full; it may be cut');
  }
}

interface Level {
  /** Of an object; undefined for a list. */
  readonly names: Set<string> | undefined;
  /** Where it is. */
  readonly place: string;
  /** The name or index of the member that is read. */
  at: string;
  index: number;
}

/** What is wrong with a text that is JSON. */
function scan(text: string): string | undefined {
  const levels: Level[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    const level = levels.at(-1);
    if (character === '"') {
      const end = endOfString(text, at);
      const problem = level?.names && nameIn(text, { at, end, level });
      if (problem) return problem;
      at = end;
      continue;
    }
    if (character === '{' || character === '[') {
      if (levels.length >= DEEPEST) return `is nested more than ${DEEPEST} levels deep`;
      const place = level ? `${level.place}${level.names ? `.${level.at}` : `[${level.index}]`}` : '$';
      levels.push({ names: character === '{' ? new Set() : undefined, place, at: '', index: 0 });
    } else if (character === '}' || character === ']') levels.pop();
    else if (character === ',' && level) level.index += 1;
    at += 1;
  }
  return undefined;
}

/** After the closing quotation mark. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Notes a name of an object; a string that no colon follows is a value. */
function nameIn(text: string, { at, end, level }: { at: number; end: number; level: Level }): string | undefined {
  let next = end;
  while (/\s/.test(text[next] ?? '')) next += 1;
  if (text[next] !== ':') return undefined;
  // Two spellings, such as with \u0061, are one name.
  const name = JSON.parse(text.slice(at, end)) as string;
  if (level.names?.has(name)) return `has the name ${JSON.stringify(name)} twice, at ${level.place}`;
  level.names?.add(name);
  level.at = name;
  return undefined;
}
