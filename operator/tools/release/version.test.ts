import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { disagreements, versionOf } from './version.ts';

const root = resolve(import.meta.dirname, '../../..');
const files = [
  'package.json',
  'package-lock.json',
  'charts/holdfast/Chart.yaml',
  'manifests/olm/manifests/holdfast.clusterserviceversion.yaml',
  'manifests/argocd/application.yaml',
  'README.md',
  'docs/install.md',
];

test('everything has the version of package.json', () => {
  expect(disagreements(root)).toEqual([]);
});

describe('a version that was forgotten is found in', () => {
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'holdfast-version-'));
    for (const file of files) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(root, file), join(copy, file));
    }
  });

  afterEach(() => rmSync(copy, { recursive: true }));

  const replace = (file: string, from: string | RegExp, to: string) => {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
  };

  // https://github.com/kubernetes-sigs/descheduler/issues/776: a chart is released whose app is of the version before.
  test.each<[file: string, from: RegExp, to: string]>([
    ['charts/holdfast/Chart.yaml', /^version: .*$/m, 'version: 9.9.9'],
    ['charts/holdfast/Chart.yaml', /^appVersion: .*$/m, 'appVersion: 9.9.9'],
    ['manifests/olm/manifests/holdfast.clusterserviceversion.yaml', /^ {2}name: .*$/m, '  name: holdfast.v9.9.9'],
    ['manifests/olm/manifests/holdfast.clusterserviceversion.yaml', /^ {2}version: .*$/m, '  version: 9.9.9'],
    ['manifests/argocd/application.yaml', /targetRevision: v.*$/m, 'targetRevision: v9.9.9'],
    ['manifests/argocd/application.yaml', /\?ref=v.*\]/, '?ref=v9.9.9]'],
    ['package-lock.json', /"version": ".*"/, '"version": "9.9.9"'],
    ['README.md', /holdfast-runner:\S+/, 'holdfast-runner:9.9.9'],
    ['docs/install.md', /holdfast-runner:[^\s`]+/, 'holdfast-runner:9.9.9'],
    ['docs/install.md', /kubectl-holdfast-\S+\.tgz/, 'kubectl-holdfast-9.9.9.tgz'],
  ])('%s, %s', (file, from, to) => {
    replace(file, from, to);
    expect(disagreements(copy)).toEqual([`${file}: has 9.9.9, but package.json has ${versionOf(root)}`]);
  });

  test('package.json itself: every other place is named', () => {
    replace('package.json', /"version": ".*"/, '"version": "9.9.9"');
    expect(new Set(disagreements(copy).map((sentence) => sentence.split(':')[0]))).toEqual(new Set(files.slice(1)));
  });

  test('a place that has none any longer', () => {
    replace('charts/holdfast/Chart.yaml', /^appVersion: .*$/m, '');
    expect(disagreements(copy)).toEqual([expect.stringMatching(/^charts\/holdfast\/Chart\.yaml: there is no version/)]);
  });
});
