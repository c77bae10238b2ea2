import { describe, expect, test } from '@jest/globals';
import { addressFinder, type FinderOptions } from './addresses.ts';
import { mayReach, networksIn } from './networks.ts';

const never = new AbortController().signal;
const may = mayReach({ allowed: [], denied: networksIn('10.9.0.0/16')!, own: [] });
const addresses = (...all: string[]) => all.map((address) => ({ address }));

function find(host: string, options: Partial<FinderOptions> = {}, signal = never) {
  return addressFinder({ mayReach: may, ...options })({ id: 'fleet/web-01', host }, signal);
}

describe('the address of a host', () => {
  test('is itself where it is one, and nobody is asked', async () => {
    const lookup = () => Promise.reject(new Error('asked'));
    expect(await find('10.0.0.1', { lookup })).toEqual({ is: 'found', address: '10.0.0.1' });
    expect(await find('2600::1', { lookup })).toEqual({ is: 'found', address: '2600::1' });
    expect(await find('127.0.0.1', { lookup })).toMatchObject({ is: 'failed', reason: 'AddressDenied' });
  });

  test('is the first of its name, which is resolved once', async () => {
    let asked = 0;
    const lookup = () => Promise.resolve(addresses(asked++ ? '127.0.0.1' : '10.0.0.1', '10.0.0.2'));
    expect(await find('web-01', { lookup })).toEqual({ is: 'found', address: '10.0.0.1' });
    expect(asked).toBe(1);
  });

  test.each([
    ['the only one', ['169.254.169.254']],
    ['one of several', ['10.0.0.1', '::1']],
    ['in a network that is denied', ['10.9.0.1']],
    ['of one link', ['fe80::1%eth0']],
  ])('is denied when it is %s', async (_, all) => {
    const found = await find('web-01', { lookup: () => Promise.resolve(addresses(...all)) });
    expect(found).toMatchObject({
      is: 'failed',
      reason: 'AddressDenied',
      message: expect.stringContaining(all.at(-1)!),
    });
  });

  test.each([
    ['nobody knows', () => Promise.reject(Object.assign(new Error(''), { code: 'ENOTFOUND' })), 'ENOTFOUND'],
    ['has none', () => Promise.resolve([]), 'no address'],
    ['nobody answers for', () => new Promise<never>(() => undefined), 'no answer within 0.01 s'],
  ])('of a name that %s is not found', async (_, lookup, detail) => {
    const found = await find('web-01', { lookup, timeoutSeconds: 0.01 });
    expect(found).toMatchObject({ is: 'failed', reason: 'NameNotResolved', message: expect.stringContaining(detail) });
  });

  test('is not waited for when the caller gives up', async () => {
    const stop = new AbortController();
    const work = find('web-01', { lookup: () => new Promise(() => undefined) }, stop.signal);
    stop.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
  });
});

describe('as the system resolves them', () => {
  test.each(['localhost', '2130706433', '0177.0.0.1', '0x7f.0.0.1', '127.1', '017700000001', '0'])(
    '%s is what it leads to',
    async (host) => {
      expect(await find(host)).toMatchObject({ is: 'failed', reason: 'AddressDenied' });
    },
  );

  test('a name that there is not', async () => {
    expect(await find('no-such_host.invalid', { timeoutSeconds: 30 })).toMatchObject({ reason: 'NameNotResolved' });
  });
});

test('names that nobody answers for hold up their own namespace and no other', async () => {
  const asked: string[] = [];
  const lookup = (name: string) => {
    asked.push(name);
    return name.startsWith('dead') ? new Promise<never>(() => undefined) : Promise.resolve(addresses('10.0.0.1'));
  };
  const finder = addressFinder({ mayReach: may, lookup, timeoutSeconds: 0.05 });
  const dead = Array.from({ length: 20 }, (_, index) => finder({ id: `bad/${index}`, host: `dead-${index}` }, never));
  expect(await finder({ id: 'good/web', host: 'web' }, never)).toMatchObject({ is: 'found' });
  expect((await Promise.all(dead)).every(({ is }) => is === 'failed')).toBe(true);
  expect(asked.filter((name) => name.startsWith('dead'))).toHaveLength(8);
});
