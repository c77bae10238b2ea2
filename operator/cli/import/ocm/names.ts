/** Names of baselines and checks, made from names that others gave: valid, unique, and at most 63 characters. */
import { sha256 } from '../../../lib/digest.ts';

const longest = 63;

/** Gives each caller a name that nobody else has: the wanted one, where it is valid and free. */
export class Names {
  readonly #taken = new Set<string>();

  /** `identity` keeps the name of an item the same from one import to the next. */
  free(wanted: string, identity: string): string {
    const plain = dnsName(wanted, identity);
    const name = this.#taken.has(plain) ? this.#numbered(plain) : plain;
    this.#taken.add(name);
    return name;
  }

  #numbered(plain: string): string {
    for (let number = 2; ; number += 1) {
      const end = `-${number}`;
      const name = `${plain.slice(0, longest - end.length).replace(/-+$/, '')}${end}`;
      if (!this.#taken.has(name)) return name;
    }
  }
}

/** Lower case, digits and hyphens. A digest of the identity ends what was too long, and stands for what had no letter or digit. */
function dnsName(wanted: string, identity: string): string {
  const plain = wanted
    .replace(/\{\{.*?\}\}/gs, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const digest = sha256(identity).slice(0, 8);
  if (plain === '') return `item-${digest}`;
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 9).replace(/-+$/, '')}-${digest}`;
}
