/** What pages mention of the product, and what there is none of: commands and flags of `kubectl holdfast`, targets of `make`, files, links. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command, Flag } from '../../operator/cli/command.ts';

/** Each mention of `kubectl holdfast …`, up to where its command line ends. */
export function mentionedCommands(text: string): string[] {
  const joined = text.replaceAll(/\s*\\\n\s*/g, ' ').replaceAll(/"[^"\n`]*"|(?<= )'[^'\n`]*'|\$\([^)\n]*\)/g, 'VALUE');
  const command = /\b(?:bin\/kubectl-holdfast|kubectl[ -]holdfast) ?([^\n`|#;&]*)/g;
  return [...joined.matchAll(command)].map(([, rest = '']) => rest.trim());
}

/** What is wrong with a command line; undefined where nothing is. */
export function faultOf(line: string, commands: readonly Command[]): string | undefined {
  const tokens = line.split(/\s+/).filter(Boolean);
  const [first] = tokens;
  // Of the program itself: in a sentence, or its help.
  if (first === undefined || /^([^a-z]|help\b)/.test(first)) return undefined;
  const fits = ({ words }: Command) => words.split(' ').every((word, index) => bare(tokens[index]) === word);
  const found = commands.filter(fits).toSorted((a, b) => b.words.length - a.words.length)[0];
  if (!found) {
    const isFamily = commands.some(({ words }) => words.split(' ').length > 1 && words.split(' ')[0] === bare(first));
    const [, second = ''] = tokens;
    return isFamily && !/^[a-z]/.test(second) ? undefined : `there is no command '${tokens.slice(0, 2).join(' ')}'`;
  }
  const names = Object.entries<Flag>(found.flags).flatMap(([name, { short }]) => [
    `--${name}`,
    ...(short ? [`-${short}`] : []),
  ]);
  const known = new Set([...names, '--help', '-h', '--']);
  const unknown = tokens
    .filter((token) => /^--?[a-z]/.test(token))
    .map((token) => bare(token.replace(/=.*/, '')))
    .filter((flag) => !known.has(flag));
  return unknown.length > 0 ? `'${found.words}' has no flag ${unknown.join(', ')}` : undefined;
}

/** Without what a sentence puts after it. */
function bare(token = ''): string {
  return token.replace(/[.,:;)\]]+$/, '');
}

/** Targets of `make` that are named in code. */
export function mentionedTargets(text: string): string[] {
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inline = '']) => inline);
  const lines = text.split('\n').filter((line) => /^(?:\w*\$ )?(?:[A-Z]+=\S+ )*make /.test(line));
  return [...code, ...lines].flatMap((one) => {
    const [, target] = /^(?:\w*\$ )?(?:[A-Z]+=\S+ )*make (?:[A-Z_]+=\S+ )*([a-z][a-z0-9-]*)/.exec(one) ?? [];
    return target === undefined ? [] : [target];
  });
}

/** Files of the repository that commands name. */
export function mentionedFiles(text: string): string[] {
  const paths =
    /(?<![\w./-])((?:manifests|charts|crds|policies|images|bin|test|tools|operator)\/[\w./-]*\w\/?)(?![\w*{]|\/\*)/g;
  return [...text.matchAll(paths)].map(([, path = '']) => path);
}

/** Values of the chart that command lines set, such as `grants.fleet`. */
export function mentionedValues(text: string): string[] {
  return [...text.matchAll(/--set(?:-string)? '?([\w.-]+)=/g)].map(([, path = '']) => path);
}

/** Links within the repository: to a file, and to a heading of it. */
export function linksOf(text: string): { readonly to: string; readonly anchor: string }[] {
  const prose = text.replaceAll(/^( *)(```+|~~~+)[\s\S]*?^ *\2/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, to = '', anchor = '']) => ({
    to,
    anchor,
  }));
}

/** As GitHub makes anchors of headings. */
export function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const prose = text.replaceAll(/^( *)(```+|~~~+)[\s\S]*?^ *\2/gm, '');
  const anchors = [...prose.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  const explicit = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name);
  return new Set([...anchors, ...explicit]);
}

/** What is wrong with the links of a page. */
export function brokenLinks(root: string, page: string, read: (page: string) => string): string[] {
  return linksOf(read(page)).flatMap(({ to, anchor }) => {
    const path = to === '' ? page : join(dirname(page), to);
    if (!existsSync(join(root, path))) return [`${page}: ${to} does not exist`];
    const isMissing = anchor !== '' && path.endsWith('.md') && !anchorsOf(read(path)).has(anchor);
    return isMissing ? [`${page}: ${path} has no heading #${anchor}`] : [];
  });
}
