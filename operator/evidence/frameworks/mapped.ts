/** A control that stands for controls of NIST SP 800-53. Pure. */
import type { Control } from './framework.ts';

/** `ids` are separated by blanks. */
export function mapped(id: string, title: string, ids: string): Control {
  return { id, title, mapsTo: ids.split(' ').map((one) => `NIST-800-53:${one}`) };
}
