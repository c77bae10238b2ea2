/** Parts of objects, of values of the chart and of configuration that pages show: each name of a field in them is one that there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { schemas } from '../../operator/api/generated/schemas.ts';
import { blocksOf, type Block } from './blocks.ts';
import { root } from './pages.ts';

interface Node {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
}

const values = JSON.parse(readFileSync(join(root, 'charts/holdfast/values.schema.json'), 'utf8')) as Node;
/** All that have fields, of all kinds and of the chart. */
const nodes = [...(Object.values(schemas) as Node[]), values].flatMap((schema) => [...within(schema)]);

function* within(node: Node): Generator<Node> {
  if (node.properties) yield node;
  const { properties = {}, additionalProperties, items } = node;
  for (const inner of [...Object.values(properties), additionalProperties, items])
    if (typeof inner === 'object') yield* within(inner);
}

/** Blocks `yaml` that are no complete objects. */
export function fragmentsIn(page: string, text: string): Block[] {
  return blocksOf(page, text).filter(({ language, text: yaml }) => language === 'yaml' && !/^apiVersion:/m.test(yaml));
}

/** Whether it is a part of something that there is; the keys of configuration are names. */
export function isPart({ text }: Pick<Block, 'text'>): boolean {
  return loadAll(text).every((value) => value === undefined || value === null || isKnown(value) || isNamed(value));
}

function isKnown(value: unknown): boolean {
  return nodes.some((node) => fits(node, value));
}

function isNamed(value: unknown): boolean {
  return Object.values(value as object).every((one) => isMap(one) && isKnown(one));
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fits(node: Node, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => !node.items || fits(node.items, item));
  if (typeof value !== 'object' || value === null) return !node.properties;
  const { type = 'object', properties, additionalProperties } = node;
  if (![type].flat().includes('object')) return false;
  return Object.entries(value).every(([key, inner]) => {
    const known = properties?.[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return known ? fits(known, inner) : !properties;
  });
}
