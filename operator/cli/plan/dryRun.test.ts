import { describe, expect, test } from '@jest/globals';
import { resources } from '../../api/generated/resources.ts';
import type { Kind } from '../../api/kind.ts';
import { ApiError, NoResponse } from '../../runtime/apiError.ts';
import type { Client } from '../../runtime/client.ts';
import type { Declared } from './documents.ts';
import { tryApply } from './dryRun.ts';

const declared: Declared = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'Device',
  metadata: { name: 'web-01', namespace: 'fleet' },
  spec: { a: 1 },
};
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const live = (spec: object, metadata: object = {}) => ({
  ...declared,
  metadata: { ...declared.metadata, uid: 'u', ...metadata },
  spec,
});

interface Sent {
  readonly verb: string;
  readonly body: unknown;
  readonly how: { readonly manager: string; readonly how?: string; readonly force?: boolean };
}

/** Answers what it is given, or throws it; says what it was asked to write. */
function clientOf(there: unknown, ...answers: readonly unknown[]) {
  const sent: Sent[] = [];
  const left = [...answers];
  const next = (body: unknown): Promise<unknown> => {
    const answer = left.length > 0 ? left.shift() : body;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const write = (verb: string, body: unknown, how: Sent['how']) => {
    sent.push({ verb, body, how });
    return next(body);
  };
  const client = {
    get: () => (there instanceof Error ? Promise.reject(there) : Promise.resolve(there)),
    create: (_: Kind, body: object, how: Sent['how']) => write('create', body, how),
    apply: (_: Kind, body: object, how: Sent['how']) => write('apply', body, how),
    mergePatch: (_: Kind, __: object, body: object, how: Sent['how']) => write('mergePatch', body, how),
  };
  return { client: client as unknown as Client, sent };
}

const tried = async (there: unknown, answers: readonly unknown[] = [], manager?: string) => {
  const { client, sent } = clientOf(there, ...answers);
  return { outcome: await tryApply(declared, { client, kind: resources.Device, manager }), sent };
};
const error = (status: number, message: string, reason = '') => new ApiError('x', status, { message, reason });

describe('an apply is tried', () => {
  test('as a creation where there is nothing, and never otherwise than as a dry run', async () => {
    const { outcome, sent } = await tried(undefined);
    expect(outcome.is).toBe('created');
    expect(sent).toMatchObject([{ verb: 'create', how: { manager: 'kubectl', how: 'dryRun' } }]);
  });

  test('as a merge of three where kubectl applied it before: what the file says no longer goes', async () => {
    const annotations = { [lastApplied]: JSON.stringify({ spec: { a: 1, b: 2 } }) };
    const { outcome, sent } = await tried(live({ a: 1, b: 2 }, { annotations }), [live({ a: 1 })]);
    expect(outcome.is).toBe('changed');
    expect(sent).toMatchObject([{ verb: 'mergePatch', body: { spec: { b: null } }, how: { how: 'dryRun' } }]);
  });

  test('not at all where nothing would be sent', async () => {
    const annotations = { [lastApplied]: JSON.stringify({ spec: { a: 1 } }) };
    const { outcome, sent } = await tried(live({ a: 1, defaulted: true }, { annotations }));
    expect([outcome.is, sent]).toEqual(['same', []]);
  });

  // https://github.com/kubernetes/kubernetes/issues/99003
  test('by the manager that applied it before, whose fields alone are removed', async () => {
    const managedFields = [
      { manager: 'kustomize-controller', operation: 'Apply' },
      { manager: 'holdfast-status', operation: 'Apply' },
      { manager: 'someone', operation: 'Update' },
    ];
    const { sent } = await tried(live({ a: 1 }, { managedFields }), [live({ a: 1 })]);
    expect(sent).toMatchObject([
      { verb: 'apply', how: { manager: 'kustomize-controller', how: 'dryRun', force: false } },
    ]);
    const named = await tried(live({ a: 1 }, { managedFields }), [live({ a: 1 })], 'argocd');
    expect(named.sent).toMatchObject([{ how: { manager: 'argocd' } }]);
  });

  test('says where fields of others would have to be taken over', async () => {
    const conflict = error(409, 'Apply failed with 1 conflict: conflict with "x": .spec.a', 'Conflict');
    const { outcome, sent } = await tried(live({ a: 2 }), [conflict, live({ a: 1 })]);
    expect(outcome).toMatchObject({
      is: 'changed',
      notes: [expect.stringMatching(/unless it is forced: .*\.spec\.a/)],
    });
    expect(sent.map(({ how }) => how.force)).toEqual([false, true]);
  });
});

describe('what comes of it', () => {
  test.each<[string, Error, object]>([
    [
      'a missing right is unknown',
      error(
        403,
        'devices.holdfast.dev is forbidden: User "x" cannot create resource "devices" in API group "holdfast.dev" in the namespace "fleet"',
        'Forbidden',
      ),
      { is: 'unknown', message: 'you may not create devices.holdfast.dev in namespace fleet' },
    ],
    ['credentials that count no longer are unknown', error(401, 'Unauthorized'), { is: 'unknown' }],
    [
      'a policy that denies refuses',
      error(403, "ValidatingAdmissionPolicy 'x' denied request: no", 'Forbidden'),
      { is: 'refused', message: "ValidatingAdmissionPolicy 'x' denied request: no" },
    ],
    ['an invalid object is refused', error(422, 'Device "x" is invalid: spec', 'Invalid'), { is: 'refused' }],
    [
      'a field that there is none of is refused',
      error(400, 'strict decoding error: unknown field "spec.x"'),
      { is: 'refused' },
    ],
    // https://github.com/kubernetes/kubectl/issues/1331
    [
      'a namespace that is not there',
      error(404, 'namespaces "fleet" not found', 'NotFound'),
      { is: 'homeless', lacks: 'namespace' },
    ],
    [
      'a kind that is not there',
      error(404, 'the server could not find the requested resource'),
      { is: 'homeless', lacks: 'kind' },
    ],
    ['no answer is unknown', new NoResponse('the apiserver did not respond'), { is: 'unknown' }],
    ['an apiserver that fails is unknown', error(503, 'etcd is gone'), { is: 'unknown' }],
    ['a webhook that does not answer is unknown', error(500, 'failed calling webhook "x"'), { is: 'unknown' }],
    ['a deadline is unknown', Object.assign(new Error('x'), { name: 'TimeoutError' }), { is: 'unknown' }],
  ])('%s', async (_, thrown, expected) => {
    expect((await tried(undefined, [thrown])).outcome).toMatchObject(expected);
  });

  test('what may not be read is unknown, and is not written blindly', async () => {
    const { outcome, sent } = await tried(
      error(403, 'User "x" cannot get resource "devices" in API group "holdfast.dev" in the namespace "fleet"'),
    );
    expect(outcome).toMatchObject({
      is: 'unknown',
      message: 'you may not get devices.holdfast.dev in namespace fleet',
    });
    expect(sent).toEqual([]);
  });
});
