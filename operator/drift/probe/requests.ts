/** What is asked of a host, as the script reads it. Equal requests of several checks are asked once. Pure. */
import type { DeviceCheck } from '../../api/v1alpha1/deviceCheck.ts';
import { declarationOf } from '../checks/declaration.ts';

const separator = '\x1f';
/** With the count of its type, and the ends of lines. */
const longestIndex = 32;
/**
 * Bytes of all requests of a host, five times what its largest profiles take. Hundreds of hosts are asked at once, each with a file of its own in
 * the memory that all namespaces share.
 */
export const mostBytes = 256 * 1024;
/** The facts are always asked, as request 0. */
export const factsIndex = 0;

/** What the answer must fit. */
export interface Asked {
  readonly nonce: string;
  /** Requests, the facts included. */
  readonly requests: number;
  /** Types of requests, the facts included. */
  readonly types: number;
}

export interface Requests {
  /** Standard input of the script. */
  readonly input: string;
  readonly asked: Asked;
  /** The types that are asked, without the facts, in their order. */
  readonly types: readonly string[];
  /** For each check, in their order, the index of its answer; or why it cannot be asked. */
  readonly places: readonly (number | string)[];
}

/** Checks are values and never changed in place: what is asked of one is found out once, not for each host. */
const requests = new WeakMap<DeviceCheck, Request | string>();

/** `nonce` makes the answer recognizable as the one to this very request: it must not occur twice. */
export function requestsFor(checks: readonly DeviceCheck[], nonce: string): Requests {
  const indexes = new Map<string, number>();
  const blocks = new Map<string, string[]>([['facts', [`${factsIndex}`]]]);
  const looks = new Map<string, Set<string>>();
  let bytes = 0;
  const places = checks.map((check): number | string => {
    const request = kept(requests, check, () => requestOf(check));
    if (typeof request === 'string') return request;
    const { key, words, shared } = request;
    const line = `${key}${words}`;
    const known = indexes.get(line);
    if (known !== undefined) return known;
    const news = shared.map(({ look, words: given }) => ({
      look,
      words: given.filter((one) => !looks.get(look)?.has(one)),
    }));
    const added = news.reduce((sum, one) => sum + bytesOf(one.words), request.bytes);
    if (bytes + added > mostBytes) return tooMany;
    bytes += added;
    const index = indexes.size + 1;
    indexes.set(line, index);
    for (const { look, words: given } of news) for (const word of given) kept(looks, look, () => new Set()).add(word);
    kept(blocks, key, () => []).push(`${index}${words}`);
    return index;
  });
  const lines = [
    ...[...looks].map(([key, words]) => `${key}${separator}${[...words].join(' ')}`),
    ...[...blocks].flatMap(([key, block]) => [`${key}${separator}${block.length}`, ...block]),
  ];
  const input = [`BEGIN${separator}${nonce}`, ...lines, `END${separator}${nonce}`, ''].join('\n');
  return {
    input,
    asked: { nonce, requests: indexes.size + 1, types: blocks.size },
    types: [...blocks.keys()].slice(1),
    places,
  };
}

/** What the map has for the key, made where it has nothing. */
function kept<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

const tooMany = `the checks of this host are too long to be asked together (more than ${mostBytes / 1024} KiB): declare fewer or shorter ones`;

interface Request {
  readonly key: string;
  /** What it adds to the requests, at most, without what it shares. */
  readonly bytes: number;
  /** Each with a separator before it. */
  readonly words: string;
  /** What must be found out before, each with these words. */
  readonly shared: readonly { readonly look: string; readonly words: readonly string[] }[];
}

function bytesOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
}

/** The request of a check, or why there is none: one check that cannot be asked must not keep the others from being asked. */
function requestOf(check: DeviceCheck): Request | string {
  try {
    const { type, declared } = declarationOf(check);
    const words = type.request(declared);
    const shared = (type.shares ?? []).map((share) => ({ look: share.look.key, words: share.words(declared) }));
    const all = [...words, ...shared.flatMap((share) => share.words)];
    if (all.some((word) => /[\x00-\x1f\x7f]/.test(word))) return 'the check contains a control character; remove it';
    return {
      key: type.key,
      bytes: bytesOf([type.key, ...words]) + longestIndex,
      words: words.map((word) => separator + word).join(''),
      shared,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
