/** What is in the images of the operator and of runs, from what they are made of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundled } from '../bundle.ts';
import type { Component } from './sbom.ts';

/**
 * The packages of the bundle, with what package-lock.json knows of them: no more than is in it, and no fewer, since the bundler said what it took.
 * Node is one of them, and has the name by which vulnerabilities are known.
 */
export function operatorComponents(root: string, bundled: readonly Bundled[]): Component[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  const components = bundled.map(({ place, name, version, license }): Component => {
    const locked = lock.packages[place];
    if (!locked)
      throw new Error(`package-lock.json does not have ${place}, which is in the bundle; run \`npm install\`.`);
    const { integrity } = locked;
    const origin = { license, ...(integrity && { integrity }) };
    if (!/^node-(linux|darwin)-/.test(name)) return { name, version, purl: npmPurl(name, version), ...origin };
    const cpe = `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`;
    return { name: 'node', version, purl: `pkg:generic/node@${version}`, cpe, ...origin };
  });
  return [...new Map(components.map((one) => [one.purl, one])).values()];
}

/** The `@` of a scope is written in percent encoding; its slash is not. */
function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

/** The pinned packages of Python, and the package of which collections are taken. */
export function runnerComponents(root: string): Component[] {
  const read = (file: string): string => readFileSync(join(root, 'images/runner', file), 'utf8');
  return [...requirements(read('requirements.txt')), collections(read('install.sh'))];
}

/** Throws for what is not pinned: then nobody knows what is in the image. */
export function requirements(text: string): Component[] {
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*/, '').trim());
  return lines.filter((line) => line !== '').map((line) => pinned(line, 'requirements.txt'));
}

function pinned(line: string, file: string): Component {
  const [, name, version] = /^([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.+!_-]+)$/.exec(line) ?? [];
  if (!name || !version)
    throw new Error(`images/runner/${file}: \`${line}\` is not a version; pin it as NAME==VERSION.`);
  // As PyPI compares names.
  return { name, version, purl: `pkg:pypi/${name.toLowerCase().replace(/[._-]+/g, '-')}@${version}` };
}

function collections(script: string): Component {
  const [, requirement = ''] = /^collections=(\S+)/m.exec(script) ?? [];
  const [, names = ''] = /extractCollections\.py" \S+ (.+)$/m.exec(script) ?? [];
  if (!names) throw new Error('images/runner/install.sh: there is no line that extracts collections.');
  const list = names.trim().replaceAll('/', '.').split(/\s+/).join(', ');
  return { ...pinned(requirement, 'install.sh'), comment: `Of its collections, only ${list} are in the image.` };
}
