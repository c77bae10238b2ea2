/** Manifests that a test cluster has from the start. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Applies files and folders; resolves when the kinds that they define are served. */
export async function applyManifests(
  cluster: { kubectl: string; kubeconfig: string },
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  const access = ['--kubeconfig', cluster.kubeconfig];
  const files = paths.map((path) => `--filename=${path}`);
  const { stdout } = await run(cluster.kubectl, [...access, 'apply', '--server-side', '--output=name', ...files]);
  const definitions = stdout.split('\n').filter((name) => name.startsWith('customresourcedefinition.'));
  if (definitions.length === 0) return;
  await run(cluster.kubectl, [...access, 'wait', '--for=condition=Established', '--timeout=60s', ...definitions]);
}
