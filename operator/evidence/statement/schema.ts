/** JSON Schemas of what is signed. Fields that a later version adds are allowed, except where a name or a digest is all there is. Pure. */
import { DISPOSITION_PREDICATE, KEYS_PREDICATE, MOST_SUBJECTS, PACK_PREDICATE, STATEMENT_TYPE } from './types.ts';

const sections = ['Evidence', 'Policy', 'Slo', 'Dora', 'Cost'];
const text = { type: 'string', minLength: 1, maxLength: 1024 };
const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$' };
const fileName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' };
const time = { type: 'string', format: 'date-time', pattern: 'Z$' };
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const number = { ...count, minimum: 1 };
const hint = { type: 'string', pattern: '^[A-Za-z0-9+/]{43}=$' };

function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  return { type: 'object', required: Object.keys(properties).filter((one) => !optional.includes(one)), properties };
}

function list(items: object, most: number) {
  return { type: 'array', maxItems: most, items };
}

const sha256 = {
  ...object({ sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
  additionalProperties: false,
};
const missing = list(object({ what: text, reason: text }), 100_000);
const previous = object({ sequence: number, digest: sha256 });
const place = { store: object({ namespace: name, name }), cluster: object({ id: text }) };

function statement(predicateType: string, predicate: object, subjectName: object = fileName) {
  const subject = { ...object({ name: subjectName, digest: sha256 }), additionalProperties: false };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...object({
      _type: { const: STATEMENT_TYPE },
      subject: { ...list(subject, MOST_SUBJECTS), minItems: 1 },
      predicateType: { const: predicateType },
      predicate,
    }),
    additionalProperties: false,
  };
}

const file = object(
  {
    name: fileName,
    section: { enum: sections },
    mediaType: text,
    size: count,
    digest: sha256,
    status: { enum: ['complete', 'partial', 'failed'] },
    records: count,
    missing,
  },
  ['missing'],
);

export const packSchema = statement(
  PACK_PREDICATE,
  object(
    {
      pack: object({ namespace: name, name, uid: text }),
      ...place,
      collector: object({ name: { const: 'holdfast' }, version: text }),
      sequence: number,
      previous,
      skipped: { ...list(object({ sequence: number, digest: sha256, reason: text }), 20), minItems: 1 },
      period: object({ start: time, end: time }),
      time,
      schedule: object({ cron: text, timeZone: text, seconds: number }),
      folder: { type: 'string', pattern: '^\\d{8,15}-[0-9a-f]{12}$' },
      files: { ...list(file, MOST_SUBJECTS), minItems: 1 },
      completeness: object({
        complete: { type: 'boolean' },
        expected: list({ enum: sections }, sections.length),
        missing,
      }),
      journal: object({ first: number, last: number, entries: count, digest: sha256 }),
      key: object({ hint, manifest: number }, ['manifest']),
      retention: object({ class: text, until: time, mode: { enum: ['Governance', 'Compliance', 'None'] } }, ['until']),
    },
    ['previous', 'skipped', 'schedule', 'journal'],
  ),
);

const listedKey = object(
  {
    hint,
    publicKey: { type: 'string', pattern: '^-----BEGIN PUBLIC KEY-----\\n', maxLength: 1024 },
    validFrom: time,
    validUntil: time,
    revokedTime: time,
    reason: text,
  },
  ['validUntil', 'revokedTime', 'reason'],
);

export const keysSchema = statement(
  KEYS_PREDICATE,
  object(
    {
      ...place,
      sequence: number,
      previous,
      skipped: { ...list(number, MOST_SUBJECTS), minItems: 1 },
      time,
      keys: { ...list(listedKey, MOST_SUBJECTS), minItems: 1 },
    },
    ['previous', 'skipped'],
  ),
);

/** Below the root of the store, as `packs/nightly/00000001.sigstore.json`. */
const key = { type: 'string', pattern: '^(packs|journal)(/[A-Za-z0-9][A-Za-z0-9._-]{0,252}){1,3}$' };
const disposed = object({ sequence: number, digest: sha256, class: text, basis: text, retainedUntil: time });

export const dispositionSchema = statement(
  DISPOSITION_PREDICATE,
  object(
    {
      chain: object({ kind: { enum: ['Pack', 'Journal'] }, name }, ['name']),
      ...place,
      from: number,
      to: number,
      anchor: previous,
      previous: object({ to: number, digest: sha256 }),
      disposed: { ...list(disposed, MOST_SUBJECTS), minItems: 1 },
      time,
      collector: object({ name: { const: 'holdfast' }, version: text }),
      key: object({ hint, manifest: number }, ['manifest']),
    },
    ['previous'],
  ),
  key,
);
