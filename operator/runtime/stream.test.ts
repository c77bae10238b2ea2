/** A stream that is read every 20 ms while it is busy loses nothing, waits for nothing more, and ends as its server ends it. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { numbers } from '../../test/builders/seeded.ts';
import { Http } from './http.ts';
import { LineSplitter } from './lines.ts';

let server: Server;
let http: Http;
let answer: (response: ServerResponse) => void;
const request = { verb: 'watch', method: 'GET', path: '/' } as const;

beforeEach(async () => {
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = new Http({ server: url }, { timeoutSeconds: 5, userAgent: 'test' });
});

afterEach(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Lines of many sizes, with characters of several bytes. */
const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${'Käse 日本 😀 '.repeat(index % 40)}`);
const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));

/** In pieces that end anywhere, some of them in turns of their own. */
async function send(response: ServerResponse, from = numbers(7)): Promise<void> {
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + 1 + from(20_000));
    response.write(bytes.subarray(start, end));
    start = end;
    if (from(3) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

test('every line of a burst comes, in order, without another one after it', async () => {
  answer = (response) => void send(response);
  const seen: string[] = [];
  const abort = new AbortController();
  await new Promise<void>((resolve) => {
    const splitter = new LineSplitter((line) => {
      seen.push(line.toString());
      if (seen.length === lines.length) resolve();
    });
    void http.stream({ ...request, signal: abort.signal }, (chunk) => splitter.push(chunk)).catch(() => undefined);
  });
  abort.abort();
  expect(seen).toEqual(lines);
});

test('a stream that ends while it is not read ends with all that was in it', async () => {
  answer = (response) => void send(response).then(() => response.end());
  const chunks: Buffer[] = [];
  await http.stream(request, (chunk) => chunks.push(chunk));
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

test('a connection that breaks while it is not read is no proper end', async () => {
  answer = (response) => response.write('{"half":', () => response.destroy());
  const chunks: string[] = [];
  await expect(http.stream(request, (chunk) => chunks.push(chunk.toString()))).rejects.toThrow('no response from');
  expect(chunks.join('')).toBe('{"half":');
});

test('a stream that is called off while it is not read ends with the reason', async () => {
  answer = (response) => response.write('a\n');
  const abort = new AbortController();
  const ended = http.stream({ ...request, signal: abort.signal }, () => abort.abort(new Error('enough')));
  await expect(ended).rejects.toThrow('enough');
});

test('what a reader throws ends the stream', async () => {
  answer = (response) => void send(response);
  const ended = http.stream(request, () => {
    throw new Error('unreadable');
  });
  await expect(ended).rejects.toThrow('unreadable');
});

test('a silence longer than allowed is noticed although the stream was paused before it', async () => {
  answer = (response) => response.write('a\n');
  await expect(http.stream({ ...request, idleSeconds: 1 }, () => undefined)).rejects.toThrow(
    /no response from .*timeout/i,
  );
});
