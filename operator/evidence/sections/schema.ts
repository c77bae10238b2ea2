/** JSON Schema of sections, in few words. All is strict: an object has no other members than those that are named. Pure. */

export interface JsonSchema {
  readonly [word: string]: unknown;
}

/** Members whose name ends in `?` may be missing. */
export function object(description: string, members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(members);
  return {
    type: 'object',
    description,
    additionalProperties: false,
    required: names.filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), members[name]])),
  };
}

export function list(description: string, items: JsonSchema): JsonSchema {
  return { type: 'array', description, items };
}

export function text(description: string): JsonSchema {
  return { type: 'string', description };
}

export function time(description: string): JsonSchema {
  return { type: 'string', format: 'date-time', description };
}

export function count(description: string): JsonSchema {
  return { type: 'integer', minimum: 0, description };
}

export function number(description: string): JsonSchema {
  return { type: 'number', description };
}

export function truth(description: string): JsonSchema {
  return { type: 'boolean', description };
}

export function oneOf(description: string, values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values, description };
}

/** What every section begins with. */
export function sectionSchema(
  { name, description }: { readonly name: string; readonly description: string },
  members: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const whole = object(description, {
    $schema: { const: schemaUri(name), description: 'The schema of this file.' },
    cluster: object('The cluster.', { id: text('Uid of its namespace kube-system.') }),
    missing: list(
      'What this section should contain and does not. It is partial then.',
      object('One thing that is missing.', {
        what: text('What, such as `Device db-01`.'),
        reason: text('Why.'),
      }),
    ),
    namespace: text('The namespace that it is about.'),
    period: object('The period: from `start`, before `end`.', {
      start: time('When it starts.'),
      end: time('When it ends.'),
    }),
    section: { const: name, description: 'The name of the section.' },
    time: time('When the state of the cluster was read.'),
    ...members,
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaUri(name),
    title: `${name} section`,
    ...whole,
  };
}

export function schemaUri(name: string): string {
  return `https://holdfast.dev/schemas/evidence/${name.toLowerCase()}.v1.json`;
}
