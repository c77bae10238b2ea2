/** A running cluster that the environment offers, as tests see it. Nothing of it is started, stopped or kept. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectionOf } from '../../operator/runtime/connection.ts';
import type { Cluster } from './cluster.ts';
import { applyManifests } from './manifests.ts';
import { createTemporaryFolder } from './temporaryFolder.ts';

/** `kubeconfig` is the value of KUBECONFIG; its current context is used, with the kubectl of the PATH. */
export async function useOfferedCluster(
  kubeconfig: string | undefined,
  manifests: readonly string[],
): Promise<Cluster> {
  if (!kubeconfig) {
    throw new Error(
      'HOLDFAST_TEST_EXISTING_CLUSTER=1 needs KUBECONFIG: set it to the kubeconfig of the cluster to use.',
    );
  }
  const content = await flatten(kubeconfig);
  const folder = await createTemporaryFolder('holdfast-cluster-');
  const certificateAuthority = join(folder.path, 'ca.crt');
  const flattened = join(folder.path, 'kubeconfig');
  await writeFile(flattened, content, { mode: 0o600 });
  const { server, ca = '' } = await connectionOf(flattened);
  await writeFile(certificateAuthority, ca);
  await applyManifests({ kubectl: 'kubectl', kubeconfig: flattened }, manifests);
  return {
    owned: false,
    runsControllers: true,
    url: server,
    kubeconfig: flattened,
    certificateAuthority,
    kubectl: 'kubectl',
    programs: '',
    dataFolder: folder.path,
    auditLog: undefined,
    kubeconfigFor: () => notOwned('given users'),
    stopApiServer: () => notOwned('stopped'),
    startApiServer: () => notOwned('started'),
    copyStore: () => notOwned('copied'),
    restoreStore: () => notOwned('restored'),
    stop: () => folder.delete(),
  };
}

/** The current context with all that it refers to, as JSON. KUBECONFIG may be a list of files, which kubectl merges. */
async function flatten(kubeconfig: string): Promise<string> {
  const view = ['config', 'view', '--minify', '--flatten', '--output=json'];
  try {
    return (await promisify(execFile)('kubectl', view, { env: { ...process.env, KUBECONFIG: kubeconfig } })).stdout;
  } catch (error) {
    throw new Error(`kubectl cannot read ${kubeconfig}: see that kubectl is on the PATH and KUBECONFIG is right.`, {
      cause: error,
    });
  }
}

function notOwned(what: string): Promise<never> {
  return Promise.reject(
    new Error(
      `A cluster offered by KUBECONFIG is not ${what} by tests: run this test without HOLDFAST_TEST_EXISTING_CLUSTER.`,
    ),
  );
}
