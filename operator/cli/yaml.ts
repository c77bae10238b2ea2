/**
 * Reads and writes YAML as kubectl and the apiserver understand it, which is YAML 1.1 with a few exceptions: `0644` is octal, `yes` is
 * true, `2024-01-01` and `1:30` are text. Nothing that is read can be larger than what was written: aliases are bounded.
 */
import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  DUMP_SCHEMA,
  dump,
  intCoreTag,
  intYaml11Tag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from 'js-yaml';
import { Failure } from './command.ts';

const deepest = 100;
const mostNodes = 500_000;
const mostAliases = 10_000;
const mostCharacters = 64 * 2 ** 20;

/** Whole numbers; those that JavaScript cannot hold exactly are of type bigint. */
const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve: (source) => {
    const plain = source.replaceAll('_', '');
    const match = /^([-+]?)(0b[01]+|0o[0-7]+|0x[0-9a-fA-F]+|0[0-7]+|0|[1-9][0-9]*)$/.exec(plain);
    if (!match) return NOT_RESOLVED;
    const digits = (match[2] ?? '').replace(/^0(?=[0-7])/, '0o');
    const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  },
  identify: () => false,
});

const schema = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag, intTag);
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
  try {
    documents = loadAll(text, { filename: file, schema, maxDepth: deepest, maxAliases: mostAliases });
  } catch (error) {
    throw new Failure(`${file}${inWords(error)}; ${adviceFor(text)}.`);
  }
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
