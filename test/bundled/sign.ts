/** Signs a statement and adds what a witness says, as the operator does: to be run as an image has it. Prints the type of the bundle. */
import { generateKeyPairSync } from 'node:crypto';
import { ownKey } from '../../operator/connect/signing/ownKey.ts';
import { firstKeys } from '../../operator/evidence/statement/keyLife.ts';
import { keysStatement } from '../../operator/evidence/statement/keysStatement.ts';
import { addWitness, signStatement } from '../../operator/evidence/statement/signStatement.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = ownKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const place = { store: { namespace: 'fleet', name: 'main' }, cluster: { id: 'c-1' } };
const predicate = firstKeys(place, { hint: 'none', publicKey: key.publicKey }, new Date());
const { bundle } = await signStatement(keysStatement(predicate), key);
const witnessed = await addWitness(bundle, { name: 'nobody', testify: () => Promise.resolve({}) }, key.publicKey);
const { mediaType } = JSON.parse(witnessed.toString('utf8')) as { mediaType: string };
process.stdout.write(mediaType);
