/** Watches of kinds that only a resource names, on a real control plane: whose rights, how long, and what becomes of refusals. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Kind } from '../../operator/api/kind.ts';
import type { AccountWrite, OpenFeature, Followed, Tried } from '../../operator/runtime/feature.ts';
import { until } from '../operator/until.ts';
import { ClusterBed } from '../wire/clusterBed.ts';
import { VALVE, ready, type Valve } from '../wire/valves.ts';

let bed: ClusterBed;
const CONFIG_MAP: Kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const account = { namespace: 'default', name: 'reader' };
const rbac = 'rbac.authorization.k8s.io/v1';

beforeAll(async () => {
  bed = await ClusterBed.open();
  await grant(['get', 'list', 'watch']);
}, 900_000);
afterEach(() => bed.clear(), 60_000);
afterAll(() => bed.close(), 60_000);

const kindOf = (plural: string, kind: string, group = '', namespaced = true): Kind => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced,
});

async function grant(verbs: readonly string[]): Promise<void> {
  const role = { apiVersion: rbac, kind: 'Role', metadata: { name: 'reader', namespace: 'default' } };
  const ClusterRole = kindOf('clusterroles', 'ClusterRole', 'rbac.authorization.k8s.io', false);
  const ClusterRoleBinding = kindOf('clusterrolebindings', 'ClusterRoleBinding', 'rbac.authorization.k8s.io', false);
  const rules = verbs.length ? [{ apiGroups: [''], resources: ['configmaps'], verbs }] : [];
  await bed.client.apply(
    ClusterRole,
    { ...role, kind: 'ClusterRole', metadata: { name: 'reader' }, rules },
    { manager: 'test' },
  );
  await bed.client.apply(
    ClusterRoleBinding,
    {
      ...role,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    },
    { manager: 'test' },
  );
}

function configMap(name: string, data: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}

interface Seen {
  readonly followed?: Followed;
  readonly names: readonly string[];
}

/** Follows ConfigMaps as the account while `level` is 1; remembers what it saw last. */
function follower(seen: Seen[]): OpenFeature<Valve, Seen> {
  return {
    kind: VALVE,
    follows: true,
    observe: async ({ spec }, { read }) => {
      if (spec.level !== 1) return { names: [] };
      const followed = await read.as(account).follow(CONFIG_MAP);
      const names = followed.is === 'current' ? followed.list('default').map(({ metadata }) => metadata.name) : [];
      return { followed, names };
    },
    decide: (_, world) => {
      seen.push(world);
      return ready({});
    },
  };
}

test('what is followed is seen, and a change makes another pass', async () => {
  const seen: Seen[] = [];
  await bed.create('a');
  await bed.start([follower(seen)]);
  await until('it is listed', () => seen.at(-1)?.followed?.is === 'current' || undefined);
  await bed.client.create(CONFIG_MAP, configMap('new'), { manager: 'test' });
  await until('the new one is seen', () => seen.at(-1)?.names.includes('new') || undefined, { seconds: 5 });
  await bed.client.apply(CONFIG_MAP, configMap('new', { a: '1' }), { manager: 'test' });
  const passes = seen.length;
  await until('the change is seen', () => seen.length > passes || undefined, { seconds: 5 });
}, 60_000);

test('it is read with the rights of the account, and a refusal says what to grant', async () => {
  const seen: Seen[] = [];
  await grant([]);
  await bed.create('a');
  await bed.start([follower(seen)]);
  const refused = await until('it is refused', () => seen.at(-1)?.followed);
  expect(refused).toEqual({
    is: 'unknown',
    message: 'ServiceAccount default/reader may not list and watch configmaps; bind a role with these verbs to it',
  });
  await grant(['get', 'list', 'watch']);
  await until('it is allowed', () => seen.at(-1)?.followed?.is === 'current' || undefined, { seconds: 60 });
}, 120_000);

test('a watch is shared, and ends when no pass asks for it any more', async () => {
  const seen: Seen[] = [];
  await Promise.all(['a', 'b'].map((name) => bed.create(name)));
  await bed.start([follower(seen)]);
  await until('both follow', () => seen.filter(({ followed }) => followed?.is === 'current').length >= 2 || undefined);
  const watches = () => bed.requests.filter((request) => request === 'watch 200');
  await until('both watches are answered', () => watches().length >= 2 || undefined);
  expect(watches()).toHaveLength(2); // Valves and ConfigMaps
  await Promise.all(
    ['a', 'b'].map((name) =>
      bed.client.mergePatch(VALVE, { namespace: 'default', name }, { spec: { level: 2 } }, { manager: 'test' }),
    ),
  );
  await until('neither follows', () => seen.slice(-2).every(({ followed }) => !followed) || undefined);
  const passes = seen.length;
  await bed.client.create(CONFIG_MAP, configMap('unseen'), { manager: 'test' });
  await bed.create('c', { level: 2 });
  await until('only the new Valve is looked at', () => seen.length > passes || undefined);
  expect(seen).toHaveLength(passes + 1);
}, 60_000);

test('a dry run tells what would be stored, or why it is refused, and writes nothing', async () => {
  const tried: Tried[] = [];
  const writes: AccountWrite[] = [
    { create: configMap('tried'), manager: 'test' },
    { apply: configMap('new', { a: '2' }), manager: 'test' },
  ];
  const feature: OpenFeature<Valve, Tried[]> = {
    kind: VALVE,
    follows: true,
    observe: (_, { read, signal }) =>
      Promise.all(writes.map((write) => read.as(account).try(CONFIG_MAP, write, signal))),
    decide: (_, world) => {
      tried.push(...world);
      return ready({});
    },
  };
  await bed.create('a');
  await grant(['create', 'get']);
  await bed.start([feature]);
  await until('it was tried', () => tried.length >= 2 || undefined);
  expect(tried[0]).toMatchObject({ is: 'accepted', object: { metadata: { name: 'tried' } } });
  expect(tried[1]).toMatchObject({ is: 'refused', status: 403 });
  expect(await bed.client.get(CONFIG_MAP, { namespace: 'default', name: 'tried' })).toBeUndefined();
}, 60_000);
