/** Which kinds the apiserver has, asked when they are needed and remembered for a minute; that a kind is absent, for five seconds. */
import type { Client } from './client.ts';
import type { Clock } from './clock.ts';
import type { Kind } from '../api/kind.ts';

interface ResourceList {
  readonly resources?: readonly { name: string; kind: string; namespaced: boolean }[];
}
interface Group {
  readonly preferredVersion?: { readonly version?: string };
}
interface Known {
  readonly kind: Promise<Kind | undefined>;
  readonly until: number;
}

const KNOWN_MILLISECONDS = 60_000;
const ABSENT_MILLISECONDS = 5000;
const segment = /^[A-Za-z0-9][-A-Za-z0-9.]*$/;

export class Discovery {
  readonly #client: Pick<Client, 'document'>;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  /** One object a kind, so that what is kept by kind stays when it is asked for again. */
  readonly #kinds = new Map<string, Kind>();

  constructor(client: Pick<Client, 'document'>, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** `version` is empty for the one that the apiserver prefers. Throws when it does not answer. */
  async kindOf(group: string, version: string, kind: string): Promise<Kind | undefined> {
    const id = `${group}/${version}/${kind}`;
    const known = this.#known.get(id);
    if (known && known.until > this.#clock.elapsed()) return known.kind;
    const asked = this.#ask(group, version, kind);
    this.#remember(id, asked, KNOWN_MILLISECONDS);
    const found = await asked.catch((error: unknown) => {
      this.#known.delete(id);
      throw error;
    });
    if (!found) this.#remember(id, asked, ABSENT_MILLISECONDS);
    return found;
  }

  /** The OpenAPI v3 document of a group and version. Not remembered: it may have megabytes. */
  openApi(group: string, version: string): Promise<unknown> {
    if (!isPath(group, version)) return Promise.resolve(undefined);
    return this.#client.document(`/openapi/v3/${root(group, version)}`);
  }

  #remember(id: string, kind: Promise<Kind | undefined>, milliseconds: number): void {
    this.#known.set(id, { kind, until: this.#clock.elapsed() + milliseconds });
  }

  async #ask(group: string, version: string, kind: string): Promise<Kind | undefined> {
    if (!isPath(group, version || 'v1')) return undefined;
    const asked = version || (await this.#preferred(group));
    if (!asked) return undefined;
    const list = await this.#client.document<ResourceList>(`/${root(group, asked)}`);
    const found = list?.resources?.find((resource) => resource.kind === kind && !resource.name.includes('/'));
    if (!found) return undefined;
    const id = `${group}/${asked}/${kind}/${found.name}/${found.namespaced}`;
    const whole = this.#kinds.get(id) ?? {
      group,
      version: asked,
      kind,
      plural: found.name,
      namespaced: found.namespaced,
    };
    this.#kinds.set(id, whole);
    return whole;
  }

  async #preferred(group: string): Promise<string | undefined> {
    if (group === '') return 'v1';
    return (await this.#client.document<Group>(`/apis/${group}`))?.preferredVersion?.version;
  }
}

function root(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function isPath(group: string, version: string): boolean {
  return (group === '' || segment.test(group)) && segment.test(version);
}
