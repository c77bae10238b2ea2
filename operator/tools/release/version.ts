/** The version is that of package.json. Where else it is written, it must be the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file, and what is around the version there; each match must be of the same version, and there must be one. */
const places: readonly (readonly [path: string, written: RegExp])[] = [
  ['package-lock.json', /^ {2}"version": "(.+)",$/gm],
  ['package-lock.json', /^ {4}"": \{\n {6}"name": "holdfast",\n {6}"version": "(.+)",$/gm],
  ['charts/holdfast/Chart.yaml', /^version: (.+)$/gm],
  ['charts/holdfast/Chart.yaml', /^appVersion: (.+)$/gm],
  ['manifests/olm/manifests/holdfast.clusterserviceversion.yaml', /^ {2}name: holdfast\.v(.+)$/gm],
  ['manifests/olm/manifests/holdfast.clusterserviceversion.yaml', /^ {2}version: (.+)$/gm],
  ['manifests/argocd/application.yaml', /targetRevision: v(.+)$/gm],
  ['manifests/argocd/application.yaml', /\?ref=v([^\s`'"]+?)\]/gm],
  ['README.md', /holdfast-(?:operator|runner):(\d[^\s`]*)/gm],
  ['docs/install.md', /holdfast-(?:operator|runner):(\d[^\s`]*)/gm],
  ['docs/install.md', /kubectl-holdfast-(\d[^\s`]*?)(?:-linux-x64)?\.(?:tar\.gz|tgz)/gm],
];

export function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** One sentence for each place that has another version than package.json, or none. */
export function disagreements(root: string): string[] {
  const version = versionOf(root);
  return places.flatMap(([path, written]) => {
    const found = [...readFileSync(join(root, path), 'utf8').matchAll(written)].map(([, text = '']) => text);
    if (found.length === 0) return [`${path}: there is no version where ${written} expects one`];
    const others = [...new Set(found.filter((text) => text !== version))];
    return others.map((other) => `${path}: has ${other}, but package.json has ${version}`);
  });
}
