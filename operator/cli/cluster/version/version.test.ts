/** Skew as tables, and what is said of clusters that cannot be read, hang, or are being upgraded. */
import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { ApiError } from '../../../runtime/apiError.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { ownVersion } from '../../../wiring/version.ts';
import { exit, Failure, type Cluster, type Io } from '../../command.ts';
import { processIo } from '../../processIo.ts';
import type { Deployment, Lease, Pod } from '../kinds.ts';
import { runVersion, skewWarning } from './index.ts';
import { problemsOf, versionsText, type Versions } from './report.ts';
import { runningOf, skewOf, worstSkew } from './skew.ts';

describe('skew', () => {
  test.each([
    ['1.4.2', '1.4.2', 'same', 'plugin and operator are of the same version'],
    ['1.4.2', 'v1.4.2', 'same', 'plugin and operator are of the same version'],
    ['1.4.2', '1.4.9', 'supported', 'plugin and operator are of the same minor version'],
    ['1.4.2', '1.3.0', 'supported', 'the operator is 1 minor version older than this plugin, which works'],
    ['1.4.2', '1.5.0-rc.1', 'supported', 'the operator is 1 minor version newer than this plugin, which works'],
    [
      '1.4.2',
      '1.2.9',
      'unsupported',
      'the operator is 2 minor versions older than this plugin, which supports 1; upgrade the operator, or use the plugin of version 1.2',
    ],
    [
      '1.4.2',
      '1.10.0',
      'unsupported',
      'the operator is 6 minor versions newer than this plugin, which supports 1; use the plugin of version 1.10',
    ],
    ['1.4.2', '2.4.2', 'unsupported', 'the operator is of a newer major version; use the plugin of version 2.4'],
    ['1.4.2', undefined, 'unknown', 'the version of the operator is unknown'],
    ['1.4.2', 'latest', 'unknown', 'the version of the operator is unknown'],
  ])('%s with an operator %s', (own, found, skew, message) => {
    expect(skewOf(own, found)).toEqual({ skew, message });
  });
});

const spec = (image: string) => ({
  containers: [
    { name: 'proxy', image: 'x:9.9.9' },
    { name: 'operator', image },
  ],
});
const pod = (name: string, image: string, more: { labels?: object; phase?: string; deleted?: string } = {}): Pod =>
  ({
    metadata: { name, labels: more.labels, deletionTimestamp: more.deleted },
    spec: spec(image),
    status: { phase: more.phase ?? 'Running' },
  }) as unknown as Pod;
const deployment = (image: string, labels = {}): Deployment =>
  ({ metadata: { name: 'o', labels }, spec: { template: { spec: spec(image) } } }) as unknown as Deployment;
const lease = { spec: { holderIdentity: 'b_0a1b' } } as unknown as Lease;

describe('which operators run', () => {
  test('pods count, not what the Deployment wants: during an upgrade there are two, and the leader comes first', () => {
    const seen = {
      deployment: deployment('r:5000/o:0.3.0'),
      pods: [
        pod('a', 'r:5000/o:0.3.0'),
        pod('b', 'r:5000/o:0.2.1@sha256:ab'),
        pod('c', 'o:0.1.0', { deleted: '2026-01-01T00:00:00Z' }),
        pod('d', 'o:0.1.0', { phase: 'Pending' }),
      ],
      lease,
    };
    const running = runningOf(seen);
    expect(running.map(({ version, pods, leads }) => ({ version, pods, leads }))).toEqual([
      { version: '0.2.1', pods: 1, leads: true },
      { version: '0.3.0', pods: 1, leads: false },
    ]);
    expect(worstSkew('0.2.0', running).skew).toBe('supported');
    expect(worstSkew('0.4.0', running).skew).toBe('unsupported');
  });

  test('an image by its digest alone is known by the label of the chart, and a tag that is no version by nothing', () => {
    const labels = { 'app.kubernetes.io/version': '0.2.1' };
    expect(runningOf({ deployment: undefined, pods: [pod('a', 'r/o@sha256:ab', { labels })], lease })).toMatchObject([
      { version: '0.2.1', pods: 1 },
    ]);
    const latest = runningOf({ deployment: deployment('r/o:latest'), pods: [], lease: undefined });
    expect(latest).toMatchObject([{ version: undefined, pods: 0 }]);
    expect(worstSkew('0.2.0', latest).skew).toBe('unknown');
    expect(worstSkew('0.2.0', []).skew).toBe('unknown');
  });
});

describe('the report', () => {
  const pass = { result: 'Pass', message: '13 schemas are those of this CLI' } as const;
  const versions: Versions = {
    plugin: '0.2.0',
    namespace: 'holdfast',
    operator: { is: [{ version: '0.2.0', image: 'o:0.2.0', pods: 2, leads: true }] },
    skew: skewOf('0.2.0', '0.2.0'),
    crds: { is: { served: pass, schemas: pass } },
    apiserver: { is: { version: 'v1.35.4', verdict: { result: 'Pass', message: 'Kubernetes v1.35.4; 1.30 …' } } },
  };

  test('fits its width, and says that all is well where it is', () => {
    expect(versionsText(versions, 80)).toBe(`Plugin      0.2.0
Operator    0.2.0 (2 pods, leads)
CRDs        13 schemas are those of this CLI
Apiserver   v1.35.4; 1.30 …

Plugin and operator are of the same version.
`);
    expect(problemsOf(versions)).toEqual([]);
  });

  test('CRDs differ beside an operator of another version, and should not beside one of this version', () => {
    const crds = { is: { served: pass, schemas: { result: 'Warn', message: '1 of 13 CRDs are newer' } } } as const;
    expect(problemsOf({ ...versions, crds, skew: skewOf('0.2.0', '0.3.0') })).toEqual([]);
    expect(problemsOf({ ...versions, crds })).toEqual([
      '1 of 13 CRDs are newer, though the operator is of its version; run `kubectl holdfast doctor`',
    ]);
  });

  test('what a cluster says moves no cursor', () => {
    const operator = { is: [{ version: undefined, image: 'o\x1b[2J\rx', pods: 1, leads: false }] };
    expect(versionsText({ ...versions, operator }, 80)).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

/** Each request ends as given. */
function world(request: () => Promise<unknown>, cluster?: Io['cluster']) {
  const client = { get: request, list: request, document: request };
  const io = ioWith({});
  const given: Cluster = {
    client: client as unknown as Cluster['client'],
    http: {} as Cluster['http'],
    clock: systemClock,
    namespace: undefined,
    date: () => undefined,
    close: () => Promise.resolve(),
  };
  let left = 0;
  const all: Io = {
    ...processIo(),
    stdout: (text) => io.stdout(text),
    leave: () => void (left += 1),
    cluster: cluster ?? (() => Promise.resolve(given)),
  };
  return { io: all, out: () => io.out, left: () => left, cluster: given };
}
const asked = { client: false, namespace: 'holdfast', output: 'text', where: {} } as const;

describe('without a cluster', () => {
  test('--client asks none', async () => {
    const { io, out } = world(
      () => Promise.reject(new Error('asked')),
      () => Promise.reject(new Error('asked')),
    );
    expect(await runVersion({ ...asked, client: true }, io)).toBe(exit.holds);
    expect(out()).toBe(`Plugin      ${ownVersion()}\n`);
  });

  test('the own version comes with one sentence, and is not all that was asked', async () => {
    const { io, out } = world(
      () => Promise.resolve(),
      () => Promise.reject(new Failure('The kubeconfig x cannot be read.')),
    );
    expect(await runVersion(asked, io)).toBe(exit.differs);
    expect(out()).toBe(
      `Plugin      ${ownVersion()}\n\nWarning: no cluster could be asked: The kubeconfig x cannot be read.\n`,
    );
  });

  test.each([
    ['the program for credentials waits for a person', undefined, 1, 'gave no credentials in time'],
    ['the apiserver never responds', () => new Promise(() => undefined), 0, 'the apiserver did not respond in time'],
  ])(
    'it ends by itself when %s',
    async (_, request, left, says) => {
      const hangs: Io['cluster'] = () => new Promise(() => undefined);
      const made = request ? world(request) : world(() => Promise.resolve(), hangs);
      expect(await runVersion(asked, made.io)).toBe(exit.differs);
      expect(made.left()).toBe(left);
      expect(made.out().replace(/\s+/g, ' ')).toContain(says);
    },
    20_000,
  );

  test('what may not be read is unknown, and the right that is missing is named', async () => {
    const message =
      'x is forbidden: User "bob" cannot get resource "deployments" in API group "apps" in the namespace "holdfast"';
    const made = world(() => Promise.reject(new ApiError('get x', 403, { reason: 'Forbidden', message })));
    expect(await runVersion({ ...asked, output: 'json' }, made.io)).toBe(exit.differs);
    expect(JSON.parse(made.out())).toMatchObject({
      plugin: { version: ownVersion() },
      operator: { unknown: 'you may not get deployments.apps in namespace holdfast' },
      skew: { skew: 'unknown' },
    });
  });
});

test('the warning of other commands is one line, for what is known to be unsupported alone', async () => {
  const of = (request: () => Promise<unknown>) => skewWarning(world(request).cluster);
  expect(await of(() => Promise.resolve(deployment('o:99.0.0')))).toBe(
    'warning: the operator is of a newer major version; use the plugin of version 99.0.\n',
  );
  expect(await of(() => Promise.resolve(deployment(`o:${ownVersion()}`)))).toBeUndefined();
  expect(await of(() => Promise.resolve(deployment('o:latest')))).toBeUndefined();
  expect(await of(() => Promise.resolve(undefined))).toBeUndefined();
  expect(await of(() => Promise.reject(new Error('away')))).toBeUndefined();
});
