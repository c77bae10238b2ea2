/** The flags that say whose evidence is believed. */
import type { Flags } from './command.ts';

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
