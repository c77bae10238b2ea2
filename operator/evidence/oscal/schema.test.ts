/** OSCAL documents are valid by the JSON Schema that NIST publishes. */
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oscalDocuments } from '../../../test/builders/oscal.ts';
import { setUp } from '../../../test/cluster/setUp.ts';

const formats = {
  'date-time': true,
  email: /@/,
  uri: { validate: (text: string) => URL.canParse(text) },
  'uri-reference': { validate: (text: string) => URL.canParse(text, 'https://example.com/') },
} as const;

test('each document of each framework is valid, and one with a field of its own is not', async () => {
  const schema = JSON.parse(readFileSync(join(await setUp('oscal'), 'complete_schema.json'), 'utf8')) as object;
  const validate = new Ajv({ strict: false, allErrors: true, formats }).compile(schema);
  const documents = await oscalDocuments();
  expect(documents.length).toBeGreaterThan(5);
  for (const { document } of documents) {
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  }
  const [first] = documents;
  const [name, content] = Object.entries(first!.document as Record<string, object>)[0]!;
  expect(validate({ [name]: { ...content, waived: true } })).toBe(false);
  expect(validate({ [name]: { ...content, 'back-matter': { resources: [] } } })).toBe(false);
});
