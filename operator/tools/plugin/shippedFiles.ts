/** What the plugin reads at run time and is not code, by the places that it has in the repository. */
import { globSync } from 'node:fs';

const patterns = [
  'crds/*.yaml',
  'policies/*.yaml',
  'charts/holdfast/Chart.yaml',
  'manifests/rbac/{role,operator}.yaml',
  'manifests/samples/*.yaml',
  'operator/evidence/verify/verify.sh',
];

/** In the same order on every machine. */
export function shippedFiles(root: string): string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root }).sort();
    if (found.length === 0)
      throw new Error(
        `There is no file ${pattern}: say in operator/tools/plugin/shippedFiles.ts what the plugin reads instead.`,
      );
    return found;
  });
}
