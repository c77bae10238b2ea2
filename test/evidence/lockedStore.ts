/** An object store in memory, with versions, locks and holds as S3 has them, and a place for faults. */
import { Readable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { StoreError, type ObjectStore, type Retention } from '../../operator/connect/objectStore/types.ts';
import { sha256 } from '../../operator/lib/digest.ts';

interface Version {
  readonly versionId: string;
  readonly body: Buffer;
  readonly retention?: Retention;
  isHeld: boolean;
}

export class LockedStore implements ObjectStore {
  readonly objects = new Map<string, Version[]>();
  /** What was done, in order. */
  readonly log: string[] = [];
  now: Date;
  isClosed = false;
  /** Keys whose deletion without a version left a marker. */
  readonly marked = new Set<string>();
  /** Called before each write; may throw. */
  fault: (what: string) => void = () => undefined;
  #versions = 0;

  constructor(now: Date) {
    this.now = now;
  }

  put: ObjectStore['put'] = (key, body, { ifAbsent, retention }) =>
    this.#write(`put ${key}`, () => {
      const versions = this.objects.get(key) ?? [];
      if (ifAbsent && versions.length > 0) throw new StoreError('Exists', `${key} exists`);
      const bytes = body instanceof Uint8Array ? Buffer.from(body) : readFileSync(body.path);
      const version = {
        versionId: `v${++this.#versions}`,
        body: bytes,
        isHeld: false,
        ...(retention && { retention }),
      };
      this.objects.set(key, [version, ...versions]);
      return { key, size: bytes.length, sha256: sha256(bytes), versionId: version.versionId, uri: `memory:${key}` };
    });

  get: ObjectStore['get'] = (key, { versionId }) => Promise.resolve(this.#version(key, versionId)?.body);

  stream: ObjectStore['stream'] = (key) => {
    const body = this.objects.get(key)?.[0]?.body;
    return Promise.resolve(body && Readable.from([body]));
  };

  head: ObjectStore['head'] = (key, { versionId }) => {
    const found = this.#version(key, versionId);
    if (!found) return Promise.resolve(undefined);
    const { body, isHeld, retention } = found;
    return Promise.resolve({
      size: body.length,
      sha256: sha256(body),
      versionId: found.versionId,
      isHeld,
      ...(retention && { retention }),
    });
  };

  async *list(prefix: string): AsyncIterable<{ key: string; size: number }> {
    for (const key of [...this.objects.keys()].sort())
      if (key.startsWith(prefix) && !this.marked.has(key))
        yield await Promise.resolve({ key, size: this.objects.get(key)![0]!.body.length });
  }

  remove: ObjectStore['remove'] = (key, versionId) =>
    this.#write(`remove ${key}`, () => {
      const versions = this.objects.get(key) ?? [];
      const found = versions.find((one) => one.versionId === versionId);
      if (!found) throw new StoreError('NotFound', `${key} has no version ${versionId}`);
      if (found.isHeld || (found.retention && found.retention.until > this.now))
        throw new StoreError('Denied', `${key} is locked`);
      const left = versions.filter((one) => one !== found);
      if (left.length > 0) this.objects.set(key, left);
      else this.objects.delete(key);
    });

  hold: ObjectStore['hold'] = (key, _, on) =>
    this.#write(`hold ${key}`, () => {
      this.objects.get(key)![0]!.isHeld = on;
    });

  close(): void {
    this.isClosed = true;
  }

  #version(key: string, versionId: string | undefined): Version | undefined {
    const versions = this.objects.get(key) ?? [];
    if (versionId === undefined && this.marked.has(key)) return undefined;
    return versionId === undefined ? versions[0] : versions.find((one) => one.versionId === versionId);
  }

  #write<T>(what: string, act: () => T): Promise<T> {
    return Promise.resolve().then(() => {
      this.fault(what);
      const result = act();
      this.log.push(what);
      return result;
    });
  }
}
