/** One bucket below one root, as it is asked: limited in time, tried again where that does no harm, and errors with a reason. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  type GetObjectCommandOutput,
  type GetObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { segmentsOf } from './keys.ts';
import { s3Client } from './s3Client.ts';
import { failureOf, isMissing, mayBeMissing, type Place } from './s3Errors.ts';
import { factsOf, type S3Facts } from './s3Facts.ts';
import type { CallOptions } from './s3Handler.ts';
import type { StoreServer } from './server.ts';
import { StoreError, type StoreCredentials } from './types.ts';

export interface S3Options {
  readonly server: StoreServer;
  readonly bucket: string;
  /** Below which all keys are, without a slash at its end. */
  readonly root: string;
  readonly credentials: StoreCredentials;
  /** Before the second attempt; twice as long before the third. */
  readonly backOffMilliseconds?: number;
}

export const attempts = 3;

export class S3Session {
  readonly client: S3Client;
  readonly place: Place;
  readonly options: S3Options;
  /** What the store's clock said with its last answer. */
  storeTime: Date | undefined;

  constructor(options: S3Options) {
    this.options = options;
    this.place = { endpoint: options.server.name, bucket: options.bucket };
    this.client = s3Client(options.server, options.credentials);
    this.client.middlewareStack.add(
      (next) => async (given) => {
        const answer = await next(given);
        const { date } = (answer.response as { headers?: Readonly<Record<string, string>> }).headers ?? {};
        const time = new Date(date ?? '');
        if (!Number.isNaN(time.getTime())) this.storeTime = time;
        return answer;
      },
      { step: 'deserialize', name: 'storeTime', priority: 'low' },
    );
  }

  at(key: string, versionId?: string): { Bucket: string; Key: string; VersionId?: string } {
    const Key = `${this.options.root}/${segmentsOf(key).join('/')}`;
    return { Bucket: this.options.bucket, Key, ...(versionId !== undefined && { VersionId: versionId }) };
  }

  /** What does no harm when it is done twice. Undefined when there is no such object. */
  async ask<T>(signal: AbortSignal, request: (signal: AbortSignal) => Promise<T>, isLocking = false) {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const limited = AbortSignal.any([signal, AbortSignal.timeout(this.options.server.requestSeconds * 1000)]);
      try {
        return await request(limited);
      } catch (error) {
        signal.throwIfAborted();
        if (isMissing(error)) return undefined;
        const failure = failureOf(limited.aborted ? this.#late() : error, this.place, isLocking);
        if (!failure.isPassing || attempt === attempts) throw failure.error;
      }
      await this.backOff(attempt, signal);
    }
  }

  head(key: string, versionId: string | undefined, signal: AbortSignal): Promise<S3Facts | undefined> {
    const command = new HeadObjectCommand({ ...this.at(key, versionId), ...this.#checked() });
    return this.ask(signal, async (limited) => {
      try {
        return factsOf(await this.client.send(command, { abortSignal: limited }));
      } catch (error) {
        if (!mayBeMissing(error)) throw error;
        // Says what is missing, which HEAD cannot.
        const { Body } = await this.open(key, versionId, limited);
        (Body as Readable).destroy();
        throw new StoreError('Unavailable', `${key} came while it was asked for; ask again`, { cause: error });
      }
    });
  }

  /** The object with its body, which is still to be read. */
  open(key: string, versionId: string | undefined, signal: AbortSignal): Promise<GetObjectCommandOutput> {
    const input: GetObjectCommandInput = this.at(key, versionId);
    const call: CallOptions = { abortSignal: signal, isStreamed: true };
    return this.client.send(new GetObjectCommand(input), call as object);
  }

  /** Of the bytes that the store sends. */
  digest(key: string, versionId: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    return this.ask(signal, async (limited) => {
      const { Body } = await this.open(key, versionId, limited);
      const hash = createHash('sha256');
      for await (const chunk of Body as Readable) hash.update(chunk as Buffer);
      return hash.digest('hex');
    });
  }

  async backOff(attempt: number, signal: AbortSignal): Promise<void> {
    const { backOffMilliseconds = 500 } = this.options;
    await delay(backOffMilliseconds * 2 ** (attempt - 1) * (0.5 + Math.random()), undefined, { signal });
  }

  #checked(): { ChecksumMode?: 'ENABLED' } {
    return this.options.server.checksums === 'Sha256' ? { ChecksumMode: 'ENABLED' } : {};
  }

  #late(): StoreError {
    return new StoreError('Slow', `the object store did not answer in ${this.options.server.requestSeconds} s`);
  }
}
