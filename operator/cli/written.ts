/** Objects for programs, and their names as kubectl takes them. JSON and YAML escape control characters themselves. Pure. */
import type { Kind } from '../api/kind.ts';
import { writeYaml } from './yaml.ts';

export function written(object: object, output: 'json' | 'yaml'): string {
  // What is undefined is absent from both.
  const json = JSON.stringify(object, undefined, 2);
  return output === 'json' ? `${json}\n` : writeYaml(JSON.parse(json) as object);
}

/** A line for each, such as `device.holdfast.dev/web-01`. */
export function namesText(
  objects: readonly { readonly kind: Pick<Kind, 'kind' | 'group'>; readonly name: string }[],
): string {
  return objects.map(({ kind: { kind, group }, name }) => `${kind.toLowerCase()}.${group}/${name}\n`).join('');
}
