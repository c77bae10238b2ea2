/**
 * Asks the program that a kubeconfig names (`exec`) for credentials, as kubectl does: what it says to people, such as where to sign in, reaches
 * them, it may ask them where there is a terminal, and it is told which cluster it is for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Chosen, Exec } from './kubeconfigFiles.ts';

export interface Credential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** In milliseconds since 1970; for as long as we run when undefined. */
  readonly expires?: number;
}

/** Fails with a sentence when there is none. */
export async function execCredential({ cluster, user }: Chosen, isTerminal: boolean): Promise<Credential> {
  const exec = user.exec!;
  const { command, interactiveMode: mode = 'IfAvailable' } = exec;
  if (!command) throw new Error('The kubeconfig names no command to ask for credentials; add `exec.command`.');
  if (mode === 'Always' && !isTerminal)
    throw new Error(`${command}, which the kubeconfig asks for credentials, needs a terminal; run this in one.`);
  const isInteractive = mode !== 'Never' && isTerminal;
  const { server, 'tls-server-name': name, 'certificate-authority-data': ca } = cluster;
  const told = { server, 'tls-server-name': name, 'certificate-authority-data': ca, config: configOf(cluster) };
  const spec = { interactive: isInteractive, ...(exec.provideClusterInfo && { cluster: told }) };
  const program = spawn(command, exec.args ?? [], {
    stdio: [isInteractive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion: exec.apiVersion, kind: 'ExecCredential', spec }),
    },
  });
  // Who no longer waits for it leaves nothing that does.
  const end = (): void => void program.kill();
  process.once('exit', end);
  const ended = once(program, 'close').finally(() => process.off('exit', end)) as Promise<[number | null]>;
  const [answer, [code]] = await Promise.all([text(program.stdout), ended]).catch((error: unknown) => {
    throw notRun(exec, error as NodeJS.ErrnoException);
  });
  if (code !== 0)
    throw new Error(`${command}, which the kubeconfig asks for credentials, failed (${code}); run it to see why.`);
  return read(command, answer);
}

function notRun({ command, installHint }: Exec, error: NodeJS.ErrnoException): Error {
  const what = error.code === 'ENOENT' ? 'is not installed' : `cannot be run (${error.code ?? error.message})`;
  const hint = installHint?.trim();
  return new Error(
    `${command}, which the kubeconfig asks for credentials, ${what}${hint ? `: ${hint}` : '; install it, or use another context.'}`,
    { cause: error },
  );
}

/** What a cluster says to such programs alone. */
function configOf({ extensions }: Chosen['cluster']): unknown {
  return extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
}

interface Answer {
  readonly kind?: unknown;
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

function read(command: string, answer: string): Credential {
  let credential: Answer | null = null;
  try {
    credential = JSON.parse(answer) as Answer | null;
  } catch {
    // What it is instead may be secret.
  }
  const status = credential?.kind === 'ExecCredential' ? credential.status : undefined;
  if (!status?.token && !(status?.clientCertificateData && status.clientKeyData))
    throw new Error(`${command}, which the kubeconfig asks for credentials, gave none; run it to see what it says.`);
  const expires = Date.parse(status.expirationTimestamp ?? '');
  return {
    token: status.token,
    cert: status.clientCertificateData,
    key: status.clientKeyData,
    ...(Number.isFinite(expires) && { expires }),
  };
}
