/** Examples out of the samples that come with this plugin: the field, and what is around it to find it. Pure. */
import { writeYaml } from '../yaml.ts';
import type { FieldSchema } from './kinds.ts';

export interface Sample {
  readonly file: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const mostLines = 16;

/** Of the first sample that has the field; undefined when none has. */
export function exampleOf(
  schema: FieldSchema,
  steps: readonly string[],
  samples: readonly Sample[],
): { readonly file: string; readonly lines: readonly string[] } | undefined {
  for (const { file, document } of samples) {
    const cut = steps.length === 0 ? document : along(schema, document, steps);
    if (cut === undefined) continue;
    const lines = writeYaml(cut).trimEnd().split('\n');
    const rest = lines.length - mostLines;
    return { file, lines: rest > 0 ? [...lines.slice(0, mostLines), `# and ${rest} more lines`] : lines };
  }
  return undefined;
}

/** The value with nothing in it but the path; an item of a list keeps the keys by which it is told from others. */
function along(schema: FieldSchema, value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const keys = schema['x-kubernetes-list-map-keys'] ?? [];
    for (const item of value as unknown[]) {
      const cut = along(schema.items ?? {}, item, [step, ...rest]);
      if (cut === undefined) continue;
      const kept = Object.fromEntries(keys.flatMap((key) => (isMap(item) && key in item ? [[key, item[key]]] : [])));
      return [isMap(cut) ? { ...kept, ...cut } : cut];
    }
    return undefined;
  }
  if (!isMap(value)) return undefined;
  if (schema.properties) {
    if (!Object.hasOwn(value, step)) return undefined;
    const cut = along(schema.properties[step] ?? {}, value[step], rest);
    return cut === undefined ? undefined : { [step]: cut };
  }
  // A map: any of its entries.
  const below = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  for (const [key, one] of Object.entries(value)) {
    const cut = along(below, one, [step, ...rest]);
    if (cut !== undefined) return { [key]: cut };
  }
  return undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
