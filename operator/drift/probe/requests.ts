/** What is asked of a host, as the script reads it. Equal requests of several checks are asked once. Pure. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { declarationOf } from '../checks/declaration.ts';

const separator = '\x1f';
/** The facts are always asked, as request 0. */
export const factsIndex = 0;

export interface Requests {
  /** Standard input of the script. */
  readonly input: string;
  /** How many answers are due. */
  readonly count: number;
  /** For each check that was asked, in its order, the index of its answer; or why it cannot be asked. */
  readonly places: readonly (number | string)[];
}

export function requestsFor(checks: readonly DeviceCheck[], nonce: string): Requests {
  const places: (number | string)[] = [];
  const known = new Map<string, number>();
  const blocks = new Map<string, string[]>([['facts', [`${factsIndex}`]]]);
  for (const check of checks) {
    const { type, declared } = declarationOf(check);
    const request = type.request(declared);
    const line = [type.key, ...request].join(separator);
    // eslint-disable-next-line no-control-regex -- the separator, and what would end a line early
    if (request.some((argument) => /[\x00-\x1f\x7f]/.test(argument))) {
      places.push('the declaration has a control character; remove it');
      continue;
    }
    let index = known.get(line);
    if (index === undefined) {
      index = known.size + 1;
      known.set(line, index);
      const block = blocks.get(type.key) ?? [];
      block.push([`${index}`, ...request].join(separator));
      blocks.set(type.key, block);
    }
    places.push(index);
  }
  const lines = [...blocks].flatMap(([key, block]) => [`${key}${separator}${block.length}`, ...block]);
  const input = [`BEGIN${separator}${nonce}`, ...lines, `END${separator}${nonce}`, ''].join('\n');
  return { input, count: known.size + 1, places };
}
