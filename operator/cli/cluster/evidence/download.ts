/** Downloads an archive by its link: nothing is sent but the request, no redirect is followed, and no more is taken than was said. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { http } from '../../../lib/nodeHttp.ts';
import { trusting } from '../../../lib/trust.ts';
import { Failure, type NewFile } from '../../command.ts';

export interface Expected {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

const silenceMilliseconds = 60_000;

/** Throws a `Failure` when it is not what was expected. */
export async function download(link: string, file: NewFile, expected: Expected, ca?: string): Promise<void> {
  const answer = await asked(link, ca);
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new Failure(whyNot(answer.statusCode ?? 0));
  }
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > expected.bytes ? new Failure(other) : null, chunk);
    },
  });
  await pipeline(answer, counting, file.stream).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    throw new Failure(`The download ended early: ${(error as Error).message}; run the command again.`);
  });
  if (bytes !== expected.bytes || hash.digest('hex') !== expected.sha256) throw new Failure(other);
}

const other =
  'What was downloaded is not the archive that was recorded, so it was deleted; find out who writes to the object store, and run the command again.';

function whyNot(status: number): string {
  if (status >= 300 && status < 400)
    return 'The object store redirects to another address, which is not followed; give its own address with --s3-endpoint.';
  const why =
    status === 403 || status === 400
      ? 'its time may be over, the clocks of the operator and the store may differ, or a proxy may change the name of the host that was signed'
      : 'the archive may be gone';
  return `The object store refuses the link (${status}): ${why}; run the command again.`;
}

function asked(link: string, ca: string | undefined): Promise<IncomingMessage> {
  const isTls = link.startsWith('https:');
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      const { host } = new URL(link);
      reject(new Failure(`${host} cannot be reached: ${error.message}; check the network, or --s3-ca.`));
    };
    const sent = isTls
      ? requestHttps(
          link,
          { timeout: silenceMilliseconds, ...trusting(ca === undefined ? ca : readFileSync(ca)) },
          resolve,
        )
      : http.request(link, { timeout: silenceMilliseconds }, resolve);
    sent.on('timeout', () => sent.destroy(new Error('it did not respond')));
    sent.on('error', failed);
    sent.end();
  });
}
