/** Whatever the apiserver does, no check passes that could not be made, and each has its line. */
import { expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { ApiError, NoResponse } from '../../../runtime/apiError.ts';
import { systemClock } from '../../../runtime/clock.ts';
import type { Cluster, Io } from '../../command.ts';
import { processIo } from '../../processIo.ts';
import { checks } from './checks.ts';
import { runDoctor } from './index.ts';

const forbidden = (): Promise<never> =>
  Promise.reject(
    new ApiError('list x', 403, {
      reason: 'Forbidden',
      message:
        'devices.holdfast.dev is forbidden: User "bob" cannot list resource "devices" in API group "holdfast.dev" at the cluster scope',
    }),
  );
const silent = (): Promise<never> => Promise.reject(new DOMException('The operation timed out', 'TimeoutError'));
const version = () => Promise.resolve({ gitVersion: 'v1.35.4' });

/** Each request ends as given, but for the version. */
async function report(request: () => Promise<unknown>, document: () => Promise<unknown> = version) {
  const client = { list: request, get: request, create: request, mayHere: request, document };
  const cluster = {
    client: client as unknown as Cluster['client'],
    http: {} as Cluster['http'],
    clock: systemClock,
    namespace: undefined,
    date: () => undefined,
    close: () => Promise.resolve(),
  };
  const io = ioWith({});
  const world: Io = { ...processIo(), stdout: (text) => io.stdout(text), cluster: () => Promise.resolve(cluster) };
  const code = await runDoctor({ namespace: 'holdfast', output: 'json', where: {} }, world);
  const { checks: made } = JSON.parse(io.out) as { checks: { name: string; result: string; message: string }[] };
  return { code, made, results: Object.fromEntries(made.map(({ name, result }) => [name, result])) };
}

/** They ask for documents only, which everybody may read. */
const readable = ['apiserver', 'monitoring'];

test('without any right, all that could not be read is Unknown, and says which right is missing', async () => {
  const { code, made } = await report(forbidden);
  expect(code).toBe(2);
  expect(made.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
  const others = made.filter(({ name }) => !readable.includes(name) && name !== 'clocks');
  expect(new Set(others.map(({ result }) => result))).toEqual(new Set(['Unknown']));
  expect(new Set(others.map(({ message }) => message))).toEqual(
    new Set(['you may not list devices.holdfast.dev in all namespaces']),
  );
});

test.each([
  ['does not respond in time', silent, 'the apiserver did not respond in time'],
  ['sends what is no object', () => Promise.resolve(null), 'it could not be evaluated'],
  ['is overloaded', () => Promise.reject(new ApiError('get x', 429, {})), '429'],
])('an apiserver that %s: what needs it is never Pass', async (_, request, says) => {
  const { code, made } = await report(request);
  expect(code).toBe(2);
  const passed = made.filter(({ result }) => result === 'Pass').map(({ name }) => name);
  expect(passed.filter((name) => !readable.includes(name))).toEqual([]);
  expect(made.some(({ message }) => message.includes(says))).toBe(true);
});

test('one that is not there fails, and no other check is tried', async () => {
  let tried = 0;
  const away = (): Promise<never> =>
    Promise.reject(new NoResponse('get /version: no response from https://x: refused'));
  const request = (): Promise<never> => {
    tried++;
    return away();
  };
  const { code, results } = await report(request, away);
  expect({ code, tried }).toEqual({ code: 2, tried: 0 });
  expect(results).toEqual(Object.fromEntries(checks.map(({ name }, index) => [name, index ? 'Unknown' : 'Fail'])));
});
