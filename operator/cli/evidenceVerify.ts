/** `kubectl holdfast evidence verify`: whether evidence is what was signed, and all of it. */
import { command, UsageError } from './command.ts';
import { outputFlag } from './output.ts';
import { assertTrust, trustFlags } from './trustFlags.ts';

export const evidenceVerify = command({
  words: 'evidence verify',
  operands: 'PACK|DIR|s3://BUCKET/PREFIX',
  summary: 'Verify packs of evidence, offline: signatures, keys, files, chain, completeness',
  examples: [
    'evidence verify ./copy-of-the-store --key store.pub',
    'evidence verify s3://evidence/fleet --key store.pub --from 2026-10-01 --to 2026-12-31 -o json',
  ],
  flags: {
    ...trustFlags,
    from: { type: 'string', value: 'NUMBER|DATE', help: 'first pack, or first day that packs have to cover' },
    to: { type: 'string', value: 'NUMBER|DATE', help: 'last pack, or last day that packs have to cover' },
    output: outputFlag(['json', 'yaml'], 'form of the report'),
    's3-endpoint': { type: 'string', value: 'URL', help: 'address of the S3 service (that of AWS)' },
    's3-region': { type: 'string', value: 'NAME', help: 'its region (AWS_REGION, or us-east-1)' },
    's3-ca': { type: 'string', value: 'FILE', help: 'certificates that it is believed by, in PEM' },
  },
  more: `PACK is the bundle of one pack, 00000012.sigstore.json, with its directory beside it; DIR is a copy of a store.
Take the key from elsewhere than the store. S3 is read with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
  exits: {
    holds: 'verified, and complete',
    failed: 'refused, or not verified for lack of a key',
    differs: 'verified, but incomplete',
  },
  async run({ output, key = [], ...flags }, operands, io) {
    const [place, extra] = operands;
    if (place === undefined || extra !== undefined)
      throw new UsageError('evidence verify takes one directory, one bundle, or one address that begins with s3://');
    assertTrust(flags);
    const { runVerify } = await import('./evidence/verify.ts');
    return runVerify({ place, output, keys: key, ...flags }, io);
  },
});
