/** An object store in a bucket of S3, or of a store that is compatible with it. */
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectLegalHoldCommand } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { assertPrefix } from './keys.ts';
import { named } from './s3Errors.ts';
import { readAtMost } from './s3Handler.ts';
import { linkS3 } from './s3Link.ts';
import { putS3 } from './s3Put.ts';
import { S3Session, type S3Options } from './s3Session.ts';
import {
  StoreError,
  type ListedObject,
  type ObjectFacts,
  type ObjectStore,
  type PutOptions,
  type Stored,
  type StoredFile,
} from './types.ts';

export function openS3(options: S3Options): ObjectStore {
  return new S3Store(new S3Session(options));
}

class S3Store implements ObjectStore {
  readonly #session: S3Session;

  constructor(session: S3Session) {
    this.#session = session;
  }

  put(key: string, body: Uint8Array | StoredFile, options: PutOptions, signal: AbortSignal): Promise<Stored> {
    return putS3(this.#session, { key, body, options }, signal);
  }

  async get(
    key: string,
    { versionId, maxBytes }: { versionId?: string; maxBytes: number },
    signal: AbortSignal,
  ): Promise<Buffer | undefined> {
    return this.#session.ask(signal, async (limited) => {
      const { Body, ContentLength = 0 } = await this.#session.open(key, versionId, limited);
      const body = Body as Readable;
      if (ContentLength <= maxBytes) return readAtMost(body, maxBytes);
      body.destroy();
      const sizes = `${ContentLength} bytes, more than the ${maxBytes} that are read at once`;
      throw new StoreError('Invalid', `${key} has ${sizes}; read it as a stream`);
    });
  }

  async stream(key: string, { versionId }: { versionId?: string }, signal: AbortSignal): Promise<Readable | undefined> {
    // The time limit of a request is for its answer to begin: how long it is read is up to whoever reads.
    const found = await this.#session.ask(signal, () => this.#session.open(key, versionId, signal));
    return found?.Body as Readable | undefined;
  }

  async head(
    key: string,
    { versionId }: { versionId?: string },
    signal: AbortSignal,
  ): Promise<ObjectFacts | undefined> {
    const found = await this.#session.head(key, versionId, signal);
    if (!found) return undefined;
    const { mark, ...facts } = found;
    void mark;
    const sha256 = facts.sha256 ?? (await this.#session.digest(key, facts.versionId, signal));
    return { ...facts, ...(sha256 !== undefined && { sha256 }) };
  }

  async *list(prefix: string, { after }: { after?: string }, signal: AbortSignal): AsyncIterable<ListedObject> {
    assertPrefix(prefix);
    const { client, options, place } = this.#session;
    const base = `${options.root}/`;
    let last = after ? base + after : '';
    for (;;) {
      const command = new ListObjectsV2Command({
        Bucket: options.bucket,
        Prefix: base + prefix,
        ...(last && { StartAfter: last }),
      });
      const page = await this.#session.ask(signal, (limited) => client.send(command, { abortSignal: limited }));
      for (const { Key = '', Size = 0 } of page?.Contents ?? []) {
        // Otherwise a list could be without end.
        if (Key <= last || !Key.startsWith(base + prefix))
          throw new StoreError('Altered', `${named(place)} lists keys out of order or elsewhere; use another store`);
        last = Key;
        yield { key: Key.slice(base.length), size: Size };
      }
      if (!page?.IsTruncated || !page.Contents?.length) return;
    }
  }

  async remove(key: string, versionId: string | undefined, signal: AbortSignal): Promise<void> {
    if (versionId === undefined) {
      const found = await this.#session.head(key, undefined, signal);
      if (!found) return;
      if (found.versionId !== undefined)
        throw new StoreError('Invalid', `${key} has versions, which stay when it is removed; say which version`);
    }
    const command = new DeleteObjectCommand(this.#session.at(key, versionId));
    await this.#session.ask(signal, (limited) => this.#session.client.send(command, { abortSignal: limited }));
  }

  async hold(key: string, versionId: string | undefined, on: boolean, signal: AbortSignal): Promise<void> {
    const { client, place } = this.#session;
    const command = new PutObjectLegalHoldCommand({
      ...this.#session.at(key, versionId),
      LegalHold: { Status: on ? 'ON' : 'OFF' },
      ChecksumAlgorithm: 'SHA256',
    });
    const done = await this.#session.ask(signal, (limited) => client.send(command, { abortSignal: limited }), true);
    if (!done) throw new StoreError('NotFound', `${key} does not exist; check its name and version`);
    const found = await this.#session.head(key, versionId, signal);
    if (found?.isHeld === on) return;
    const shown = on ? 'without' : 'with';
    throw new StoreError(
      'LockRefused',
      `${named(place)} shows ${key} ${shown} \`LegalHold\`; grant the keys s3:GetObjectLegalHold, or use another store`,
    );
  }

  link(
    key: string,
    versionId: string | undefined,
    options: { readonly seconds: number; readonly now: Date },
  ): Promise<string> {
    return linkS3(this.#session, { key, ...options, ...(versionId !== undefined && { versionId }) });
  }

  close(): void {
    this.#session.client.destroy();
  }
}
