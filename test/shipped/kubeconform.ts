/** The real kubeconform, as a pipeline without a cluster and without a network calls it. */
import { join } from 'node:path';
import { setUp } from '../cluster/setUp.ts';
import { runCommand } from '../fleet/command.ts';

export interface Checked {
  readonly filename: string;
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly status: 'statusValid' | 'statusInvalid' | 'statusError' | 'statusSkipped';
  readonly msg: string;
}

/** What it says of each object; `files` are paths, or `-` for `input`. Nothing is skipped, and what has no schema is an error. */
export async function kubeconform(
  locations: readonly string[],
  files: readonly string[],
  input = '',
): Promise<Checked[]> {
  const program = join(await setUp('kubeconform'), 'kubeconform');
  const schemas = locations.flatMap((location) => ['-schema-location', location]);
  const flags = ['-strict', '-verbose', '-output', 'json', ...schemas];
  const { stdout, stderr } = await runCommand([program, ...flags, '--', ...files], { input });
  if (!stdout) throw new Error(`kubeconform: ${stderr}`);
  return (JSON.parse(stdout) as { resources: Checked[] }).resources;
}

/** Those that are not valid, as sentences. */
export function wrong(checked: readonly Checked[]): string[] {
  return checked
    .filter(({ status }) => status !== 'statusValid')
    .map(({ filename, kind, name, msg }) => `${filename}: ${kind} ${name}: ${msg}`);
}
