import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { compare, fromAccess, fromTypes, write } from './generate.ts';

const fixture = join(import.meta.dirname, 'testdata/everything');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-generate-'));
  cpSync(fixture, root, { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true }));

const edit = (path: string, change: (text: string) => string) => {
  writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));
};

describe('a run', () => {
  test('makes everything from the types, and a second one changes nothing', () => {
    const { outputs, problems } = fromTypes(root);
    expect(problems).toEqual([]);
    expect(write(root, outputs).sort()).toEqual([
      'crds/Kustomization',
      'crds/holdfast.dev_notes.yaml',
      'crds/holdfast.dev_widgets.yaml',
      'crds/schemas/note_v1alpha1.json',
      'crds/schemas/widget_v1alpha1.json',
      'docs/reference/README.md',
      'docs/reference/note.md',
      'docs/reference/widget.md',
      'manifests/argocd/argocd-cm.yaml',
      'manifests/argocd/openshift-gitops.yaml',
      'manifests/rbac/people.yaml',
      'operator/api/generated/resources.ts',
      'operator/api/generated/schemas.ts',
    ]);
    expect(compare(root, fromTypes(root).outputs)).toEqual([]);
    expect(write(root, fromTypes(root).outputs)).toEqual([]);
  });

  test('puts the sample of a kind into its page', () => {
    expect(fromTypes(root).outputs.get('docs/reference/widget.md')).toContain('metadata: { name: front }');
  });

  test('removes what is no longer generated and leaves what a person wrote', () => {
    write(root, fromTypes(root).outputs);
    writeFileSync(join(root, 'docs/reference/by-hand.md'), '# By hand\n');
    rmSync(join(root, 'operator/api/v1alpha1/note.ts'));
    const { outputs } = fromTypes(root);
    expect(compare(root, outputs)).toContain('crds/holdfast.dev_notes.yaml: it is no longer generated');
    write(root, outputs);
    expect(existsSync(join(root, 'crds/holdfast.dev_notes.yaml'))).toBe(false);
    expect(existsSync(join(root, 'docs/reference/note.md'))).toBe(false);
    expect(existsSync(join(root, 'crds/schemas/note_v1alpha1.json'))).toBe(false);
    expect(existsSync(join(root, 'docs/reference/by-hand.md'))).toBe(true);
    expect(compare(root, outputs)).toEqual([]);
  });

  test('makes the role from the features, if there are any', async () => {
    const types = fromTypes(fixture);
    const roles = await fromAccess(fixture, { ...types, outputs: new Map([['crds/a.yaml', 'a']]) });
    expect(roles.get('manifests/rbac/role.yaml')).toContain('resources:\n      - widgets\n');
    const inChart = (path: string) => roles.get(`charts/holdfast/files/${path}`);
    expect([inChart('crds/a.yaml'), inChart('manifests/rbac/role.yaml')]).toEqual([
      'a',
      roles.get('manifests/rbac/role.yaml'),
    ]);
    rmSync(join(root, 'operator/features.ts'));
    expect(await fromAccess(root, types)).toEqual(new Map());
  });
});

describe('a comparison', () => {
  test('shows the lines that would go and come', () => {
    write(root, fromTypes(root).outputs);
    edit('operator/api/v1alpha1/widget.ts', (text) => text.replace('@maxItems 8', '@maxItems 7'));
    const changes = compare(root, fromTypes(root).outputs);
    const crd = changes.find((change) => change.startsWith('--- crds/holdfast.dev_widgets.yaml\n')) ?? '';
    expect(crd.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
      expect.stringMatching(/^- +maxItems: 8$/),
      expect.stringMatching(/^\+ +maxItems: 7$/),
    ]);
    expect(changes).toHaveLength(4);
  });

  test('cuts a long difference short', () => {
    write(root, new Map([['crds/x.yaml', 'a\n'.repeat(50)]]));
    expect(compare(root, new Map([['crds/x.yaml', 'b\n']]))[0]).toMatch(/\n-a\n… and \d+ more lines$/);
  });

  test('tells of a file that does not exist', () => {
    expect(compare(root, new Map([['crds/x.yaml', 'x']]))).toEqual(['crds/x.yaml: does not exist']);
  });
});

describe('with a problem nothing is generated:', () => {
  test.each<[what: string, path: string, from: string, to: string, problem: string]>([
    [
      'a type',
      'operator/api/v1alpha1/note.ts',
      ' @maxLength 1000',
      '',
      'Note.spec.text: the string has no bound; add @maxLength',
    ],
    [
      'a default',
      'operator/api/v1alpha1/widget.ts',
      '@default 8080',
      '@default 0',
      'Widget.spec.port: its @default does not fit: ',
    ],
    [
      'an example',
      'operator/api/v1alpha1/widget.ts',
      '@example 443',
      '@example x',
      'Widget.spec.port: its @example does not fit: ',
    ],
    [
      'a sample',
      'manifests/samples/widget.yaml',
      'share',
      'shared',
      'manifests/samples/widget.yaml: spec.shared is not a known field',
    ],
    [
      'a sample',
      'manifests/samples/widget.yaml',
      'kind: Widget',
      'kind: Gadget',
      "samples/widget.yaml: there is no kind 'Gadget'.",
    ],
  ])('%s in %s', (_what, path, from, to, problem) => {
    edit(path, (text) => text.replace(from, to));
    const { outputs, problems } = fromTypes(root);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(outputs.size).toBe(0);
  });
});
