/** Files with mistakes: what is said of them, in which line, in which form, and with which exit code. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ioWith } from '../../../test/builders/io.ts';
import { exit, type Io } from '../command.ts';
import { processIo } from '../processIo.ts';
import type { ValidateOutput } from '../validate.ts';
import { runValidate } from './index.ts';
import { objectsIn } from './documents.ts';

const head = (kind: string, name: string): string =>
  `apiVersion: holdfast.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
const baseline = (name: string, spec: string): string =>
  `${head('DeviceBaseline', name)}spec:\n  selector: {matchLabels: {os: rhel9}}\n${spec}`;
const good = baseline('rhel9', '  checks:\n    - {name: motd, file: {path: /etc/motd}}\n');
const window = (spec: string): string => `${head('MaintenanceWindow', 'night')}spec: ${spec}\n`;

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Asking {
  readonly named?: readonly string[];
  readonly format?: ValidateOutput;
  readonly input?: string;
}

async function run(
  files: Readonly<Record<string, string>>,
  { named = Object.keys(files), format = 'text', input = '' }: Asking = {},
): Promise<Answer> {
  const io = ioWith(files, input);
  const real = processIo();
  const isGiven = (path: string): boolean =>
    Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)) || !path.startsWith('/');
  const world: Io = {
    ...io,
    stdout: (text) => io.stdout(text),
    stderr: (text) => io.stderr(text),
    readFile: (path, most) => (isGiven(path) ? io.readFile(path, most) : real.readFile(path, most)),
    readFolder: (path) => (isGiven(path) ? io.readFolder(path) : real.readFolder(path)),
  };
  const code = await runValidate({ files: named, format }, world);
  return { code, out: io.out, err: io.err };
}

/** Of one file `a.yaml`, each problem on one line. */
async function problems(text: string): Promise<string[]> {
  const { out } = await run({ 'a.yaml': text }, { format: 'json' });
  const { objects } = JSON.parse(out) as {
    objects: { problems: { line: number; level: string; message: string }[] }[];
  };
  return objects.flatMap((one) => one.problems.map(({ line, level, message }) => `${line} ${level} ${message}`));
}

describe('what is said, and where', () => {
  test.each([
    [
      'a misspelt field',
      baseline('a', '  cheks: []\n  checks:\n    - {name: a, file: {path: /a}}\n'),
      ['6 invalid spec.cheks is not a known field; did you mean checks?'],
    ],
    [
      'a misspelt field in an item, in a flow',
      baseline('a', '  checks:\n    - name: a\n      file: {path: /a,\n        mod: "0644"}\n'),
      ['9 invalid spec.checks[0].file.mod is not a known field; did you mean mode?'],
    ],
    [
      'a value that is not allowed',
      baseline('a', '  mode: enforce\n  checks:\n    - {name: a, file: {path: /a}}\n'),
      ['6 invalid spec.mode must be one of Inform, Enforce, but is "enforce".'],
    ],
    ['what is missing, in the line of what lacks it', window('{}'), ['4 invalid spec.windows is required.']],
    [
      'a rule, in the words of its message',
      baseline('a', '  checks:\n    - name: a\n'),
      [expect.stringMatching(/^7 invalid spec\.checks\[0\]: a check must have exactly one of/i)],
    ],
    [
      'octal and yes, as YAML 1.1 reads them',
      baseline('a', '  checks:\n    - {name: a, file: {path: /a, mode: 0644}}\n'),
      ['7 invalid spec.checks[0].file.mode must be of type string, but is 420.'],
    ],
    [
      'a misspelt kind',
      head('Devicebaseline', 'a'),
      ['2 invalid kind "Devicebaseline" is not one of Holdfast; did you mean DeviceBaseline?'],
    ],
    ['another version', good.replace('v1alpha1', 'v1'), ['1 invalid apiVersion must be holdfast.dev/v1alpha1.']],
    ['no kind', 'apiVersion: holdfast.dev/v1alpha1\n', ['1 invalid kind is required.']],
    [
      'a number for a label',
      good.replace('{name: rhel9}', '\n  name: rhel9\n  labels:\n    os: 9'),
      ['6 invalid metadata.labels["os"] must be a string; put it in quotes.'],
    ],
  ])('%s', async (_, text, says) => {
    expect(await problems(text)).toEqual(says);
  });

  test('every document counts its lines from the top of the file', async () => {
    const text = `# two\n---\n${good}---\n\n---\n${window('{windows: []}')}`;
    expect(await problems(text)).toEqual(['16 invalid spec.windows must not have fewer than 1 items.']);
  });

  test('items of a List are objects, with the lines that they have', async () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${window('{}').trim().replaceAll('\n', '\n  ')}\n`;
    expect(await problems(text)).toEqual(['7 invalid spec.windows is required.']);
  });

  test('paths through aliases and merges end where these are written', () => {
    const [one] = objectsIn('a: &x\n  b: 1\nc:\n  <<: *x\nd: *x\n', 'f');
    expect([one?.lineOf('a.b'), one?.lineOf('c.b'), one?.lineOf('d.b'), one?.lineOf('e')]).toEqual([2, 3, 5, 1]);
  });
});

/** As Argo CD (`jsonPointers`, `jqPathExpressions`), Flux (`paths`) and kubectl (JSONPath) have them. */
test.each([
  '/spec/replicas',
  '.spec.replicas',
  '$.spec.replicas',
  'spec.template.spec.containers[].image',
  'spec.template.spec.containers[?(@.name=="app")].image',
  "metadata.annotations['a.b/c']",
  'metadata.annotations.example.com/owner',
])('paths of others are no ignoredPaths: %s', async (path) => {
  const template = '{apiVersion: apps/v1, kind: Deployment, metadata: {name: x, namespace: y}, spec: {replicas: 1}}';
  const text = `${head('ClusterBaseline', 'a')}spec:\n  serviceAccountRef: {namespace: a, name: b}\n  objects:\n    - name: x\n      severity: Low\n      ignoredPaths: [${JSON.stringify(path)}]\n      template: ${template}\n`;
  expect((await problems(text))[0]).toMatch(
    /^9 invalid spec\.objects\[0\]\.ignoredPaths\[0\] is .+: must be a path as findings print it, such as `spec\.replicas`/,
  );
});

describe('what the apiserver takes, and would not work', () => {
  test.each([
    [
      'a schedule that programs of cron read in different ways',
      window('{windows: [{schedule: "0 2 1-7 * */7", durationSeconds: 60}]}'),
      /^4 fault spec\.windows\[0\]\.schedule: `0 2 1-7 \* \*\/7` does not say when/,
    ],
    [
      'an objective that counts all buckets',
      `${head('ServiceLevelObjective', 'a')}spec: {objectivePercent: "99", indicator: {ratio: {good: 'd_bucket{le="1"}', total: d_bucket}}}\n`,
      /^4 fault spec\.indicator\.ratio\.total counts each event once per bucket/,
    ],
    [
      'a schedule that cannot be read',
      window('{windows: [{schedule: "0 25 * * 0", durationSeconds: 60}]}'),
      /^4 fault spec\.windows\[0\]\.schedule: `0 25 \* \* 0` is not a schedule/,
    ],
    [
      'a zone that does not exist',
      window('{timeZone: Europe/Wien, windows: [{schedule: "0 2 * * 0", durationSeconds: 60}]}'),
      /^4 fault spec\.timeZone: there is no zone `Europe\/Wien`/,
    ],
    [
      'a window that never opens',
      window('{windows: [{schedule: "0 2 31 2 *", durationSeconds: 60}]}'),
      /^4 fault spec\.windows: it never opens/,
    ],
    [
      'checks that contradict each other',
      baseline(
        'a',
        '  checks:\n    - {name: a, file: {path: /a, mode: "0644"}}\n    - {name: b, file: {path: /a, mode: "0600"}}\n',
      ),
      /^7 fault spec\.checks\[0\]: check 'a': it conflicts with check 'b' of this baseline \(mode of \/a\)/,
    ],
    [
      'an expression that does not compile',
      `${head('ClusterBaseline', 'a')}spec:\n  serviceAccountRef: {namespace: a, name: b}\n  checks:\n    - name: x\n      resource: {kind: Pod}\n      expression: "object.spec.("\n`,
      /^7 fault spec\.checks\[0\]: check 'x': /,
    ],
  ])('%s', async (_, text, says) => {
    const [first = ''] = await problems(text);
    expect(first).toMatch(says);
    expect((await run({ 'a.yaml': text })).code).toBe(exit.differs);
  });
});

/** As Grafana and Flagger have them, and one that is not complete. A server with extensions of PromQL may take what this parser does not. */
test.each([
  ['metrics[0].query', `metrics: [{name: a, query: 'sum(rate(a[$__rate_interval]))', max: "1"}]`],
  ['metrics[0].query', `metrics: [{name: a, query: 'sum(rate(a{b="{{ c }}"}[{{ interval }}]))', max: "1"}]`],
  ['metrics[0].samplesQuery', `metrics: [{name: a, query: a, max: "1", samplesQuery: 'sum(a', minSamples: 1}]`],
  ['comparisons[0].errorsQuery', `comparisons: [{name: a, errorsQuery: 'a[$window] by b', totalQuery: 'a[$window]'}]`],
])('a query of a gate that does not parse is a warning: %s', async (path, gates) => {
  const text = `${head('CanaryRollout', 'a')}spec:\n  target: {deviceBaselineRef: {name: rhel9}}\n  steps: [{percent: 100, soakSeconds: 60}]\n  gates:\n    ${gates}\n`;
  const { code, out } = await run({ 'a.yaml': good, 'b.yaml': text });
  expect(code).toBe(exit.holds);
  expect(out.replace(/\s+/g, ' ')).toContain(`spec.gates.${path}: the query does not parse`);
  expect(out.replace(/\s+/g, ' ')).toContain('Prometheus refuses such a query, and the gate never passes');
});

describe('what is referred to', () => {
  const refers = baseline(
    'rhel9',
    '  remediation: {windowRef: {name: nigth}}\n  checks:\n    - {name: motd, file: {path: /etc/motd}}\n',
  );
  const waiver = `${head('PolicyWaiver', 'w')}spec:\n  source: {kind: DeviceBaseline, name: rhel9}\n  checks: [modt]\n  targets: {names: [web-01]}\n  reason: x\n  requestedBy: a\n  expiryTime: "2100-01-01T00:00:00Z"\n`;

  test('is a warning where it is not among the files, with what may be meant', async () => {
    const { code, out } = await run({
      'a.yaml': refers,
      'b.yaml': window('{windows: [{schedule: "0 2 * * 0", durationSeconds: 60}]}'),
    });
    expect(code).toBe(exit.holds);
    expect(out).toContain('a.yaml:6: DeviceBaseline rhel9: warning\n');
    expect(out.replace(/\s+/g, ' ')).toContain('MaintenanceWindow nigth is not among these files; did you mean night?');
  });

  test('an objective of the gates of a rollout', async () => {
    const rollout = `${head('CanaryRollout', 'a')}spec:\n  target: {deviceBaselineRef: {name: rhel9}}\n  steps: [{percent: 100, soakSeconds: 60}]\n  gates: {objectives: [{name: wbe}]}\n`;
    const objective = `${head('ServiceLevelObjective', 'web')}spec: {objectivePercent: "99", indicator: {ratio: {good: a, total: b}}}\n`;
    const { out } = await run({ 'a.yaml': good, 'b.yaml': rollout, 'c.yaml': objective });
    expect(out.replace(/\s+/g, ' ')).toContain(
      'spec.gates.objectives[0]: ServiceLevelObjective wbe is not among these files; did you mean web?',
    );
  });

  test('a waiver for a check that its baseline does not have', async () => {
    const { out } = await run({ 'a.yaml': good, 'b.yaml': waiver });
    expect(out.replace(/\s+/g, ' ')).toContain(
      'spec.checks[0]: modt is not a check of DeviceBaseline rhel9; did you mean motd?',
    );
  });

  test('of another namespace is not the same', async () => {
    const { out } = await run({
      'a.yaml': good.replace('{name: rhel9}', '{name: rhel9, namespace: lab}'),
      'b.yaml': waiver.replace('{name: w}', '{name: w, namespace: fleet}'),
    });
    expect(out.replace(/\s+/g, ' ')).toContain('DeviceBaseline rhel9 is not among these files');
  });

  test('two objects of one name', async () => {
    const { code, out } = await run({ 'a.yaml': good, 'b.yaml': good });
    expect(code).toBe(exit.holds);
    expect(out).toContain('a.yaml:1 has a DeviceBaseline of this name too');
  });
});

describe('what is of other kinds', () => {
  // https://github.com/instrumenta/kubeval/issues/126, yannh/kubeconform#247: what was skipped must not look like a pass.
  test('is counted, and nothing of ours is no success', async () => {
    const { code, out } = await run({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n' });
    expect({ code, out }).toEqual({
      code: exit.differs,
      out: 'No object of Holdfast is among these files.\n0 objects valid, 1 of other kinds skipped\n',
    });
  });

  // https://github.com/instrumenta/kubeval/pull/127: strictness must not end with what is skipped.
  test('makes nothing of ours less strict', async () => {
    const text = `apiVersion: v1\nkind: Pod\n---\n${good}---\n${baseline('b', '  cheks: []\n')}`;
    const { code, out } = await run({ 'a.yaml': text });
    expect(code).toBe(exit.differs);
    expect(out).toContain('1 object valid, 1 invalid, 1 of other kinds skipped\n');
  });

  test('a file that was named and has no object of Kubernetes is invalid; one of a directory is skipped', async () => {
    expect((await run({ 'a.yaml': 'a: 1\n' })).code).toBe(exit.differs);
    const { code, out } = await run({ 'dir/values.yaml': 'a: 1\n', 'dir/b.yaml': good }, { named: ['dir'] });
    expect({ code, out }).toEqual({ code: exit.holds, out: '1 object valid, 1 of other kinds skipped\n' });
  });
});

describe('what cannot be read', () => {
  test.each([
    ['a file that does not exist', {}, ['missing.yaml'], 'missing.yaml cannot be read: it does not exist'],
    ['broken YAML', { 'a.yaml': 'a: [\n' }, ['a.yaml'], 'a.yaml:'],
    [
      'a key that is there twice',
      { 'a.yaml': good.replace('spec:', 'kind: Device\nspec:') },
      ['a.yaml'],
      'a.yaml:4:1: ',
    ],
    ['a template of Helm', { 'a.yaml': 'a: {{ .Values.b }}\n' }, ['a.yaml'], 'helm template'],
  ])('%s ends with 1', async (_, files, named, says) => {
    const { code, out } = await run(files, { named });
    expect(code).toBe(exit.failed);
    expect(out.replace(/\s+/g, ' ')).toContain(says);
  });

  test('the others are validated all the same', async () => {
    const { code, out } = await run({ 'a.yaml': 'a: [\n', 'b.yaml': baseline('b', '  cheks: []\n') });
    expect(code).toBe(exit.failed);
    expect(out).toContain('spec.cheks is not a known field');
    expect(out).toContain('0 objects valid, 1 invalid, 1 file unreadable\n');
  });

  test('directories of kustomize and charts of Helm come with the command that builds them', async () => {
    const kustomize = await run(
      { 'o/kustomization.yaml': 'kind: Kustomization\n', 'o/b.yaml': good },
      { named: ['o'] },
    );
    expect(kustomize.err).toContain('kustomize build o | kubectl holdfast validate -f -\n');
    const helm = await run({ 'c/Chart.yaml': 'name: x\n', 'c/templates/b.yaml': 'a: {{ x }}\n' }, { named: ['c'] });
    expect(helm.err).toContain('helm template c | kubectl holdfast validate -f -\n');
  });
});

describe('the forms', () => {
  const bad = {
    'dir/a b.yaml': good,
    'dir/c.yaml': baseline('c', '  mode: x\n  checks:\n    - {name: a, file: {path: /a}}\n'),
  };

  test('junit: a suite for each file, a case for each object', async () => {
    const { out } = await run(bad, { named: ['dir'], format: 'junit' });
    expect(out).toContain('<testsuite name="File dir/a b.yaml" tests="1" failures="0"');
    expect(out).toContain('<testsuite name="File dir/c.yaml" tests="1" failures="1"');
    expect(out).toContain('line 6');
  });

  test('sarif: each problem in its line, with a path that code scanning finds', async () => {
    const { out } = await run(bad, { named: ['dir'], format: 'sarif' });
    const { runs } = JSON.parse(out) as { runs: { results: { level: string; locations: unknown[] }[] }[] };
    expect(runs[0]?.results).toMatchObject([
      {
        ...{ ruleId: 'invalid', level: 'error' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'dir/c.yaml' }, region: { startLine: 6 } } }],
      },
    ]);
  });

  test('from the standard input', async () => {
    const { code, out } = await run({}, { named: ['-'], input: good });
    expect({ code, out }).toEqual({ code: exit.holds, out: '1 object valid\n' });
  });

  test('what files say moves no cursor, and text fits 80 columns', async () => {
    const { out } = await run({
      'a.yaml': `${head('DeviceBaseline', '"a\\e[2J"')}spec: {"${'x'.repeat(300)}\\u202e": 1}\n`,
    });
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });
});

test('the example of the docs is what is printed', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/terminal.md'), 'utf8');
  const [, printed] = /^\$ kubectl holdfast validate -f baseline\.yaml\n([^`]+)```/m.exec(page) ?? [];
  const checks = '  mode: enforce\n  checks:\n    - name: motd\n      file: {path: /etc/motd, mod: "0644"}\n';
  const text = baseline('rhel9', checks).replace('metadata: ', 'metadata:\n  ').replace('{name: rhel9}', 'name: rhel9');
  expect((await run({ 'baseline.yaml': text })).out).toBe(printed);
});
