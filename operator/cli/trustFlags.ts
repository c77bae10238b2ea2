/** The flags that say whose evidence is believed, and what of them belongs together. */
import { UsageError, type Flags, type Given } from './command.ts';

export const trustFlags = {
  key: {
    type: 'string',
    value: 'FILE',
    multiple: true,
    help: 'public key that is believed, in PEM; may be repeated',
  },
  'keys-manifest': { type: 'string', value: 'FILE', help: 'list of keys that is believed, manifest-….sigstore.json' },
  identity: { type: 'string', value: 'NAME', help: 'who signed without a key, as in the certificate' },
  issuer: { type: 'string', value: 'URL', help: 'who issued that identity' },
  'trusted-root': {
    type: 'string',
    value: 'FILE',
    help: 'authorities and logs that are believed, trusted_root.json',
  },
} as const satisfies Flags;

/** Throws a UsageError where an identity is named in part: it would count for nothing. */
export function assertTrust({ identity, issuer, 'trusted-root': root }: Given<typeof trustFlags>): void {
  if ((identity === undefined) !== (issuer === undefined) || (identity !== undefined && root === undefined))
    throw new UsageError('--identity, --issuer and --trusted-root belong together');
}
