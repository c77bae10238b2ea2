import { describe, expect, test } from '@jest/globals';
import { conceal, inWords } from '../../../test/builders/observeHere.ts';
import type { SettingCheck } from '../../api/v1alpha1/settingCheck.ts';
import { parseSudo } from './sudoSaid.ts';
import { defaultsIn, effectOfDefaults, compareSudo } from './sudoSetting.ts';

/** As cvtsudoers of sudo 1.9 says it of a host, without the commands. */
const said = {
  Defaults: [
    { Options: [{ env_reset: true }, { timestamp_timeout: '2.5' }, { insults: false }] },
    { Options: [{ operation: 'list_add', env_keep: ['A', 'B'] }] },
    { Binding: [{ username: 'bob' }, { usergroup: 'ops' }], Options: [{ use_pty: false }, { authenticate: false }] },
    { Options: [{ use_pty: true }, { exempt_group: 'wheel' }] },
  ],
  User_Specs: [
    {
      User_List: [{ userid: 1000 }, { username: 'carl', negated: true }, { netgroup: 'net' }],
      Host_List: [{ hostname: 'ALL' }],
      Cmnd_Specs: [
        { Options: [{ setenv: true }], Commands: [] },
        { Options: [{ authenticate: false }], Commands: [] },
      ],
    },
  ],
};
const whole = parseSudo(JSON.stringify(said));

test('what cvtsudoers says is whole, or nothing is known', () => {
  const text = JSON.stringify(said);
  for (const length of [0, 1, 20, text.length - 1])
    expect(() => parseSudo(text.slice(0, length))).toThrow('cvtsudoers');
  for (const odd of ['[]', 'null', '{"Defaults":{}}', '{"Defaults":[{"Options":[1]}]}'])
    expect(() => parseSudo(odd)).toThrow('does not understand');
  expect(parseSudo('{}')).toEqual({ defaults: [], withoutPassword: [] });
  expect(whole.withoutPassword).toEqual(['#1000', '!carl', '+net', 'bob', '%ops', '%wheel']);
});

describe('a setting of sudo', () => {
  test.each<[string, Partial<SettingCheck> & { key: string }, string]>([
    ['is off for some', { key: 'use_pty' }, 'value is off for some accounts, hosts or commands, not on'],
    ['is on', { key: 'env_reset' }, 'pass'],
    ['is off', { key: 'insults' }, 'value is off, not on'],
    ['is off, as it must be', { key: '!insults' }, 'pass'],
    ['is not off', { key: '!env_reset' }, 'value is on, not off'],
    ['is off, as it must not be', { key: '!insults', state: 'Absent' }, 'value is off, not not off'],
    ['is not set, as it must be', { key: 'requiretty', state: 'Absent' }, 'pass'],
    ['is within its bound', { key: 'timestamp_timeout', value: '15', compare: 'AtMost' }, 'pass'],
    [
      'is a list',
      { key: 'env_keep', value: 'A' },
      'unknown: env_keep is a list in sudo, and Holdfast does not evaluate lists',
    ],
  ])('%s', (_, declared, expected) => {
    expect(inWords(compareSudo({ path: '/etc/sudoers', ...declared }, whole, conceal))).toBe(expected);
  });
});

describe('a line of settings', () => {
  test.each<[string, string | undefined]>([
    ['Defaults !a, b=1 , c = "x, y"', '!a b=1 c=x, y'],
    ['Defaults\ta += "x"', 'a+x'],
    ['Defaults:bob !!a', 'for some: a'],
    ['Defaults!/bin/ls !a', 'for some: !a'],
    ['Defaults', undefined],
    ['Defaults a\\,b', undefined],
    ['Defaults a b', undefined],
    ['bob ALL=(ALL) ALL', undefined],
  ])('%s', (line, expected) => {
    const found = defaultsIn(line)?.map(({ name, value, operation }) => {
      const sign = { assign: '=', add: '+', remove: '-' }[operation];
      return typeof value === 'string' ? `${name}${sign}${value}` : `${value ? '' : '!'}${name}`;
    });
    const scope = defaultsIn(line)?.some(({ isScoped }) => isScoped) ? 'for some: ' : '';
    expect(found && scope + found.join(' ')).toBe(expected);
  });

  test.each<[string, string]>([
    ['Defaults env_reset', 'counts'],
    ['Defaults insults', 'off'],
    ['Defaults timestamp_timeout=5', '2.5'],
    ['Defaults requiretty', 'not set'],
    ['Defaults use_pty', 'off'],
    ['Defaults env_keep += "A B"', 'counts'],
    ['Defaults env_keep += "C"', 'unknown'],
    ['Defaults env_keep = "A B"', 'unknown'],
    ['Defaults:bob !use_pty', 'unknown'],
    ['Defaults:bob !env_reset', 'not set'],
    ['Defaults path_list += "A"', 'not set'],
    ['Defaults what is this', 'unknown'],
  ])('%s: %s', (line, expected) => {
    const effect = effectOfDefaults({ path: '/etc/sudoers', line }, whole);
    expect(effect ? (effect.is === 'other' ? effect.found : effect.is) : 'counts').toBe(expected);
  });
});
