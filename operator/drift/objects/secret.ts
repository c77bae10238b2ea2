/** What is peculiar to Secrets and to aggregated ClusterRoles. Pure. */
import { isObject } from './known.ts';
import type { Members } from './walk.ts';

export function isSecret({ apiVersion, kind }: Members): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

/** A Secret's template with `stringData` as the apiserver stores it: within `data`, where it wins. Others as they are. */
export function asStored(template: Members): Members {
  if (!isSecret(template) || !isObject(template['stringData'])) return template;
  const { stringData, data, ...rest } = template;
  const encoded = Object.entries(stringData).map(([key, text]): [string, unknown] => [key, encodedIn64(text)]);
  return { ...rest, data: { ...(isObject(data) && data), ...Object.fromEntries(encoded) } };
}

function encodedIn64(text: unknown): unknown {
  return typeof text === 'string' ? Buffer.from(text, 'utf8').toString('base64') : text;
}

/** The rules of a live ClusterRole with an aggregation rule are those of a controller, whatever anybody declares. */
export function hasAggregatedRules({ kind, aggregationRule }: Members): boolean {
  return kind === 'ClusterRole' && isObject(aggregationRule);
}
