import { describe, expect, test } from '@jest/globals';
import type { Right } from './client.ts';
import type { Grant } from './feature.ts';
import { commandsFor, ungranted } from './grants.ts';

const signal = new AbortController().signal;
const account = 'system:serviceaccount:holdfast:holdfast-operator';
const secrets: Grant = {
  name: 'g-secrets',
  access: [{ group: '', resources: ['secrets'], verbs: ['get'] }],
  allows: 'read every Secret',
};
const jobs: Grant = {
  name: 'g-jobs',
  access: [
    { group: 'batch', resources: ['jobs'], verbs: ['create', 'get'] },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
  allows: 'start pods',
};

/** What is asked of an apiserver that allows these verbs. */
async function asked(grant: Grant, place: { namespace: string; name?: string }, ...allowed: string[]) {
  const rights: Right[] = [];
  const mayHere = (right: Right) => {
    rights.push(right);
    return Promise.resolve(allowed.includes(right.verb));
  };
  const commands = await ungranted({ mayHere, self: () => Promise.resolve(account) }, grant, place, signal);
  return { rights, commands };
}

describe('a grant', () => {
  test('is there when each of its verbs is allowed at that very place', async () => {
    expect(await asked(jobs, { namespace: 'fleet' }, 'create', 'get', 'list')).toEqual({
      rights: [
        { group: 'batch', resource: 'jobs', verb: 'create', namespace: 'fleet' },
        { group: 'batch', resource: 'jobs', verb: 'get', namespace: 'fleet' },
        { group: '', resource: 'pods', verb: 'list', namespace: 'fleet' },
      ],
      commands: undefined,
    });
    expect((await asked(secrets, { namespace: 'fleet', name: 'key' })).rights).toEqual([
      { group: '', resource: 'secrets', verb: 'get', namespace: 'fleet', name: 'key' },
    ]);
  });

  test('is missing when one of them is not', async () => {
    expect((await asked(jobs, { namespace: 'fleet' }, 'create', 'list')).commands).toBe(
      'kubectl -n fleet create rolebinding g-jobs --clusterrole=g-jobs --serviceaccount=holdfast:holdfast-operator',
    );
  });
});

describe('the commands', () => {
  test.each<[string, string]>([
    [account, '--serviceaccount=holdfast:holdfast-operator'],
    ['holdfast@example.com', '--user=holdfast@example.com'],
    ['it; rm -rf ~', "--user='it; rm -rf ~'"],
    ["o'hara x", String.raw`--user='o'\''hara x'`],
  ])('name %s as kubectl takes it', (user, subject) => {
    expect(commandsFor(secrets, { namespace: 'fleet', name: 'key' }, user)).toBe(
      `kubectl -n fleet create role g-secrets-key --verb=get --resource=secrets --resource-name=key && kubectl -n fleet create rolebinding g-secrets-key --role=g-secrets-key ${subject}`,
    );
  });
});
