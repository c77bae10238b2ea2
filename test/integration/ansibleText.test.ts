/** Text of custom resources and hosts reaches real Ansible as it is: never evaluated, never taken for something else. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ansibleYaml } from '../../operator/connect/ansible/ansibleYaml.ts';
import { expression } from '../../operator/lib/ansibleTask.ts';
import { openBed, run, tasks } from './ansibleBed.ts';
import type { AnsibleBed } from './ansibleBed.ts';

jest.setTimeout(300_000);
let bed: AnsibleBed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed.close());

const evil = (name: string) => `{{ lookup('pipe', 'id > ${join(bed.folder, `evaluated-${name}`)}') }}`;
const evaluated = () => readdirSync(bed.folder).filter((name) => name.startsWith('evaluated'));
const show = (path: string, values: string) => ({
  name: 'show',
  'ansible.builtin.copy': { dest: path, content: expression(`{{ ${values} | to_json }}`) },
});
const shown = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('no text is evaluated, wherever it comes from', async () => {
  const values = join(bed.folder, 'values');
  const echo = { argv: ['/bin/echo', evil('argument')] };
  const request = bed.request({
    variables: { plain: evil('variable'), lines: `a\n${evil('lines')}\n{% raw %}` },
    hosts: [
      bed.host('web-01', {
        variables: { own: evil('host'), nested: { list: [evil('nested'), { deep: evil('deep') }] } },
      }),
    ],
    ...tasks(
      {
        name: evil('name'),
        'ansible.builtin.copy': { dest: join(bed.folder, '{{ 7*7 }}'), content: evil('content') },
      },
      {
        name: 'argument',
        'ansible.builtin.command': echo,
        environment: { TEXT: evil('environment') },
        register: 'said',
      },
      {
        name: 'loop',
        'ansible.builtin.debug': { msg: expression('{{ item }}') },
        loop: [evil('loop')],
        register: 'looped',
      },
      { name: 'a-block', block: [{ name: 'fact', 'ansible.builtin.set_fact': { fact: evil('fact') } }] },
      show(values, '[plain, lines, own, nested, fact, said.stdout, looped.results[0].msg]'),
    ),
  });
  const { exitCode, hosts } = await run(bed.local, 'injection', request);
  expect({ exitCode, message: hosts[0]?.message }).toEqual({ exitCode: 0, message: undefined });
  expect(evaluated()).toEqual([]);
  expect(readFileSync(join(bed.folder, '{{ 7*7 }}'), 'utf8')).toBe(evil('content'));
  expect(shown(values)).toEqual([
    evil('variable'),
    `a\n${evil('lines')}\n{% raw %}`,
    evil('host'),
    { list: [evil('nested'), { deep: evil('deep') }] },
    evil('fact'),
    evil('argument'),
    evil('loop'),
  ]);
});

test('what an expression evaluates is evaluated: the lookup in these tests would have left its mark', async () => {
  await run(
    bed.local,
    'control',
    bed.request(tasks({ name: 'show', 'ansible.builtin.debug': { msg: expression(evil('control')) } })),
  );
  expect(existsSync(join(bed.folder, 'evaluated-control'))).toBe(true);
});

test('text in the name, the address or the account of a host is refused before anything is written', async () => {
  const target = bed.server.target();
  for (const changes of [
    { host: evil('address') },
    { host: '-oProxyCommand=x' },
    { user: evil('user') },
    { user: 'a b' },
  ]) {
    const hosts = [bed.host('web-01', { target: { ...target, ...changes } })];
    await expect(bed.local.start('address', bed.request({ hosts }))).rejects.toThrow(/web-01.*fix it/);
  }
  for (const name of [evil('device'), 'web[1:3]', 'all', '-o', 'a b', 'a\nb']) {
    await expect(bed.local.start('address', bed.request({ hosts: [bed.host(name)] }))).rejects.toThrow(/name/);
  }
  expect(await bed.local.state('address')).toEqual({ is: 'absent' });
  expect(existsSync(join(bed.stateFolder, 'runs/address'))).toBe(false);
});

test('text that looks like a number, a boolean, a time or nothing stays text', async () => {
  const texts = [
    'no',
    'yes\n',
    '',
    '0644',
    '1\n',
    '1_000',
    '12:30:45',
    '2026-01-01',
    '~',
    'null',
    '*',
    '&',
    '!',
    '<<',
    '=',
    '.inf',
    'a\r\nb\u0085',
  ];
  const values = join(bed.folder, 'scalars');
  const request = bed.request({
    variables: { single: 'no' },
    hosts: [bed.host('web-01', { variables: { list: texts } })],
    ...tasks({ name: 'set', 'ansible.builtin.set_fact': { fact: texts } }, show(values, '[list, fact, single]')),
  });
  expect((await run(bed.local, 'scalars', request)).exitCode).toBe(0);
  expect(shown(values)).toEqual([texts, texts, 'no']);
});

test('Ansible’s own reader gives back every text as it was, and trusts none that could be a template', () => {
  const texts = [
    ...randomTexts(20_000, [...'01259-+.:_ \t\nabefioxtzTZyYnNsSlLuU~=<>{}%#!|&*"\'\\,[]?@`\r\u0085\u2028\u00a0é😀']),
  ];
  const numbers = [...randomTexts(10_000, [...'0123456789-+.:_eExobtTZ \n'])];
  const file = join(bed.folder, 'texts.yml');
  writeFileSync(file, ansibleYaml({ texts: [...texts, ...numbers] }));
  const program = `
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.template import is_trusted_as_template
texts = DataLoader().load_from_file(sys.argv[1], trusted_as_template=True)['texts']
print(json.dumps([[str(text) if isinstance(text, str) else repr(text), is_trusted_as_template(text)] for text in texts]))
`;
  const options = { env: { PATH: '/usr/bin:/bin', HOME: bed.folder, LANG: 'C.UTF-8' }, maxBuffer: 1e8 };
  const read = JSON.parse(execFileSync(join(bed.python, 'python3'), ['-c', program, file], options).toString()) as [
    string,
    boolean,
  ][];
  expect(read.map(([text]) => text)).toEqual([...texts, ...numbers]);
  expect(read.filter(([text, isTrusted]) => isTrusted && /[{(|'"]/.test(text))).toEqual([]);
  expect(read.some(([, isTrusted]) => !isTrusted)).toBe(true);
});

/** The same texts in every run. */
function* randomTexts(count: number, letters: readonly string[]): Generator<string> {
  let state = 12345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  for (let made = 0; made < count; made++)
    yield Array.from({ length: next(10) }, () => letters[next(letters.length)]).join('');
}
