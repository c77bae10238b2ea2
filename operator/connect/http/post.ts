/**
 * One request over a connection of its own: nothing that one request leaves behind reaches another. Redirects are not followed, proxies of the
 * environment are not used, and no variable of it turns off the check of certificates.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { http } from '../../lib/nodeHttp.ts';
import { trusting } from '../../lib/trust.ts';

export interface Post {
  readonly url: string;
  /** Certificates that alone are trusted, in PEM; those of Node and of this machine when undefined. */
  readonly ca: string | undefined;
  readonly token?: string | undefined;
  readonly body: string | Uint8Array;
  /** Of the body. */
  readonly contentType: string;
  /** What the answer may be. */
  readonly accept: string;
  /** An answer with more of them is ended. */
  readonly maxBytes: number;
}

export type Received =
  | { readonly is: 'received'; readonly status: number; readonly isCompressed: boolean; readonly body: Buffer }
  | { readonly is: 'tooLarge' }
  | { readonly is: 'failed'; readonly error: unknown; readonly wasConnected: boolean };

/** It never throws; a signal that aborts is a failure. */
export async function post(
  { url, ca, token, body, contentType, accept, maxBytes }: Post,
  signal: AbortSignal,
): Promise<Received> {
  let wasConnected = false;
  try {
    const isSecure = url.startsWith('https:');
    const request = (isSecure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      ...(isSecure && trusting(ca)),
      signal,
      headers: {
        accept,
        'accept-encoding': 'identity',
        'content-type': contentType,
        'content-length': Buffer.byteLength(body),
        'user-agent': 'holdfast',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    // Whoever waits hears of it as well.
    request.on('error', () => undefined);
    request.once('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => (wasConnected = true));
    });
    request.end(body);
    const [response] = (await once(request, 'response', { signal })) as [IncomingMessage];
    const received = await bodyOf(response, maxBytes);
    if (received === undefined) return { is: 'tooLarge' };
    const encoding = response.headers['content-encoding'] ?? 'identity';
    return { is: 'received', status: response.statusCode ?? 0, isCompressed: encoding !== 'identity', body: received };
  } catch (error) {
    return { is: 'failed', error, wasConnected };
  }
}

/** Undefined when there is more; the connection is closed then. */
async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
