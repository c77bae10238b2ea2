/** Names and addresses of hosts as pseudonyms, which are the same in all files of one bundle, and in no other. Pure. */
import { ipOf } from '../../../lib/ipAddress.ts';

/** They say nothing of a network. */
const general = new Set(['0.0.0.0', '127.0.0.1', '::', '::1']);
const address = /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w.:]*\w:)(?![\w])/gi;
/** A name, or several joined by dots: `rhel9.web-01`, `web-01.example.com`. */
const word = /[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[A-Za-z0-9]/g;

export class Pseudonyms {
  readonly #names = new Map<string, string>();
  readonly #addresses = new Map<string, string>();

  /** A name to be replaced. An address is replaced as one. */
  add(name: string | undefined): void {
    const key = name?.toLowerCase();
    if (!key || ipOf(key) || this.#names.has(key)) return;
    this.#names.set(key, `host-${this.#names.size + 1}`);
  }

  replace(text: string): string {
    const named = this.#names.size ? text.replace(word, (found) => this.#withoutNames(found)) : text;
    return named.replace(address, (found) => (ipOf(found) && !general.has(found) ? this.#addressFor(found) : found));
  }

  #addressFor(found: string): string {
    const key = found.toLowerCase();
    const known = this.#addresses.get(key) ?? `address-${this.#addresses.size + 1}`;
    this.#addresses.set(key, known);
    return known;
  }

  /** The longest run of parts that is a name goes first: `web-01.example.com` before `web-01`. */
  #withoutNames(found: string): string {
    const parts = found.split('.');
    for (let length = parts.length; length > 0; length--)
      for (let from = 0; from + length <= parts.length; from++) {
        const pseudonym = this.#names.get(
          parts
            .slice(from, from + length)
            .join('.')
            .toLowerCase(),
        );
        if (!pseudonym) continue;
        const before = parts.slice(0, from).join('.');
        const after = parts.slice(from + length).join('.');
        return [before && this.#withoutNames(before), pseudonym, after && this.#withoutNames(after)]
          .filter(Boolean)
          .join('.');
      }
    return found;
  }
}
