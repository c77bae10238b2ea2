import { expect, test } from '@jest/globals';
import { documentsIn } from './documents.ts';

const object = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`;
const named = (text: string) => documentsIn([{ name: 'a.yaml', isNamed: true, text }]);
const inFolder = (text: string) => documentsIn([{ name: 'dir/a.yaml', isNamed: false, text }]);
const names = ({ all }: ReturnType<typeof documentsIn>) => all.map(({ object: { metadata } }) => metadata.name);

test('each document is one, in their order, and empty ones are none', () => {
  expect(names(named(`${object('b')}---\n---\n# nothing\n---\n${object('a')}`))).toEqual(['b', 'a']);
});

test('the items of a list are', () => {
  const list = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMapList',
    items: ['x', 'y'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })),
  });
  expect(names(named(list))).toEqual(['x', 'y']);
});

test.each([
  ['values.yaml in a directory is left out', 'replicas: 3\nimage: x\n', []],
  [
    'an object without a name is named there, too',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
    [/has no valid `metadata.name`/],
  ],
])('%s', (_, text, problems) => {
  expect(inFolder(text).problems).toEqual(problems.map((one) => expect.stringMatching(one)));
});

test.each([
  ['replicas: 3\n', /no `apiVersion` or no `kind`/],
  ['- 1\n', /not an object/],
  ['text\n', /not an object/],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: x}\n', /generateName.*cannot be applied/],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "../../secrets/x"}\n', /no valid `metadata.name`/],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 7}\n', /no valid `metadata.name`/],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: "a/b"}\n', /no valid `metadata.namespace`/],
  ['apiVersion: "../v1"\nkind: ConfigMap\nmetadata: {name: x}\n', /must be those of a kind/],
  ['a: [\n', /a\.yaml:2:1: .*; fix it\./],
  ['a: {{ .Values.x }}\n', /helm template/],
])('%j is a problem with its file', (text, problem) => {
  const { all, problems } = named(text);
  expect({ all, problems }).toEqual({ all: [], problems: [expect.stringMatching(problem)] });
  expect(problems[0]).toMatch(/^a\.yaml/);
});

test('one broken file keeps no other from being planned', () => {
  const found = documentsIn([
    { name: 'broken.yaml', isNamed: true, text: 'a: [' },
    { name: 'gone.yaml', isNamed: true, problem: 'it does not exist; check the path.' },
    { name: 'good.yaml', isNamed: true, text: object('good') },
  ]);
  expect([names(found), found.problems.length]).toEqual([['good'], 2]);
});

test('an object that is declared twice is a problem, with both files', () => {
  const found = documentsIn(['a.yaml', 'b.yaml'].map((name) => ({ name, isNamed: true, text: object('x') })));
  expect(found.problems).toEqual(['ConfigMap x is declared 2 times (a.yaml, b.yaml); keep one.']);
  const other = `${object('x')}---\n${object('x').replace('{name', '{namespace: other, name')}`;
  expect(named(other).problems).toEqual([]);
});
