/** What of a spool is not in the store, as far as this disk knows. */
import type { Spool } from '../../connect/spool/spool.ts';
import { noHead, type Head } from './head.ts';
import { numberOf } from './segment.ts';

export const uploadedFile = 'uploaded.json';
export const openSuffix = '.open';

/** Which segment was stored last, as far as this disk knows. */
export function uploadedIn(spool: Spool): Head {
  try {
    return JSON.parse(spool.read(uploadedFile).toString()) as Head;
  } catch {
    return noHead;
  }
}

/** Those that are not in the store, with whatever of them is sound. */
export function unsentIn(spool: Spool): { name: string; number: number }[] {
  const { number: stored } = uploadedIn(spool);
  return spool.names().flatMap((name) => {
    const number = numberOf(name.replace(openSuffix, ''));
    return number !== undefined && number > stored ? [{ name, number }] : [];
  });
}
