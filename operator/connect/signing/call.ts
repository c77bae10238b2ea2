/** One request to a service for signing, and its failures in words. They name the service, never its address, nor what was sent. */
import { readFile } from 'node:fs/promises';
import { shortened } from '../../lib/text.ts';
import { post, type Post, type Received } from '../http/post.ts';
import { answerBytes, type Service } from './services.ts';
import { SigningError } from './types.ts';

const LONGEST_QUOTE = 200;

export interface Asked extends Pick<Post, 'body' | 'contentType' | 'accept'> {
  /** Below the address of the service. */
  readonly path?: string;
}

/** The body of an answer of success; rejects with a `SigningError` otherwise. */
export async function call(service: Service, { path = '', ...asked }: Asked, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  const { url, kind, timeoutSeconds } = service;
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const received = await post(
    { ...asked, url: `${url}${path}`, ca: await certificates(service), maxBytes: answerBytes[kind] },
    AbortSignal.any([signal, limit]),
  );
  signal.throwIfAborted();
  if (received.is === 'failed' && limit.aborted)
    throw new SigningError(
      'Slow',
      `${named(service)} did not respond within ${timeoutSeconds} s; check whether it runs`,
    );
  return bodyIn(received, service);
}

export function named({ kind, name }: Pick<Service, 'kind' | 'name'>): string {
  const nouns = {
    fulcio: 'certificate authority',
    timestampAuthority: 'timestamp authority',
    rekor: 'transparency log',
  };
  return `${nouns[kind]} ${name}`;
}

/** What a service sent is not what was asked for. */
export function malformed(service: Service, what: string): SigningError {
  return new SigningError('Malformed', `the answer of ${named(service)} ${what}; check its \`url\``);
}

async function certificates({ caFile, ...service }: Service): Promise<string | undefined> {
  if (caFile === undefined) return undefined;
  return readFile(caFile, 'utf8').catch((error: unknown) => {
    const message = `\`caFile\` of ${named(service)} cannot be read (${codeOf(error)}); check the mount of the operator`;
    throw new SigningError('Unavailable', message);
  });
}

function bodyIn(received: Received, service: Service): Buffer {
  const who = named(service);
  if (received.is === 'tooLarge') throw malformed(service, `has more than ${answerBytes[service.kind]} bytes`);
  if (received.is === 'failed') {
    const code = codeOf(received.error);
    const advice = /CERT|SIGNATURE|SSL|TLS|EPROTO/.test(code)
      ? 'check its certificate, and `caFile`'
      : 'check that it runs and can be reached from the operator';
    throw new SigningError('Unavailable', `${who} does not respond (${code}); ${advice}`);
  }
  const { status, isCompressed, body } = received;
  if (status >= 300 && status < 400)
    throw new SigningError('Malformed', `${who} redirects, which is not followed; set its \`url\` to where it leads`);
  if (status === 401 || status === 403)
    throw new SigningError('InvalidToken', `${who} refuses the operator (${status}${quoted(body)}); check its token`);
  if (status >= 500 || status === 408 || status === 429)
    throw new SigningError('Unavailable', `${who} fails (${status}${quoted(body)}); see its log`);
  if (status < 200 || status > 299)
    throw new SigningError('Refused', `${who} refuses the request (${status}${quoted(body)}); check its configuration`);
  if (isCompressed) throw malformed(service, 'is compressed, although that was not asked for');
  return body;
}

/** What a service says of an error, on one line. A token is three parts of base64 with dots between, and would be none of the words. */
function quoted(body: Buffer): string {
  const text = /"message"\s*:\s*"((?:[^"\\]|\\.){1,1000})"/.exec(body.toString('utf8'))?.[1];
  if (text === undefined) return '';
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').replaceAll(/[\w-]{16,}\.[\w-]{16,}\.[\w-]+/g, '…');
  return `: ${shortened(line, LONGEST_QUOTE)}`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no connection';
}
