import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ioWith } from '../../../../test/builders/io.ts';
import { commands } from '../../commands.ts';
import { dispatch } from '../../dispatch.ts';
import { meanings } from './report.ts';

const policy = `
apiVersion: policy.open-cluster-management.io/v1
kind: ConfigurationPolicy
metadata: {name: prod}
spec:
  remediationAction: enforce
  object-templates:
  - complianceType: musthave
    objectDefinition: {apiVersion: v1, kind: Namespace, metadata: {name: prod}}
`;
const templated = policy.replace('name: prod}}', "name: '{{ .x }}'}}");

async function run(args: string, files: Record<string, string> = {}, input = '') {
  const io = ioWith(files, input);
  const code = await dispatch(['import', 'ocm', ...args.split(' ').filter(Boolean)], commands, io);
  return { code, out: io.out, err: io.err, written: io.written };
}

describe('exit codes', () => {
  const files = {
    'a.yaml': policy,
    'b.yaml': templated,
    'c.yaml': 'a: [',
    'd.yaml': '',
    'e.yaml': 'kind: Secret',
    'f/e.yaml': '',
  };
  test.each([
    ['all is translated', 'a.yaml', 0, 'kind: ClusterBaseline', '1 translated'],
    ['the standard input', '-', 0, 'kind: ClusterBaseline', '1 translated'],
    ['some is not', 'a.yaml b.yaml', 2, 'kind: ClusterBaseline', '1 not translated (GoTemplate 1)'],
    ['none is', 'b.yaml', 2, '', '1 not translated (GoTemplate 1)'],
    ['a broken file beside a sound one', 'c.yaml a.yaml', 1, 'kind: ClusterBaseline', 'error: c.yaml:1:5: '],
    ['a missing file', 'x.yaml', 1, '', 'error: x.yaml cannot be read: it does not exist; check the path.'],
    ['an empty file', 'd.yaml', 1, '', 'error: d.yaml is empty; specify a file with policies.'],
    ['no policies', 'e.yaml', 1, '', 'error: the input has no policies of Open Cluster Management; specify files with'],
    ['an empty file in a folder', 'f', 1, '', 'error: the input has no policies'],
    ['no operand', '', 1, '', 'error: specify files, directories, or -'],
    ['a wrong mode', 'a.yaml --mode Warn', 1, '', 'error: --mode must be Inform or Enforce'],
    [
      'a wrong account',
      'a.yaml --service-account writer',
      1,
      '',
      'error: --service-account must have the form namespace/name',
    ],
    ['a wrong prefix', 'a.yaml --name-prefix A_', 1, '', 'error: --name-prefix must have at most 30 characters'],
    ['a reason that there is not', 'a.yaml --accept Prune,All', 1, '', 'error: --accept takes Comparison, Creation'],
    [
      'objects of the cluster that are not there',
      'a.yaml --cluster x.yaml',
      1,
      'kind: ClusterBaseline',
      'error: x.yaml cannot',
    ],
    ['a wrong flag', 'a.yaml --force', 1, '', 'error: unknown flag --force'],
  ])('%s', async (_what, args, code, out, err) => {
    const answer = await run(args, files, policy);
    expect(answer.code).toBe(code);
    expect(answer.err).toContain(err);
    if (out) expect(answer.out).toContain(out);
    else expect(answer.out).toBe('');
  });
});

test('flags say with whose rights, how, and by which names', async () => {
  const { out, err } = await run('a.yaml --service-account team/sa --mode inform --name-prefix ocm-', {
    'a.yaml': policy,
  });
  expect(out).toContain('serviceAccountRef:\n    namespace: team\n    name: sa\n  mode: Inform\n');
  expect(out).toContain('name: ocm-prod\n');
  expect(err).not.toContain('ServiceAccount');
});

test('without an account, the report says which one is to be made', async () => {
  const { err } = await run('a.yaml', { 'a.yaml': policy });
  expect(err).toContain('act as ServiceAccount holdfast-baselines/ocm-import: create it');
});

test('nothing is written where nothing is translated', async () => {
  expect((await run('a.yaml --output out.yaml', { 'a.yaml': templated })).written).toEqual({});
  const { written, out } = await run('a.yaml --output out.yaml', { 'a.yaml': policy });
  expect(Object.keys(written)).toEqual(['out.yaml']);
  expect(out).toBe('');
});

test('names cannot move the cursor of a terminal', async () => {
  const { err } = await run('a.yaml', { 'a.yaml': policy.replace('{name: prod}', '{name: "a\\e[2Jb"}') });
  expect(err).toContain('a [2Jb');
  expect(err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
});

describe('docs/import-ocm.md', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/import-ocm.md'), 'utf8');
  const files = Object.fromEntries(
    [...page.matchAll(/<!-- file: (\S+) -->\n\n```yaml\n(.*?)```/gs)].map(([, name = '', text = '']) => [name, text]),
  );
  const examples = [...page.matchAll(/```console\n\$ kubectl holdfast import ocm (.*?)\n(.*?)```/gs)];

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each(examples.map(([, args = '', report = '']) => ({ args, report })))('$args', async ({ args, report }) => {
    const { err, written } = await run(args, files);
    expect(err).toBe(report);
    expect(Object.keys(written)).toHaveLength(1);
    for (const [name, text] of Object.entries(written)) expect(text).toBe(files[name]);
  });

  // The page is long: a failure names the reason, not the page.
  test.each(Object.entries(meanings).filter(([, meaning]) => meaning !== 'same'))('names %s', (reason) => {
    expect(page.includes(`\`${reason}\``)).toBe(true);
  });
});
