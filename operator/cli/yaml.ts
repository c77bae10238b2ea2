/**
 * Reads and writes YAML as kubectl and the apiserver understand it, which is YAML 1.1 with a few exceptions: `0644` is octal, `yes` is
 * true, `2024-01-01` and `1:30` are text. What kubectl reads as something else than it says, or not at all, is refused. Nothing that is
 * read can be larger than what was written: aliases are bounded.
 */
import {
  boolYaml11Tag,
  constructFromEvents,
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  DUMP_SCHEMA,
  dump,
  EVENT_ID,
  intCoreTag,
  intYaml11Tag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  YAMLException,
} from 'js-yaml';
import { Failure } from './command.ts';

const deepest = 100;
const mostNodes = 500_000;
const mostAliases = 10_000;
const mostCharacters = 64 * 2 ** 20;

/** What libyaml has to be printable, without those of it that are line breaks to it alone. */
const unlike = /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const [leastInt64, mostInt64, mostUint64] = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n];

/** Whole numbers; those that JavaScript cannot hold exactly are of type bigint, but for those that kubectl cannot either. */
const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve: (source) => {
    const plain = source.replaceAll('_', '');
    const match = /^([-+]?)(0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[0-7]+|0|[1-9][0-9]*)$/.exec(plain);
    if (!match) return NOT_RESOLVED;
    const digits = (match[2] ?? '').replace(/^0(?=[0-7])/, '0o');
    const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
    if (value < leastInt64 || value > mostUint64) return NOT_RESOLVED;
    return Number.isSafeInteger(Number(value)) || value > mostInt64 ? Number(value) : value;
  },
  identify: () => false,
});

const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...'0123456789'],
  resolve: (source) => {
    const plain = source.replaceAll('_', '');
    if (/^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/.test(plain))
      throw new Error(`no object can have the number ${plain}`);
    if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return NOT_RESOLVED;
    return Number.isFinite(Number(plain)) ? Number(plain) : NOT_RESOLVED;
  },
  identify: () => false,
});

/** A map whose keys are strings, whatever they look like. Of a key that `<<` has, too, the one that comes later counts to kubectl. */
function mapWatching(merged: (key: string) => void) {
  const written = new WeakMap<object, Set<string>>();
  let isMerge = false;
  return defineMappingTag<Record<string, unknown>>(mapTag.tagName, {
    create: () => ({}),
    identify: () => false,
    keys: Object.keys,
    addPair: (container, key, value) => {
      const name = nameOf(key);
      if (name === undefined) return 'a key is not a string';
      const names = written.get(container) ?? new Set();
      if (!isMerge) written.set(container, names.add(name));
      isMerge = false;
      return mapTag.addPair(container, key, value);
    },
    has: (container, key) => {
      const name = nameOf(key);
      if (name !== undefined && written.get(container)?.has(name)) merged(name);
      return mapTag.has(container, key);
    },
    // Only for what is merged.
    get: (container, key) => {
      isMerge = true;
      return mapTag.get(container, key);
    },
  });
}

function nameOf(key: unknown): string | undefined {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof key) ? String(key) : undefined;
}

const schema = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag, intTag, floatTag);
/** As the library writes, and whole numbers beyond those of JavaScript. */
const written = DUMP_SCHEMA.withTags({
  ...intYaml11Tag,
  resolve: (...source) => {
    const read = intYaml11Tag.resolve(...source);
    return read === NOT_RESOLVED ? intCoreTag.resolve(...source) : read;
  },
  identify: (value) => typeof value === 'bigint' || intYaml11Tag.identify(value),
});

/** The documents of a file, without empty ones. Throws `Failure` with file and line when it is not sound YAML. */
export function readYaml(text: string, file: string): unknown[] {
  return readDocuments(text, file).filter((document) => document !== null && document !== undefined);
}

/** With empty ones, which are null or undefined. */
export function readDocuments(text: string, file: string): unknown[] {
  let documents: unknown[];
  const twice: string[] = [];
  try {
    assertAlike(text, file);
    const events = parseEvents(text, { filename: file, maxDepth: deepest });
    const later = events.filter(({ type }) => type === EVENT_ID.DOCUMENT).slice(1);
    if (later.some((event) => 'explicitStart' in event && !event.explicitStart))
      throw new Failure(`${file}: kubectl ignores what follows \`...\`; begin the next document with \`---\`.`);
    const watching = schema.withTags(mapWatching((key) => twice.push(key)));
    documents = constructFromEvents(events, {
      source: text,
      filename: file,
      schema: watching,
      maxAliases: mostAliases,
    });
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`${file}${inWords(error)}; ${adviceFor(text)}.`);
  }
  if (twice.length > 0)
    throw new Failure(
      `${file}: \`${twice[0]}\` precedes a \`<<\` that also has it: kubectl uses the value of \`<<\`, other readers do not; put \`<<\` first in its map.`,
    );
  for (const document of documents) {
    if (isTooLarge(document)) {
      throw new Failure(
        `${file}: a document is too large when its aliases are expanded (more than ${mostNodes} values or ${deepest} levels); split it, or write out the aliased values.`,
      );
    }
  }
  return documents;
}

/** One document, quoted so that every reader takes text for text. */
export function writeYaml(document: unknown): string {
  return dump(document, { lineWidth: -1, noRefs: true, schema: written });
}

/** Some characters are line breaks to kubectl alone, and would hide what follows them; it refuses others. */
function assertAlike(text: string, file: string): void {
  const at = unlike.exec(text)?.index;
  if (at === undefined) return;
  const code = text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, '0');
  throw new Failure(
    `${file}:${text.slice(0, at).split('\n').length}: kubectl does not read the character U+${code} as others do; write it as an escape in double quotes, or remove it.`,
  );
}

function inWords(error: unknown): string {
  if (error instanceof YAMLException) {
    const { reason, mark } = error;
    return mark ? `:${mark.line + 1}:${mark.column + 1}: ${reason}` : `: ${reason}`;
  }
  return `: it cannot be read as YAML: ${(error as Error).message}`;
}

/** Templates of charts look like YAML, and are none. */
function adviceFor(text: string): string {
  if (!text.includes('{{')) return 'fix it';
  return 'fix it, or if it is a template of a Helm chart, render it first, for example with `helm template`';
}

/** Aliases share what they stand for, so that ten lines can stand for billions; this counts what they stand for, up to the bound. */
function isTooLarge(document: unknown): boolean {
  let left = mostNodes;
  let characters = mostCharacters;
  const exceeds = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') characters -= value.length;
    if (--left < 0 || characters < 0 || depth > deepest) return true;
    if (typeof value !== 'object' || value === null) return false;
    return Object.values(value).some((one) => exceeds(one, depth + 1));
  };
  return exceeds(document, 0);
}
