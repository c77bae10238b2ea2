/** The chart as it is released: with the images by digest, and packed by Helm in a way that gives the same bytes each time. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Images } from '../deployment.ts';
import { archive } from './archive.ts';

/** Where values.yaml has an image: up to its digest. */
const operatorImage = /^(image:\n {2}repository: )''(\n(?: {2}.*\n)*? {2}digest: )''/m;
const runnerImage = /^(runner:\n {2}image:\n {4}repository: )''(\n(?: {4}.*\n)*? {4}digest: )''/m;

/** values.yaml with the images by digest, where they have one. */
export function valuesWith(text: string, { operator, runner }: Images): string {
  return withImage(withImage(text, operatorImage, operator), runnerImage, runner ?? '');
}

function withImage(text: string, place: RegExp, image: string): string {
  const [repository, digest] = image.split('@');
  if (!digest) return text;
  if (!place.test(text))
    throw new Error('charts/holdfast/values.yaml: there is no empty repository and digest of an image.');
  return text.replace(place, (_, before: string, between: string) => `${before}${repository}${between}'${digest}'`);
}

/** Writes the package of the chart into `target`. Helm checks it and leaves out what .helmignore names; its archive has times of files. */
export function packageChart(options: {
  helm: string;
  root: string;
  target: string;
  images: Images;
  time: number;
}): void {
  const { helm, root, target, images, time } = options;
  const stage = mkdtempSync(join(target, '.chart-'));
  try {
    cpSync(join(root, 'charts/holdfast'), join(stage, 'holdfast'), { recursive: true });
    const values = join(stage, 'holdfast/values.yaml');
    writeFileSync(values, valuesWith(readFileSync(values, 'utf8'), images));
    const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8', cwd: stage });
    const [, file = ''] = /: (.*\.tgz)/.exec(run(helm, 'package', 'holdfast', '--destination', stage)) ?? [];
    rmSync(join(stage, 'holdfast'), { recursive: true });
    // Helm rounds times up, and tar warns of the future.
    run('tar', '--extract', '--touch', '--file', file);
    archive(join(target, file.slice(file.lastIndexOf('/') + 1)), stage, ['holdfast'], time);
  } finally {
    rmSync(stage, { recursive: true });
  }
}
