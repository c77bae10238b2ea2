/** A statement, read strictly from the bytes that were signed. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { sha256 } from '../../lib/digest.ts';
import { rfc8785, rfc8785Bytes } from '../../lib/rfc8785.ts';
import { strictJson } from '../../lib/strictJson.ts';
import { contentFolder, keyFileName, reaches } from '../statement/names.ts';
import { dispositionSchema, keysSchema, packSchema } from '../statement/schema.ts';
import {
  DISPOSITION_PREDICATE,
  KEYS_PREDICATE,
  PACK_PREDICATE,
  STATEMENT_TYPE,
  type DispositionStatement,
  type KeysStatement,
  type PackStatement,
} from '../statement/types.ts';
import { Refusal, shown } from './verdict.ts';

const ajv = new Ajv2020({ strictTypes: false, formats: { 'date-time': isTime } });
const validate = {
  [PACK_PREDICATE]: ajv.compile(packSchema),
  [KEYS_PREDICATE]: ajv.compile(keysSchema),
  [DISPOSITION_PREDICATE]: ajv.compile(dispositionSchema),
} as const;

/** RFC 3339 in UTC, of a day that there is. */
function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Throws a `Refusal`. */
export function packIn(payload: Buffer): PackStatement {
  const statement = statementIn(payload, PACK_PREDICATE) as PackStatement;
  const { subject, predicate } = statement;
  const { files, sequence, previous, skipped = [], folder } = predicate;
  const listed = files.map(({ name, digest }) => ({ name, digest }));
  if (rfc8785(subject) !== rfc8785(listed)) throw new Refusal('its subjects are not the files of its predicate');
  assertSorted(subject.map(({ name }) => name));
  if (folder !== contentFolder(sequence, files)) throw new Refusal(`its directory ${folder} is not that of its files`);
  assertPrevious(
    sequence,
    previous?.sequence,
    skipped.map((one) => one.sequence),
  );
  return statement;
}

/** Throws a `Refusal`. */
export function keysIn(payload: Buffer): KeysStatement {
  const statement = statementIn(payload, KEYS_PREDICATE) as KeysStatement;
  const { subject, predicate } = statement;
  const { keys, sequence, previous, skipped } = predicate;
  assertSorted(subject.map(({ name }) => name));
  const listed = keys.map(({ hint, publicKey }) => `${keyFileName(hint)} ${sha256(publicKey)}`);
  if (subject.map(({ name, digest }) => `${name} ${digest.sha256}`).join() !== listed.toSorted().join())
    throw new Refusal('its subjects are not the keys of its predicate');
  assertPrevious(sequence, previous?.sequence, skipped);
  return statement;
}

/** Throws a `Refusal`. Whether it is of this chain, and complete, is decided by `anchorOf`. */
export function dispositionIn(payload: Buffer): DispositionStatement {
  const statement = statementIn(payload, DISPOSITION_PREDICATE) as DispositionStatement;
  assertSorted(statement.subject.map(({ name }) => name));
  return statement;
}

function statementIn(payload: Buffer, type: keyof typeof validate): unknown {
  const value = parsed(payload);
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (given['_type'] !== STATEMENT_TYPE)
    throw new Refusal(`its \`_type\` is ${shown(given['_type'])}, not ${STATEMENT_TYPE}`);
  if (given['predicateType'] !== type)
    throw new Refusal(`its \`predicateType\` is ${shown(given['predicateType'])}, not ${type}`);
  const check: ValidateFunction = validate[type];
  if (!check(value)) throw new Refusal(`its statement is invalid: ${problemIn(check.errors)}`);
  if (!isCanonical(value, payload)) throw new Refusal('its statement is not JSON as RFC 8785 writes it');
  return value;
}

function isCanonical(value: unknown, payload: Buffer): boolean {
  try {
    return rfc8785Bytes(value).equals(payload);
  } catch {
    return false;
  }
}

function parsed(payload: Buffer): unknown {
  try {
    return strictJson(payload);
  } catch (error) {
    throw new Refusal(`its statement ${(error as Error).message}`, { cause: error });
  }
}

function problemIn(errors: readonly ErrorObject[] | null | undefined): string {
  const [{ instancePath = '', message = 'is invalid', params } = {} as ErrorObject] = errors ?? [];
  const extra = (params as { additionalProperty?: string } | undefined)?.additionalProperty;
  const place = instancePath === '' ? 'it' : shown(instancePath.slice(1).replaceAll('/', '.'));
  return `${place} ${message}${extra === undefined ? '' : ` (${shown(extra)})`}`;
}

function assertSorted(names: readonly string[]): void {
  const wrong = names.findIndex((name, index) => index > 0 && name <= (names[index - 1] ?? ''));
  if (wrong > 0) throw new Refusal(`its subjects are not in order, or ${shown(names[wrong])} is there twice`);
}

/** Each number between them is said to be of another writer. */
function assertPrevious(sequence: number, previous = 0, skipped: readonly number[] = []): void {
  if (!reaches(sequence, previous, skipped))
    throw new Refusal(`it is number ${sequence}, and says that it follows ${previous}`);
}
