/** `kubectl holdfast evidence export`: an archive of evidence for those who audit it. */
import { command, UsageError } from './command.ts';
import { assertTrust, trustFlags } from './trustFlags.ts';

const sections = ['Evidence', 'Policy', 'Slo', 'Dora', 'Cost'] as const;

export const evidenceExport = command({
  words: 'evidence export',
  operands: 'DIR|s3://BUCKET/PREFIX',
  summary: 'Write verified packs of evidence to a tar file that others can verify',
  flags: {
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
  more: `Exit codes: 0 exported; 1 not exported; 2 invalid flags; 3 exported, but incomplete or broken.`,
  async run({ output, force = false, section = [], framework = [], pack = [], key = [], ...flags }, operands, io) {
    const [place, extra] = operands;
    if (place === undefined || extra !== undefined)
      throw new UsageError('evidence export takes one directory, or one address that begins with s3://');
    if (output === undefined) throw new UsageError('give the file to write with --output');
    assertTrust(flags);
    const unknown = section.find((name) => !sections.some((one) => one === name));
    if (unknown !== undefined) throw new UsageError(`--section must be one of ${sections.join(', ')}`);
    const { runExportCommand } = await import('./evidence/exportCommand.ts');
    const wish = { packs: pack, frameworks: framework, sections: sections.filter((one) => section.includes(one)) };
    return runExportCommand({ place, output, replaces: force, keys: key, ...flags, ...wish }, io);
  },
});
