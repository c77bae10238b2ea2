/** URLs, as Kubernetes has them in CEL: what Go's url.ParseRequestURI takes. Pure. */
import type { Functions, Spend } from './overload.ts';
import { Opaque, refuse, type Members } from './value.ts';

interface Url {
  readonly scheme: string;
  /** With the port. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  /** As it was written. */
  readonly path: string;
  readonly query: string;
}

const longest = 8192;
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

export const urls: Functions = {
  url: [
    {
      takes: ['string'],
      gives: 'kubernetes.URL',
      run: (spend, text: string) => urlIn(spend, text) ?? refuse(text, 'an absolute URL or an absolute path'),
    },
  ],
  isURL: [{ takes: ['string'], gives: 'bool', run: (spend, text: string) => urlIn(spend, text) !== undefined }],
  '.getScheme': [{ takes: ['kubernetes.URL'], gives: 'string', run: (_, url: Opaque) => of(url).scheme }],
  '.getHost': [{ takes: ['kubernetes.URL'], gives: 'string', run: (_, url: Opaque) => of(url).host }],
  '.getHostname': [
    { takes: ['kubernetes.URL'], gives: 'string', run: (_, url: Opaque) => of(url).hostname.replace(/^\[|\]$/g, '') },
  ],
  '.getPort': [{ takes: ['kubernetes.URL'], gives: 'string', run: (_, url: Opaque) => of(url).port }],
  '.getEscapedPath': [
    { takes: ['kubernetes.URL'], gives: 'string', run: (spend, url: Opaque) => escaped(spend, of(url).path) },
  ],
  '.getQuery': [
    {
      takes: ['kubernetes.URL'],
      gives: 'map(string, list(string))',
      run: (spend, url: Opaque) => queryOf(spend, of(url).query),
    },
  ],
};

function of({ value }: Opaque): Url {
  return value as Url;
}

function urlIn(spend: Spend, text: string): Opaque | undefined {
  spend(20);
  const url = text.length > longest ? '' : read(text);
  return typeof url === 'string' ? undefined : new Opaque('kubernetes.URL', url, text);
}

/** Why the text is no URL, in the words of Go; undefined when it is one. */
export function urlProblem(text: string): string | undefined {
  const url = text.length > longest ? 'it is too long' : read(text);
  return typeof url === 'string' ? url : undefined;
}

/** The URL, or why there is none, in the order in which Go looks. */
function read(text: string): Url | string {
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'net/url: invalid control character in URL';
  if (text === '') return 'empty url';
  const [whole = ''] = text.split('#', 1);
  if (whole.startsWith(':')) return 'missing protocol scheme';
  const [, scheme = '', rest = whole] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(whole) ?? [];
  const named = { ...none, scheme: scheme.toLowerCase() };
  if (whole === '*') return { ...named, path: whole, query: '' };
  // `mailto:…` and the like: nothing of it is a path.
  if (!rest.startsWith('/'))
    return scheme === ''
      ? 'invalid URI for request'
      : { ...named, path: '', query: rest.split('?').slice(1).join('?') };
  if (scheme === '' || !rest.startsWith('//')) return pathOf(rest, named);
  const [, authority = '', path = ''] = /^\/\/([^/?]*)(.*)$/s.exec(rest) ?? [];
  const place = placeOf(authority);
  return typeof place === 'string' ? place : pathOf(path, { ...named, ...place });
}

type Place = Pick<Url, 'host' | 'hostname' | 'port'>;
const none = { scheme: '', host: '', hostname: '', port: '' };

function pathOf(text: string, rest: Pick<Url, 'scheme'> & Place): Url | string {
  const end = text.indexOf('?');
  const path = end < 0 ? text : text.slice(0, end);
  return brokenEscapeIn(path) ?? { ...rest, path, query: end < 0 ? '' : text.slice(end + 1) };
}

/** A host with its port, or why there is none. */
function placeOf(authority: string): Place | string {
  const at = authority.lastIndexOf('@') + 1;
  const host = authority.slice(at);
  const user = authority.slice(0, Math.max(at - 1, 0));
  const isBracketed = host.startsWith('[');
  if (isBracketed && !host.includes(']')) return "missing ']' in host";
  const colon = isBracketed ? host.lastIndexOf(']') + 1 : host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::[0-9]*)?$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  const hostname = colon < 0 ? host : host.slice(0, colon);
  const problem = hostProblem(hostname);
  if (problem !== undefined) return problem;
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(user)) return 'net/url: invalid userinfo';
  return brokenEscapeIn(user) ?? { host, hostname, port: port.slice(1) };
}

/** Go takes escapes in a host only for what is beyond ASCII, and in a zone. */
function hostProblem(hostname: string): string | undefined {
  const zone = hostname.startsWith('[') ? hostname.indexOf('%25') : -1;
  const plain = zone < 0 ? hostname : hostname.slice(0, zone);
  const [escape] = /%(?![89A-Fa-f][0-9A-Fa-f]|25).{0,2}/s.exec(plain) ?? [];
  if (escape !== undefined) return `invalid URL escape ${JSON.stringify(escape)}`;
  const [wrong] = /[\u0000-\u007f]/.exec(plain.replace(/[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]/g, '')) ?? [];
  if (wrong !== undefined) return `invalid character ${JSON.stringify(wrong)} in host name`;
  return zone < 0 ? undefined : brokenEscapeIn(hostname.slice(zone));
}

function brokenEscapeIn(text: string): string | undefined {
  const [escape] = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text) ?? [];
  return escape === undefined ? undefined : `invalid URL escape ${JSON.stringify(escape)}`;
}

/** As it was written where that is well escaped, as Go has it. */
function escaped(spend: Spend, path: string): string {
  spend(path.length);
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%[\]]/gu, (one) =>
    encodeURIComponent(one.isWellFormed() ? one : '\ufffd'),
  );
}

/** Pairs that are badly escaped, or hold `;`, are left out, as Go does. */
function queryOf(spend: Spend, query: string): Members {
  spend(5 * query.length);
  const found = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';') || brokenEscape.test(pair)) continue;
    const [name, value] = [pair.split('=', 1)[0]!, pair.split('=').slice(1).join('=')].map(unescaped) as [
      string,
      string,
    ];
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  return Object.fromEntries(found);
}

function unescaped(text: string): string {
  const bytes = Buffer.from(text.replaceAll('+', ' '));
  if (!bytes.includes('%')) return bytes.toString();
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const isEscape = bytes[at] === 0x25;
    out.push(isEscape ? parseInt(bytes.toString('latin1', at + 1, at + 3), 16) : bytes[at]!);
    if (isEscape) at += 2;
  }
  return Buffer.from(out).toString();
}
