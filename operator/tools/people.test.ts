import { expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { peopleYaml } from './people.ts';
import { readResourceTag } from './resourceTags.ts';
import type { Kind, Writer } from './schema.ts';

function kind(plural: string, writtenBy?: Writer, namespaced = true): Kind {
  const rest = { kind: plural, shortNames: [], columns: [], description: '', source: '', schema: {} };
  return { ...rest, plural, namespaced, ...(writtenBy && { writtenBy }) };
}

interface Role {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

const subject = { properties: { kind: { enum: ['waivers', 'hosts'] } } };
const approval: Kind = {
  ...kind('approvals', 'approver'),
  kind: 'Approval',
  schema: { properties: { spec: { properties: { subjectRef: subject } } } },
};
const kinds = [
  kind('hosts', 'author'),
  kind('clusters', 'author', false),
  kind('waivers', 'requester'),
  approval,
  kind('reports'),
];
const roles = loadAll(peopleYaml(kinds)) as Role[];
const role = (name: string) => roles.find(({ metadata }) => metadata.name === `holdfast-${name}`);
const mayWrite = (name: string) =>
  role(name)?.rules.flatMap(({ resources, verbs }) => (verbs.includes('create') ? resources : []));

test('each role writes its own kinds, and none writes what the operator writes', () => {
  const names = roles.map(({ metadata }) => metadata.name.replace('holdfast-', ''));
  expect(Object.fromEntries(names.map((name) => [name, mayWrite(name)]))).toEqual({
    viewer: [],
    author: ['hosts'],
    requester: ['waivers'],
    approver: ['approvals'],
    'cluster-author': ['clusters'],
  });
});

test('the right to approve is part of no role of Kubernetes', () => {
  const within = (name: string) =>
    Object.keys(role(name)?.metadata.labels ?? {}).filter((key) => key.includes('aggregate'));
  expect(['approver', 'cluster-author'].flatMap(within)).toEqual([]);
  expect(roles.filter(({ rules }) => rules.some(({ verbs }) => verbs.includes('approve')))).toEqual([role('approver')]);
});

test('what an Approval may be about is what an approver may approve', () => {
  const rules = role('approver')?.rules.filter(({ verbs }) => verbs.includes('approve'));
  expect(rules?.map(({ resources }) => resources)).toEqual([['hosts', 'waivers']]);
});

test('a writer that is not a role is reported', () => {
  const problems: string[] = [];
  const value = 'plural=things scope=Namespaced writtenBy=everyone';
  readResourceTag([{ name: 'resource', value }], 'Thing', (_, message) => void problems.push(message));
  expect(problems).toEqual(["'writtenBy=everyone' is not one of author, requester, approver"]);
});
