/** What collectors write to: every text is redacted on its way, and what is in the bundle and what is missing is recorded. */
import { shortened } from '../../../lib/text.ts';
import { jsonOf } from '../../../lib/json.ts';
import type { Archive } from './archive.ts';
import { redacted, type Rewrite } from './secretValues.ts';
import { withoutSecrets } from '../../../lib/secretText.ts';
import { unread } from '../unread.ts';

/** In bytes or characters; what is beyond is cut, and the manifest says so. */
export const limits = {
  object: 1 * 2 ** 20,
  /** All objects of a kind. */
  kind: 64 * 2 ** 20,
  /** The end of the log of one container. */
  log: 4 * 2 ** 20,
};

export interface Missing {
  /** Such as `devices.holdfast.dev in all namespaces`. */
  readonly what: string;
  readonly cause: 'Forbidden' | 'TimedOut' | 'NoResponse' | 'Error' | 'Cut';
  readonly why: string;
}

export class Bundle {
  readonly files: { readonly path: string; readonly bytes: number; readonly objects?: number }[] = [];
  readonly missing: Missing[] = [];
  /** What was read, and how many there are: none is an answer too. */
  readonly collected: { readonly what: string; readonly objects: number }[] = [];
  readonly #archive: Pick<Archive, 'add'>;
  readonly #rewrite: Rewrite;

  constructor(to: Pick<Archive, 'add'>, rewrite: Rewrite) {
    this.#archive = to;
    this.#rewrite = rewrite;
  }

  /** Objects as a List, which kubectl and jq read. Returns how many bytes they have. */
  async addList(path: string, items: readonly object[]): Promise<number> {
    const texts = items.map((item) => this.#objectText(item));
    const text = `{"apiVersion":"v1","kind":"List","items":[\n${texts.join(',\n')}\n]}\n`;
    await this.#add(path, text, items.length);
    return text.length;
  }

  async addJson(path: string, value: unknown): Promise<void> {
    await this.#add(path, `${JSON.stringify(redacted(value, this.#rewrite), undefined, 2)}\n`);
  }

  async addText(path: string, text: string): Promise<void> {
    await this.#add(path, this.#rewrite(withoutSecrets(text)));
  }

  cut(what: string, why: string): void {
    this.missing.push({ what, cause: 'Cut', why });
  }

  /** Records what could not be read; whatever it was, the rest is collected. */
  async attempt(what: string, collect: () => Promise<void>): Promise<void> {
    try {
      await collect();
    } catch (error) {
      if (error instanceof WriteError) throw error;
      this.lack(what, error);
    }
  }

  lack(what: string, error: unknown, more = ''): void {
    const { cause, message } = unread(error);
    this.missing.push({ what, cause, why: `${this.#rewrite(withoutSecrets(message))}${more}` });
  }

  #objectText(item: object): string {
    const text = jsonOf(redacted(item, this.#rewrite)) ?? '{}';
    if (text.length <= limits.object) return text;
    const { apiVersion, kind, metadata } = item as { apiVersion?: string; kind?: string; metadata?: Named };
    const { namespace = '', name = '' } = metadata ?? {};
    this.cut(this.#rewrite(`${kind} ${namespace && `${namespace}/`}${name}`), `it has ${text.length} characters`);
    return JSON.stringify(redacted({ apiVersion, kind, metadata: { namespace, name } }, this.#rewrite));
  }

  async #add(path: string, text: string, objects?: number): Promise<void> {
    await this.#archive.add(path, text).catch((error: unknown) => {
      throw new WriteError(shortened((error as Error).message, 200), { cause: error });
    });
    this.files.push({ path, bytes: Buffer.byteLength(text), ...(objects !== undefined && { objects }) });
  }
}

interface Named {
  readonly namespace?: string;
  readonly name?: string;
}

/** The file cannot be written: nothing else can be done. */
export class WriteError extends Error {}
