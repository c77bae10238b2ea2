/** `kubectl holdfast evidence export`: an archive of evidence for those who audit it. */
import { command, UsageError, whereFlags, type Exit, type Given, type Io } from './command.ts';
import { assertTrust, trustFlags } from './trustFlags.ts';

const sections = ['Evidence', 'Policy', 'Slo', 'Dora', 'Cost'] as const;

const storeFlags = {
  store: {
    type: 'string',
    value: 'NAME',
    help: 'EvidenceStore of the cluster to export from, which records it',
    names: { kind: 'EvidenceStore' },
  },
  namespace: {
    type: 'string',
    value: 'NAME',
    short: 'n',
    help: 'its namespace (that of the context)',
    names: 'Namespace',
  },
  reason: { type: 'string', value: 'TEXT', help: 'why, for the record; required with --store' },
  keep: { type: 'boolean', help: 'do not delete the EvidenceExport, which has the archive for a day' },
  ...whereFlags,
} as const;

export const evidenceExport = command({
  words: 'evidence export',
  operands: '[DIR|s3://BUCKET/PREFIX]',
  summary: 'Write verified packs of evidence to a tar file that others can verify',
  examples: [
    'evidence export ./copy-of-the-store --key store.pub -o audit.tar --from 2026-10-01 --to 2026-12-31',
    'evidence export --store main -n fleet --reason "audit of 2026" -o audit.tar',
  ],
  flags: {
    ...storeFlags,
    output: { type: 'string', value: 'FILE.tar', short: 'o', help: 'file to write' },
    force: { type: 'boolean', help: 'replace the file if it exists' },
    from: { type: 'string', value: 'DATE', help: 'first day, in UTC, or a time (all that there is)' },
    to: { type: 'string', value: 'DATE', help: 'last day, in UTC, or a time' },
    pack: { type: 'string', value: 'NAME', multiple: true, help: 'EvidencePack to export; may be repeated (all)' },
    framework: {
      type: 'string',
      value: 'ID',
      multiple: true,
      help: 'show its controls only, and leave out sections without controls; may be repeated',
    },
    section: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      help: `section to export: ${sections.join(', ')}; others are listed with their digests`,
    },
    ...trustFlags,
    'even-if-broken': { type: 'boolean', help: 'export what cannot be verified too; index.html says so' },
    's3-endpoint': { type: 'string', value: 'URL', help: 'address of the S3 service (that of AWS, in AWS_REGION)' },
    's3-ca': { type: 'string', value: 'FILE', help: 'certificates that it is believed by, in PEM' },
  },
  exits: { holds: 'exported', failed: 'not exported', differs: 'exported, but incomplete or broken' },
  async run({ output, force = false, section = [], framework = [], pack = [], key = [], ...flags }, operands, io) {
    const [place, extra] = operands;
    const unknown = section.find((name) => !sections.some((one) => one === name));
    if (unknown !== undefined) throw new UsageError(`--section must be one of ${sections.join(', ')}`);
    const wish = { packs: pack, frameworks: framework, sections: sections.filter((one) => section.includes(one)) };
    if (flags.store !== undefined) {
      if (place !== undefined) throw new UsageError('give --store, or a directory or an address, not both');
      if (output === undefined) throw new UsageError('give the file to write with --output');
      return throughCluster({ ...flags, store: flags.store, output, force, key }, wish, io);
    }
    const [only] = (['namespace', 'reason', 'keep', 'kubeconfig', 'context'] as const).filter((one) => flags[one]);
    if (only !== undefined) throw new UsageError(`--${only} needs --store`);
    if (place === undefined || extra !== undefined)
      throw new UsageError('evidence export takes one directory, one address that begins with s3://, or --store NAME');
    if (output === undefined) throw new UsageError('give the file to write with --output');
    assertTrust(flags);
    const { runExportCommand } = await import('./evidence/exportCommand.ts');
    return runExportCommand({ place, output, replaces: force, keys: key, ...flags, ...wish }, io);
  },
});

interface StoreFlags extends Given<typeof storeFlags>, Given<typeof trustFlags> {
  readonly store: string;
  readonly output: string;
  readonly force: boolean;
  readonly key: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly 'even-if-broken'?: boolean;
  readonly 's3-endpoint'?: string;
  readonly 's3-ca'?: string;
}

interface Wish {
  readonly packs: readonly string[];
  readonly frameworks: readonly string[];
  readonly sections: readonly (typeof sections)[number][];
}

/** The operator verifies, and what is broken it does not export. */
async function throughCluster(flags: StoreFlags, wish: Wish, io: Io): Promise<Exit> {
  const { store, namespace, reason, kubeconfig, context, output, force, keep = false, key, ...trust } = flags;
  if (reason === undefined || reason.trim() === '')
    throw new UsageError('--reason is required with --store: it is recorded');
  if (flags['even-if-broken']) throw new UsageError('--even-if-broken is for copies of a store, without --store');
  assertTrust(trust);
  const endpoint = flags['s3-endpoint'];
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    throw new UsageError('--s3-endpoint must be the address of S3, such as https://s3.eu-central-1.amazonaws.com');
  const { spanIn } = await import('./evidence/exportCommand.ts');
  const { from, to } = spanIn(flags);
  const { runClusterExport } = await import('./cluster/evidence/clusterExport.ts');
  const isTrusting = key.length > 0 || trust['keys-manifest'] !== undefined || trust.identity !== undefined;
  const verify = async (path: string): Promise<Exit> => {
    const { checkArchive } = await import('./evidence/archiveCheck.ts');
    return checkArchive(path, { ...trust, keys: key }, io);
  };
  const given = {
    ...{ store, reason, output, keep, replaces: force },
    where: { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) },
    wish: {
      ...(wish.packs.length > 0 && { packs: [...wish.packs] }),
      ...(wish.frameworks.length > 0 && { frameworks: [...wish.frameworks] }),
      ...(wish.sections.length > 0 && { sections: [...wish.sections] }),
      ...(from && { from: from.toISOString() }),
      ...(to && { to: to.toISOString() }),
    },
    ...(namespace !== undefined && { namespace }),
    ...(endpoint !== undefined && { endpoint }),
    ...(flags['s3-ca'] !== undefined && { ca: flags['s3-ca'] }),
    ...(isTrusting && { verify }),
  };
  return runClusterExport(given, io);
}
