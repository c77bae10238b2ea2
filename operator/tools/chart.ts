/** What the Helm chart installs that is generated or shipped elsewhere: copies, since a chart contains all that it installs. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const chartFolder = 'charts/holdfast/files';

/** In the repository: the CRDs, the roles, the policies, the alerts and the dashboard. */
const copied =
  /^(crds|manifests\/rbac|policies)\/.*\.yaml$|^manifests\/(prometheus\/rules\.yaml|grafana\/holdfast\.json)$/;

/** The files of the chart as path → text, from what is generated and from the policies under `root`. */
export function chartFiles(root: string, generated: ReadonlyMap<string, string>): [path: string, text: string][] {
  const shipped = globSync('policies/*.yaml', { cwd: root }).map((path): [string, string] => [
    path,
    `# Generated from ${path}; change that and run \`make generate\`.\n${readFileSync(join(root, path), 'utf8')}`,
  ]);
  return [...generated, ...shipped]
    .filter(([path]) => copied.test(path))
    .map(([path, text]) => [`${chartFolder}/${path}`, text]);
}
