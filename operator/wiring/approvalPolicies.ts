/** Reads the policies that are shipped: what the apiserver must enforce before anything is decided. Wiring: it reads files at the start. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { policyKinds, type ShippedPolicy } from '../governance/approvalPolicies.ts';

/** Beside the program, as in the repository. */
export const policiesFolder = join(import.meta.dirname, '../../policies');

/** The policies and bindings in the YAML files of a folder. Throws when the folder cannot be read: without them nothing could be decided. */
export function approvalPolicies(folder = policiesFolder): ShippedPolicy[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => loadAll(readFileSync(join(folder, file), 'utf8')))
    .flatMap((document) => {
      const { kind, metadata, spec } = document as { kind: string; metadata: { name: string }; spec: object };
      return isPolicyKind(kind) ? [{ kind, name: metadata.name, spec }] : [];
    });
}

function isPolicyKind(kind: string): kind is ShippedPolicy['kind'] {
  return Object.hasOwn(policyKinds, kind);
}
