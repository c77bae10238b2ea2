/** The statement of the keys of a store: the list is signed by a key that the list before has as valid. Pure. */
import { sha256 } from '../../lib/digest.ts';
import { keyFileName, reaches } from './names.ts';
import { KEYS_PREDICATE, STATEMENT_TYPE, type KeysPredicate, type KeysStatement } from './types.ts';

/** Its subjects are the files `keys/<hex>.pub`, whose bytes are the PEM of the key. */
export function keysStatement(predicate: KeysPredicate): KeysStatement {
  const { sequence, previous, skipped = [], keys } = predicate;
  if (!reaches(sequence, previous?.sequence, skipped))
    throw new Error(`Manifest ${sequence} does not follow its previous one.`);
  if (keys.length === 0) throw new Error('A manifest has at least one key.');
  if (new Set(keys.map(({ hint }) => hint)).size < keys.length) throw new Error('A manifest has each key once.');
  return {
    _type: STATEMENT_TYPE,
    subject: keys
      .map(({ hint, publicKey }) => ({ name: keyFileName(hint), digest: { sha256: sha256(publicKey) } }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    predicateType: KEYS_PREDICATE,
    predicate,
  };
}
