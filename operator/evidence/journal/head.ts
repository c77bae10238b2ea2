/** Where a journal ends. Pure. */
import { lastSequence, type Segment } from './segment.ts';

export interface Head {
  /** Of the last closed segment; 0 where there is none. */
  readonly number: number;
  /** SHA-256 of its bytes; empty where there is none. */
  readonly digest: string;
  readonly size: number;
  /** Of the last entry. */
  readonly sequence: number;
}

export const noHead: Head = { number: 0, digest: '', size: 0, sequence: 0 };

export function headOf(segment: Segment, size: number): Head {
  return { number: segment.header.number, digest: segment.digest, size, sequence: lastSequence(segment) };
}
