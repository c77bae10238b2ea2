/** `kubectl holdfast import ocm`: policies of Open Cluster Management as ClusterBaselines. Reads files only, never a cluster. */
import { command, UsageError } from '../../command.ts';

export const someAccount = 'holdfast-baselines/ocm-import';

export interface OcmFlags {
  readonly 'service-account'?: string;
  readonly mode?: string;
  readonly 'name-prefix'?: string;
  readonly accept?: string;
  readonly cluster?: string;
  readonly hub?: string;
  readonly 'cluster-name'?: string;
  readonly output?: string;
}

export const importOcm = command({
  words: 'import ocm',
  operands: 'FILE|DIRECTORY|-…',
  summary: 'Translate policies of Open Cluster Management (RHACM) into ClusterBaselines',
  examples: [
    'import ocm policies/ > baselines.yaml',
    'import ocm policies/ --service-account fleet/baselines --output baselines.yaml',
  ],
  flags: {
    'service-account': {
      type: 'string',
      value: 'NAMESPACE/NAME',
      help: `ServiceAccount that the baselines act as (${someAccount})`,
    },
    mode: { type: 'string', value: 'Inform|Enforce', help: 'mode to use instead of remediationAction' },
    accept: {
      type: 'string',
      value: 'REASON,…',
      help: 'reasons of notes that you have reviewed: they no longer prevent Enforce',
    },
    cluster: { type: 'string', value: 'FILE|DIRECTORY', help: 'objects of the cluster, to fill in simple templates' },
    hub: { type: 'string', value: 'FILE|DIRECTORY', help: 'objects of the hub, to fill in simple hub templates' },
    'cluster-name': { type: 'string', value: 'NAME', help: 'value of .ManagedClusterName' },
    'name-prefix': { type: 'string', value: 'TEXT', help: 'prefix of the names of the baselines' },
    output: { type: 'string', value: 'FILE|-', help: 'where to write the YAML (-, standard output)' },
  },
  more: 'Prints YAML to standard output, and to standard error a report on each item.',
  exits: { holds: 'all items translated', failed: 'unreadable input or no policies', differs: 'some not translated' },
  async run(flags, operands, io) {
    if (operands.length === 0) throw new UsageError('specify files, directories, or - for standard input');
    const { runImport } = await import('./run.ts');
    return runImport(flags, operands, io);
  },
});
