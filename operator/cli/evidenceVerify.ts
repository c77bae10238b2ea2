/** `kubectl holdfast evidence verify`: whether evidence is what was signed, and all of it. */
import { command, UsageError } from './command.ts';
import { assertTrust, trustFlags } from './trustFlags.ts';

export const evidenceVerify = command({
  words: 'evidence verify',
  operands: 'PACK|DIR|s3://BUCKET/PREFIX',
  summary: 'Verify packs of evidence, offline: signatures, keys, files, chain, completeness',
  flags: {
    ...trustFlags,
    from: { type: 'string', value: 'NUMBER|DATE', help: 'first pack, or first day that packs have to cover' },
    to: { type: 'string', value: 'NUMBER|DATE', help: 'last pack, or last day that packs have to cover' },
    output: { type: 'string', value: 'text|json', short: 'o', help: 'form of the report (text)' },
    's3-endpoint': { type: 'string', value: 'URL', help: 'address of the S3 service (that of AWS)' },
    's3-region': { type: 'string', value: 'NAME', help: 'its region (AWS_REGION, or us-east-1)' },
    's3-ca': { type: 'string', value: 'FILE', help: 'certificates that it is believed by, in PEM' },
  },
  more: `PACK is the bundle of one pack, 00000012.sigstore.json, with its directory beside it; DIR is a copy of a store, or of
anything below it. Take the key from a place that who may write to the store cannot write to. S3 is read with the
credentials of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
Exit codes: 0 verified, and complete; 1 refused, or not verified for lack of a key; 2 verified, but
something that was promised is missing: a pack is partial, or a run was missed.`,
  async run({ output = 'text', key = [], ...flags }, operands, io) {
    const [place, extra] = operands;
    if (place === undefined || extra !== undefined)
      throw new UsageError('evidence verify takes one directory, one bundle, or one address that begins with s3://');
    if (output !== 'text' && output !== 'json') throw new UsageError('--output must be text or json');
    assertTrust(flags);
    const { runVerify } = await import('./evidence/verify.ts');
    return runVerify({ place, output, keys: key, ...flags }, io);
  },
});
