/** Names and labels of Devices, made of the names of hosts and groups: lawful, and never one for two. Pure. */

import { listed } from '../../../lib/text.ts';
import { shown } from './values.ts';

export const labelDomain = 'inventory.holdfast.dev';
const longestName = 253;
const longestLabel = 63;

/** In lower case, each other character a hyphen; undefined for what has no letter or digit, or is too long. */
function lawfulName(name: string): string | undefined {
  const parts = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .split('.')
    .map((part) => part.replace(/^-+|-+$/g, ''));
  const lawful = parts.filter((part) => part !== '').join('.');
  return lawful === '' || lawful.length > longestName ? undefined : lawful;
}

/** As it is, where a label may be called so; `_` and capitals may be. */
function lawfulLabel(group: string): string | undefined {
  const lawful = group.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return lawful === '' || lawful.length > longestLabel ? undefined : `${labelDomain}/${lawful}`;
}

export interface Named {
  /** By the names in the inventory. */
  readonly names: ReadonlyMap<string, string>;
  /** Why one has no name, as a fragment. */
  readonly problems: ReadonlyMap<string, string>;
}

export function deviceNames(hosts: readonly string[]): Named {
  return named(
    hosts,
    lawfulName,
    (others) => `its name as a Device would be that of several (${others}); rename all but one`,
  );
}

export function groupLabels(groups: readonly string[]): Named {
  return named(groups, lawfulLabel, (others) => `its label would be that of several (${others}); rename all but one`);
}

function named(
  all: readonly string[],
  lawful: (name: string) => string | undefined,
  collides: (others: string) => string,
): Named {
  const owners = new Map<string, string[]>();
  const problems = new Map<string, string>();
  for (const one of all) {
    const name = lawful(one);
    if (name === undefined) problems.set(one, 'no lawful name can be made of its name; rename it');
    else {
      const owner = owners.get(name);
      if (owner) owner.push(one);
      else owners.set(name, [one]);
    }
  }
  const names = new Map<string, string>();
  for (const [name, claimed] of owners) {
    const [first = ''] = claimed;
    if (claimed.length === 1) names.set(first, name);
    else for (const one of claimed) problems.set(one, collides(listed(claimed.map(shown))));
  }
  return { names, problems };
}
