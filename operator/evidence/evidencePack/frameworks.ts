/** The frameworks that a pack evaluates: those that are shipped, and those of ConfigMaps that its spec names. */
import type { Kind } from '../../api/kind.ts';
import type { EvidencePack } from '../../api/v1alpha1/evidencePack.ts';
import { readingGrants } from '../../governance/grants.ts';
import type { Reader } from '../../runtime/feature.ts';
import { declaredFrameworks, type ConfigMap } from '../frameworks/custom.ts';
import { frameworks as shipped } from '../frameworks/frameworks.ts';
import type { Missing } from '../sections/section.ts';
import type { PackKit } from './kit.ts';

const configMaps: Kind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

/** What cannot be read, or is not known, is in `unread`: the section Policy is partial then. Throws when the apiserver cannot be asked. */
export async function frameworksOf(
  { metadata: { namespace = '' }, spec }: EvidencePack,
  read: Pick<Reader, 'tryFetch' | 'ungranted'>,
  signal: AbortSignal,
): Promise<Pick<PackKit, 'frameworks' | 'unread'>> {
  const found: ConfigMap[] = [];
  const unread: Missing[] = [];
  for (const { name } of spec.frameworkRefs ?? []) {
    const place = { namespace, name };
    const map = await read.tryFetch(configMaps, place, signal);
    if (map && !('is' in map)) found.push(map);
    else
      unread.push({
        what: `ConfigMap ${name}`,
        reason: map ? await refusal(read, place, signal) : 'it does not exist',
      });
  }
  const declared = declaredFrameworks(shipped, found);
  const own = declared.frameworks.filter((one) => !shipped.includes(one)).map(({ id }) => id);
  const wanted = [...new Set([...(spec.frameworks ?? ['NIST-800-53']), ...own])];
  const frameworks = declared.frameworks.filter(({ id }) => wanted.includes(id));
  const unknown = wanted.filter((id) => !frameworks.some((one) => one.id === id));
  const known = declared.frameworks.map(({ id }) => id).join(', ');
  const missing = unknown.map((id) => ({ what: `framework ${id}`, reason: `it is not known; known are ${known}` }));
  return { frameworks, unread: [...unread, ...declared.unread, ...missing] };
}

async function refusal(
  read: Pick<Reader, 'ungranted'>,
  place: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<string> {
  const commands = await read.ungranted(readingGrants.playbooks, place, signal);
  return `Holdfast may not read it${commands ? `; to allow it, run \`${commands}\`` : ''}`;
}
