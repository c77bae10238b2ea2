/** What a ClusterBaseline does beside comparing: with whose rights, how often, how fast, and what it leaves behind. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterBaseline, ClusterBaselineSpec } from '../../operator/api/v1alpha1/clusterBaseline.ts';
import { apiVersion, conditionOf } from '../operator/bed.ts';
import { account, home, policies, startClusterOnly, writer, type ClusterOnlyBed } from '../operator/clusterOnly.ts';
import type { DriftReport } from '../../operator/api/v1alpha1/driftReport.ts';
import { reportLabel } from '../../operator/drift/clusterBaseline/reports.ts';
import { untilPoliciesAreHeeded } from '../operator/heeded.ts';
import type { Operator } from '../operator/process.ts';
import { until } from '../operator/until.ts';

let bed: ClusterOnlyBed;
let operator: Operator;

beforeAll(async () => {
  bed = await startClusterOnly();
  operator = await bed.operator();
}, 900_000);

afterAll(() => bed.stop(), 60_000);

const settings = (data: Record<string, string>, namespace: string, name = 'settings') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});

async function declare(name: string, spec: Partial<ClusterBaselineSpec>, accountName = writer): Promise<void> {
  await bed.kubectl.apply({
    apiVersion,
    kind: 'ClusterBaseline',
    metadata: { name },
    spec: { serviceAccountRef: { namespace: home, name: accountName }, ...spec },
  });
}

/** Somebody who may write baselines, and has these rights beside. */
function userWith(name: string, rules: readonly object[]): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  const baselines = { apiGroups: ['holdfast.dev'], resources: ['clusterbaselines'], verbs: ['*'] };
  return [
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules: [baselines, ...rules] },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', apiGroup: rbac, name }],
    },
  ];
}

async function namespace(name: string): Promise<void> {
  await bed.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { case: name } } });
}

const get = (name: string) => bed.kubectl.get<ClusterBaseline>('clusterbaseline', name);

/** The baseline, once it is as asked. */
function when(
  name: string,
  what: string,
  is: (seen: ClusterBaseline) => boolean,
  seconds = 30,
  isEvaluated = true,
): Promise<ClusterBaseline> {
  return until(
    `${name}: ${what}`,
    async () => {
      const seen = await get(name);
      return (!isEvaluated || seen?.status?.observedGeneration === seen?.metadata.generation) && seen && is(seen)
        ? seen
        : undefined;
    },
    { seconds, seen: async () => (await get(name))?.status },
  );
}

async function data(namespaceName: string, name = 'settings'): Promise<Record<string, string> | undefined> {
  return (await bed.kubectl.get<{ data?: Record<string, string> }>('configmap', name, namespaceName))?.data;
}

const isCompliant = (status: string) => (seen: ClusterBaseline) => conditionOf(seen, 'Compliant')?.status === status;

describe('rights', () => {
  test('an account that may not read: unknown, with what to grant', async () => {
    await bed.kubectl.apply(...account('blind', []));
    await namespace('blind');
    await declare('blind', { objects: [{ name: 'settings', template: settings({ a: '1' }, 'blind') }] }, 'blind');
    const seen = await when('blind', 'it is not known', isCompliant('Unknown'), 30, false);
    expect(conditionOf(seen, 'Ready')).toMatchObject({ status: 'False', reason: 'AllUnreadable' });
    expect(seen.status?.findings).toMatchObject([
      {
        result: 'Unknown',
        message: expect.stringMatching(/platform\/blind may not list and watch configmaps; bind a role/),
      },
    ]);
  });

  test('an account that is not there and may nothing: all of it is told at once, with a role that is enough', async () => {
    await namespace('nobody');
    const limits = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'nobody' } };
    const objects = [
      { name: 'settings', template: settings({ a: '1' }, 'nobody') },
      { name: 'quota', match: 'MustNotHave' as const, template: limits },
    ];
    const checks = [{ name: 'apps', resource: { group: 'apps', kind: 'Deployment' }, expression: 'true' }];
    await declare('nobody', { mode: 'Enforce', objects, checks }, 'nobody');
    const seen = await when(
      'nobody',
      'its account is named',
      (one) => conditionOf(one, 'Authorized') !== undefined,
      30,
      false,
    );
    const { reason, message } = conditionOf(seen, 'Authorized') ?? {};
    expect(reason).toBe('AccountMissing');
    expect(message).toContain(
      `ServiceAccount ${home}/nobody does not exist; run \`kubectl create serviceaccount nobody -n ${home}\`; it may not: get, list, watch namespaces; get, list, watch, create, patch configmaps; get, list, watch, delete resourcequotas; get, list, watch deployments.apps. To grant all that`,
    );
    const role = /echo '(.*)' \| kubectl apply -f -$/.exec(message ?? '')?.[1] ?? '';
    await bed.kubectl.run('create', 'serviceaccount', 'nobody', '-n', home);
    await bed.kubectl.apply(...(JSON.parse(role) as { items: object[] }).items);
    const after = await when('nobody', 'it does its work in one round', isCompliant('True'), 60);
    expect(conditionOf(after, 'Authorized')).toBeUndefined();
    expect(await data('nobody')).toEqual({ a: '1' });
  }, 90_000);

  test('an account that may only read: drift is shown, and nothing is written', async () => {
    await bed.kubectl.apply(
      ...account('reader', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }]),
    );
    await namespace('read-only');
    await bed.kubectl.apply(settings({ a: 'wrong' }, 'read-only'));
    const objects = [{ name: 'settings', template: settings({ a: '1' }, 'read-only') }];
    await declare('read-only', { mode: 'Enforce', objects }, 'reader');
    const seen = await when('read-only', 'it drifts', isCompliant('False'));
    expect(conditionOf(seen, 'CorrectionBlocked')?.message).toMatch(
      /platform\/reader may not patch configmaps; grant it/,
    );
    expect(await data('read-only')).toEqual({ a: 'wrong' });
    await bed.kubectl.apply(...account('reader', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }]));
    await when('read-only', 'it is corrected once that is granted', isCompliant('True'), 60);
  }, 90_000);

  test('a baseline about roles grants nothing that its account does not have', async () => {
    // All verbs but the one that allows to grant more than one has.
    const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
    await bed.kubectl.apply(
      ...account('role-writer', [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs }]),
    );
    const template = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reads-secrets' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    };
    await declare('escalation', { mode: 'Enforce', objects: [{ name: 'secrets', template }] }, 'role-writer');
    const seen = await when('escalation', 'it is blocked', (one) => Boolean(conditionOf(one, 'CorrectionBlocked')));
    expect(conditionOf(seen, 'CorrectionBlocked')?.message).toMatch(/grant RBAC permissions not currently held/);
    expect(await bed.kubectl.get('clusterrole', 'reads-secrets')).toBeUndefined();
  });

  test('who may not impersonate the account may not name it: the apiserver refuses', async () => {
    await bed.kubectl.apply(
      ...userWith('eve', []),
      ...userWith('frank', [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] }]),
    );
    const spec = {
      serviceAccountRef: { namespace: home, name: writer },
      objects: [{ name: 'x', template: settings({}, 'default') }],
    };
    const object = { apiVersion, kind: 'ClusterBaseline', metadata: { name: 'named' }, spec };
    const as = (user: string) => bed.kubectl.try(['create', '--as', user, '--filename', '-'], JSON.stringify(object));
    expect((await as('eve')).stderr).toMatch(
      /it acts as ServiceAccount platform\/baseline-writer, on which you need the verb `impersonate`/,
    );
    expect(await as('frank')).toMatchObject({ code: 0 });
  });

  test('without the policy that makes sure of that, nothing is read or written, and what is written then never counts', async () => {
    const policy = 'clusterbaselines.holdfast.dev';
    await namespace('unguarded');
    await bed.kubectl.run('delete', 'validatingadmissionpolicybinding', policy);
    const objects = [{ name: 'settings', template: settings({ a: '1' }, 'unguarded') }];
    await declare('unguarded', { mode: 'Enforce', objects });
    const seen = await when(
      'unguarded',
      'it waits',
      (one) => conditionOf(one, 'Ready')?.reason === 'AccountPolicyMissing',
      30,
      false,
    );
    expect(conditionOf(seen, 'Compliant')?.message).toMatch(
      /ValidatingAdmissionPolicyBinding clusterbaselines.holdfast.dev is missing; run `kubectl apply -f policies\/`/,
    );
    expect(await data('unguarded')).toBeUndefined();
    await bed.kubectl.run('apply', '--filename', policies);
    await untilPoliciesAreHeeded(bed.kubectl);
    const reason = (one: ClusterBaseline) => conditionOf(one, 'Ready')?.reason;
    await when('unguarded', 'it must be written again', (one) => reason(one) === 'WrittenBeforePolicies');
    expect(await data('unguarded')).toBeUndefined();
    await until(
      'its record is there',
      async () => (await get('unguarded'))?.status?.admission?.checked === false || undefined,
    );
    await declare('unguarded', { mode: 'Enforce', objects, maxDeletions: 1 });
    await when('unguarded', 'it continues', isCompliant('True'));
  }, 90_000);

  test('the operator itself may neither read nor write the objects of baselines', async () => {
    const asked = await bed.kubectl.try([
      'auth',
      'can-i',
      'list',
      'configmaps',
      '--as',
      'holdfast-operator',
      '--all-namespaces',
    ]);
    expect(asked.stdout.trim()).toBe('no');
  });
});

describe('two who fight over a field', () => {
  test('are noticed within three rounds: both are named, and corrections stop until the checks change', async () => {
    await namespace('fight');
    await bed.kubectl.apply(settings({ a: 'theirs' }, 'fight'));
    await declare('fight', {
      mode: 'Enforce',
      objects: [{ name: 'settings', template: settings({ a: 'ours' }, 'fight') }],
    });
    let rounds = 0;
    const fight = async (): Promise<true | undefined> => {
      if (conditionOf(await get('fight'), 'Contended')) return true;
      if ((await data('fight'))?.['a'] === 'ours') {
        rounds += 1;
        const flags = ['--server-side', '--force-conflicts', '--field-manager', 'other-controller', '--filename', '-'];
        await bed.kubectl.try(['apply', ...flags], JSON.stringify(settings({ a: 'theirs' }, 'fight')));
      }
      return undefined;
    };
    await until('it is noticed', fight, { seconds: 30 });
    expect(rounds).toBeLessThanOrEqual(3);
    const seen = (await get('fight'))!;
    expect(conditionOf(seen, 'Contended')?.message).toMatch(
      /configmap\/fight\/settings \(settings\): other-controller undid what this baseline wrote/,
    );
    expect(seen.status?.summary?.correction).toBe('Contended');
    expect(seen.status?.corrections).toMatchObject([{ outcome: 'Recurred', recurred: 2, rounds: 2 }]);
    expect((await data('fight'))?.['a']).toBe('theirs');
    await declare('fight', {
      mode: 'Enforce',
      objects: [{ name: 'settings', template: settings({ a: 'ours', b: 'new' }, 'fight') }],
    });
    expect(conditionOf(await when('fight', 'it complies', isCompliant('True')), 'Contended')).toBeUndefined();
  }, 60_000);
});

describe('deletion', () => {
  test('of what must not be is bounded in each pass', async () => {
    await namespace('many');
    await bed.kubectl.apply(...Array.from({ length: 7 }, (_, at) => settings({ a: '1' }, 'many', `debug-${at}`)));
    const template = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'debug-*', namespace: 'many' } };
    await declare('many', {
      mode: 'Enforce',
      maxDeletions: 0,
      objects: [{ name: 'no-debug', match: 'MustNotHave', template }],
    });
    await when('many', 'all are found', (seen) => seen.status?.objects?.drifted === 7);
    expect(await data('many', 'debug-0')).toBeDefined();
    await bed.kubectl.run(
      'patch',
      'clusterbaseline',
      'many',
      '--type',
      'merge',
      '--patch',
      '{"spec":{"maxDeletions":2}}',
    );
    await when('many', 'all are gone', isCompliant('True'));
  }, 60_000);

  test.each([
    ['Keep', { made: true, found: true }],
    ['Created', { made: false, found: true }],
    ['All', { made: false, found: false }],
  ] as const)('of the baseline with prune: %s', async (prune, left) => {
    const name = `prune-${prune.toLowerCase()}`;
    await namespace(name);
    await bed.kubectl.apply(settings({ a: 'wrong' }, name, 'found'));
    const objects = ['made', 'found'].map((one) => ({ name: one, template: settings({ a: '1' }, name, one) }));
    await declare(name, { mode: 'Enforce', prune, objects });
    await when(name, 'both are there', isCompliant('True'));
    await bed.kubectl.run('delete', 'clusterbaseline', name, '--timeout', '30s');
    expect({ made: Boolean(await data(name, 'made')), found: Boolean(await data(name, 'found')) }).toEqual(left);
  });
});

test('a maintenance window that is closed stops correcting, and not looking', async () => {
  await namespace('window');
  const window = { windows: [{ schedule: '0 0 29 2 *', durationSeconds: 60 }] };
  await bed.kubectl.apply({
    apiVersion,
    kind: 'MaintenanceWindow',
    metadata: { name: 'rare', namespace: home },
    spec: window,
  });
  const objects = [{ name: 'settings', template: settings({ a: '1' }, 'window') }];
  await declare('window', { mode: 'Enforce', windowRef: { name: 'rare' }, objects });
  const seen = await when('window', 'it drifts', isCompliant('False'));
  expect(conditionOf(seen, 'WaitsForWindow')?.message).toMatch(
    /waits for MaintenanceWindow rare: opens .*2028-02-29 00:00/,
  );
  expect(await data('window')).toBeUndefined();
  const emergency = { reason: 'outage', until: new Date(Date.now() + 600_000).toISOString() };
  await bed.kubectl.apply({
    apiVersion,
    kind: 'MaintenanceWindow',
    metadata: { name: 'rare', namespace: home },
    spec: { ...window, emergency },
  });
  await when('window', 'it is corrected', isCompliant('True'));
});

// After what users of other tools report of theirs: kyverno#1681, #2534, #4762 and #5042, gatekeeper#710.
describe('DriftReports', () => {
  const reports = async (baseline: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await bed.kubectl.list<DriftReport>('driftreports', { namespace: home, selector: `${reportLabel}=${baseline}` })
      ).map(({ status }) => [`${status?.target?.kind}/${status?.target?.name}`, status?.findings?.length ?? 0]),
    );
  const are = (baseline: string, what: string, wanted: Record<string, number>) =>
    until(`${baseline}: ${what}`, async () => (isDeepStrictEqual(await reports(baseline), wanted) ? true : undefined), {
      seen: () => reports(baseline),
    });

  test('say what there is, and nothing of what is gone', async () => {
    for (const name of ['told-a', 'told-b', 'told-c']) {
      await namespace(name);
      await bed.kubectl.apply(settings({ a: 'wrong' }, name, 'one'), settings({ a: 'wrong' }, name, 'two'));
    }
    const template = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '*o*' }, data: { a: '1' } };
    const spaces = {
      name: 'labelled',
      resource: { kind: 'Namespace' },
      expression: "!object.metadata.name.startsWith('told-') || 'owner' in object.metadata.labels",
    };
    const declared = (include: readonly string[]) =>
      declare('told', {
        objects: [{ name: 'settings', namespaceSelector: { include: [...include] }, template }],
        checks: [spaces],
      });
    await declared(['told-*']);
    const each = { 'Namespace/told-a': 2, 'Namespace/told-b': 2, 'Namespace/told-c': 2 };
    await are('told', 'all is told', { ...each, 'Cluster/cluster': 3 });
    const seen = await when('told', 'the status shows them too', isCompliant('False'));
    expect(seen.status?.findings).toHaveLength(9);

    await bed.kubectl.run('delete', 'configmap', 'two', '-n', 'told-a');
    await are('told', 'an object is gone', { ...each, 'Namespace/told-a': 1, 'Cluster/cluster': 3 });
    await bed.kubectl.run('delete', 'namespace', 'told-c');
    const rest = { 'Namespace/told-a': 1, 'Namespace/told-b': 2, 'Cluster/cluster': 2 };
    await are('told', 'a namespace is gone', rest);
    await bed.kubectl.run('delete', 'driftreports', '-n', home, '-l', `${reportLabel}=told`);
    await are('told', 'what somebody deleted is made again', rest);
    await declared(['told-a']);
    await are('told', 'a namespace is no longer meant', { 'Namespace/told-a': 1, 'Cluster/cluster': 2 });
    await bed.kubectl.run('delete', 'clusterbaseline', 'told');
    await are('told', 'the baseline is gone', {});
  }, 180_000);
});

describe('watches', () => {
  test('begin when a kind comes to be, and end when no baseline needs them', async () => {
    const kind = {
      group: 'later.example',
      names: { kind: 'Later', plural: 'laters', singular: 'later', listKind: 'LaterList' },
    };
    const template = { apiVersion: 'later.example/v1', kind: 'Later', metadata: { name: 'x' }, spec: { a: '1' } };
    await declare('later', { objects: [{ name: 'later', template }] });
    await when('later', 'the kind is not known', isCompliant('Unknown'));
    const schema = {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } },
      },
    };
    await bed.kubectl.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'laters.later.example' },
      spec: { ...kind, scope: 'Cluster', versions: [{ name: 'v1', served: true, storage: true, schema }] },
    });
    await when('later', 'the object is missing', isCompliant('False'), 60);
    await bed.kubectl.run('delete', 'clusterbaseline', 'later');
    await until(
      'the watch has ended',
      () => /laters\.later\.example.*This watch is no longer needed/.test(operator.log()) || undefined,
    );
  }, 120_000);

  test('every change becomes a finding, at 20 changes a second', async () => {
    await namespace('fast');
    const names = Array.from({ length: 100 }, (_, at) => `s-${at}`);
    await bed.kubectl.apply(...names.map((name) => settings({ a: '1' }, 'fast', name)));
    const template = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 's-*', namespace: 'fast' },
      data: { a: '1' },
    };
    await declare('fast', { objects: [{ name: 'settings', template }] });
    await when('fast', 'all hold', isCompliant('True'));
    const changed = new Map<string, number>();
    const found = new Map<string, number>();
    const look = async (): Promise<void> => {
      const [seen] = await bed.kubectl.list<DriftReport>('driftreports', {
        namespace: home,
        selector: `${reportLabel}=fast`,
      });
      for (const { object } of seen?.status?.findings ?? [])
        if (object?.name && !found.has(object.name)) found.set(object.name, performance.now());
    };
    const began = performance.now();
    let writing = Promise.resolve();
    for (const [at, name] of names.entries()) {
      while (performance.now() - began < at * 50) await look();
      // One kubectl at a time would be too slow to write 20 times a second.
      writing = Promise.all([
        writing,
        bed.write(`/api/v1/namespaces/fast/configmaps/${name}`, { data: { a: 'wrong' } }).then(() => {
          changed.set(name, performance.now());
        }),
      ]).then(() => undefined);
    }
    await writing;
    await until('all are found', async () => (await look(), found.size === names.length || undefined), {
      seconds: 60,
      everyMilliseconds: 50,
    });
    const seconds = names.map((name) => (found.get(name)! - changed.get(name)!) / 1000).sort((a, b) => a - b);
    console.info(`found after ${seconds[49]!.toFixed(1)} s (median), ${seconds[94]!.toFixed(1)} s (95 %)`);
    // How long is told and not asserted: machines are slow at times. The aim is 5 s for 95 of 100.
    expect(seconds).toHaveLength(100);
    const described = await bed.kubectl.run('describe', 'clusterbaseline', 'fast');
    expect(described.split('\n').length).toBeLessThan(220);
  }, 120_000);
});
