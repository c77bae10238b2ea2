/** The file that names the services for signing. Whatever is wrong with it ends the start with a sentence. */
import {
  assertCertificates,
  assertKnown,
  assertPrivate,
  fileIn,
  mapIn,
  numberIn,
  optional,
  readNamed,
  urlIn,
  type Fields,
} from '../configuration.ts';
import { kindsOfService, serviceLimits, type Service, type ServiceKind } from './services.ts';

const common = ['url', 'caFile', 'timeoutSeconds'];

const examples: Record<ServiceKind, string> = {
  fulcio: 'https://fulcio.sigstore.svc',
  timestampAuthority: 'https://tsa.sigstore.svc/api/v1/timestamp',
  rekor: 'https://rekor.sigstore.svc',
};

/** YAML or JSON: a map of name to one of `fulcio`, `timestampAuthority` and `rekor`. A certificate that cannot be read is noticed now. */
export function readServices(path: string): readonly Service[] {
  return readNamed('signing-services', path, serviceIn);
}

function serviceIn(name: string, given: Fields): Service {
  assertKnown(name, given, kindsOfService);
  const [kind, ...others] = kindsOfService.filter((one) => one in given);
  if (kind === undefined || others.length > 0)
    throw new Error(`${name} must have one of ${kindsOfService.map((one) => `\`${one}\``).join(', ')}`);
  const place = `${name}: \`${kind}\``;
  const fields = mapIn(given[kind], place);
  assertKnown(place, fields, kind === 'fulcio' ? [...common, 'tokenFile'] : common);
  const service = {
    name,
    kind,
    url: urlIn(place, fields['url'], { example: examples[kind], credentials: '' }),
    ...optional('caFile', fileIn(place, 'caFile', fields)),
    ...optional('tokenFile', fileIn(place, 'tokenFile', fields)),
    timeoutSeconds: numberIn(place, 'timeoutSeconds', fields, serviceLimits.timeoutSeconds),
  };
  if (kind === 'fulcio' && service.tokenFile === undefined)
    throw new Error(`${place} must have \`tokenFile\`, the path of a token whose audience is that of Fulcio`);
  if (kind !== 'timestampAuthority' && /\/api\/v[12](\/|$)/.test(service.url))
    throw new Error(`${place}: \`url\` must end before /api/v2`);
  assertPrivate(place, service);
  assertCertificates(place, service.caFile);
  return service;
}
