/**
 * A bundle, read strictly: what two verifiers could read in two ways is refused. Libraries take the names of protobuf in two spellings, ignore
 * what they do not know, and decode base64 with anything in it; so nothing of that may be there. Pure.
 */
import { strictJson } from '../../lib/strictJson.ts';
import { BUNDLE_TYPE, PAYLOAD_TYPE } from '../statement/types.ts';
import { Refusal, shown } from './verdict.ts';

export interface ReadBundle {
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** Of the key; undefined where there is a certificate. */
  readonly hint: string | undefined;
  /** DER. */
  readonly certificate: Buffer | undefined;
  /** Answers of timestamp authorities, in DER. */
  readonly timestamps: readonly Buffer[];
  /** Entries of logs, as JSON of protobuf. */
  readonly entries: readonly Fields[];
  /** For verifiers of a library. */
  readonly json: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

const MOST_WITNESSES = 16;

/** Throws a `Refusal`. */
export function bundleIn(bytes: Uint8Array): ReadBundle {
  const json = parsed(bytes);
  const bundle = fieldsIn(json, 'it', ['mediaType', 'verificationMaterial', 'dsseEnvelope']);
  if (bundle['mediaType'] !== BUNDLE_TYPE)
    throw new Refusal(`its \`mediaType\` is ${shown(bundle['mediaType'])}, not ${BUNDLE_TYPE}`);
  const envelope = fieldsIn(bundle['dsseEnvelope'], '`dsseEnvelope`', ['payload', 'payloadType', 'signatures']);
  if (envelope['payloadType'] !== PAYLOAD_TYPE)
    throw new Refusal(`its \`payloadType\` is ${shown(envelope['payloadType'])}, not ${PAYLOAD_TYPE}`);
  const { sig, keyid } = signatureIn(envelope['signatures']);
  return {
    payload: base64In(envelope['payload'], '`payload`'),
    signature: base64In(sig, '`sig`'),
    ...materialIn(bundle['verificationMaterial'], keyid),
    json,
  };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return strictJson(bytes);
  } catch (error) {
    throw new Refusal(`it ${(error as Error).message}`, { cause: error });
  }
}

/** cosign and others take exactly one, and some verified the first while they showed another one. */
function signatureIn(value: unknown): Fields {
  if (!Array.isArray(value)) throw new Refusal('its `signatures` is not a list');
  if (value.length !== 1) throw new Refusal(`it has ${value.length} signatures, not one`);
  return fieldsIn(value[0], 'the signature', ['sig', 'keyid']);
}

function materialIn(value: unknown, keyid: unknown) {
  const known = ['publicKey', 'certificate', 'tlogEntries', 'timestampVerificationData'];
  const material = fieldsIn(value, '`verificationMaterial`', known);
  const { publicKey, certificate } = material;
  if ((publicKey === undefined) === (certificate === undefined))
    throw new Refusal('it must have either a `publicKey` or a `certificate`');
  const { rfc3161Timestamps = [] } = fieldsIn(
    material['timestampVerificationData'] ?? {},
    '`timestampVerificationData`',
    ['rfc3161Timestamps'],
  );
  const timestamps = listIn(rfc3161Timestamps, '`rfc3161Timestamps`').map((one) =>
    base64In(fieldsIn(one, 'a timestamp', ['signedTimestamp'])['signedTimestamp'], '`signedTimestamp`'),
  );
  const entries = listIn(material['tlogEntries'] ?? [], '`tlogEntries`').map((one) =>
    fieldsIn(one, 'an entry of a log'),
  );
  // Nothing signs it, and verifiers differ in what they do with it.
  if (keyid !== undefined && keyid !== '')
    throw new Refusal(`it has the \`keyid\` ${shown(keyid)}, and must have none`);
  if (certificate !== undefined) {
    const der = base64In(fieldsIn(certificate, '`certificate`', ['rawBytes'])['rawBytes'], '`rawBytes`');
    return { hint: undefined, certificate: der, timestamps, entries };
  }
  const { hint } = fieldsIn(publicKey, '`publicKey`', ['hint']);
  if (typeof hint !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(hint))
    throw new Refusal(`the hint of its key is ${shown(hint)}, not the base64 of SHA-256`);
  return { hint, certificate: undefined, timestamps, entries };
}

function fieldsIn(value: unknown, what: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(`${what} is not an object, or is missing`);
  const unknown = known && Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Refusal(`${what} has ${shown(unknown)}, which a bundle of evidence does not have`);
  return value as Fields;
}

function listIn(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal(`${what} is not a list`);
  if (value.length > MOST_WITNESSES) throw new Refusal(`${what} has more than ${MOST_WITNESSES} items`);
  return value;
}

/** In the one spelling that it has: with other characters, other verifiers would read other bytes, or none. */
function base64In(value: unknown, what: string): Buffer {
  if (typeof value !== 'string' || value === '') throw new Refusal(`${what} is missing`);
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value) throw new Refusal(`${what} is not base64 in its one spelling`);
  return bytes;
}
