/** URLs, as Kubernetes has them in CEL: what Go's url.ParseRequestURI takes. Pure. */
import { refuse } from './basics.ts';
import type { Functions, Spend } from './functions.ts';
import { Opaque, type Members } from './value.ts';

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
      run: (spend, text: string) => urlIn(spend, text) ?? refuse(text, 'an absolute URL or an absolute path'),
    },
  ],
  isURL: [{ takes: ['string'], run: (spend, text: string) => urlIn(spend, text) !== undefined }],
  '.getScheme': [{ takes: ['URL'], run: (_, url: Opaque) => of(url).scheme }],
  '.getHost': [{ takes: ['URL'], run: (_, url: Opaque) => of(url).host }],
  '.getHostname': [{ takes: ['URL'], run: (_, url: Opaque) => of(url).hostname.replace(/^\[|\]$/g, '') }],
  '.getPort': [{ takes: ['URL'], run: (_, url: Opaque) => of(url).port }],
  '.getEscapedPath': [{ takes: ['URL'], run: (spend, url: Opaque) => escaped(spend, of(url).path) }],
  '.getQuery': [{ takes: ['URL'], run: (spend, url: Opaque) => queryOf(spend, of(url).query) }],
};

function of({ value }: Opaque): Url {
  return value as Url;
}

function urlIn(spend: Spend, text: string): Opaque | undefined {
  spend(20);
  if (text.length > longest || /[\p{Cc}]/u.test(text)) return undefined;
  const [named = ''] = text.split('#', 1);
  const url = named.startsWith('/') ? pathOf(named) : absolute(named);
  return url && new Opaque('URL', url, text);
}

function pathOf(text: string, rest: Pick<Url, 'scheme' | 'host' | 'hostname' | 'port'> = none): Url | undefined {
  const end = text.indexOf('?');
  const path = end < 0 ? text : text.slice(0, end);
  return brokenEscape.test(path) ? undefined : { ...rest, path, query: end < 0 ? '' : text.slice(end + 1) };
}

const none = { scheme: '', host: '', hostname: '', port: '' };

function absolute(text: string): Url | undefined {
  const [, scheme = '', rest = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (scheme === '' || rest === '') return undefined;
  const named = { ...none, scheme: scheme.toLowerCase() };
  // `mailto:…` and the like: nothing of it is a path.
  if (!rest.startsWith('/')) return { ...named, path: '', query: rest.split('?').slice(1).join('?') };
  if (!rest.startsWith('//')) return pathOf(rest, named);
  const [, authority = '', path = ''] = /^\/\/([^/?]*)(.*)$/s.exec(rest) ?? [];
  const place = placeOf(authority);
  return place && pathOf(path, { ...named, ...place });
}

/** Undefined for what can be no host with a port. */
function placeOf(authority: string): Pick<Url, 'host' | 'hostname' | 'port'> | undefined {
  const at = authority.lastIndexOf('@') + 1;
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(authority.slice(0, at)) || brokenEscape.test(authority.slice(0, at)))
    return undefined;
  const host = authority.slice(at);
  const [, hostname = '', port] = /^(\[[^\]]*\]|.*?)(?::([0-9]*))?$/.exec(host) ?? [];
  if (port === undefined && host.includes(':') && !host.endsWith(']')) return undefined;
  const isBracketed = hostname.startsWith('[');
  // Go takes escapes in a host only for what is beyond ASCII, and in a zone.
  const plain = isBracketed ? hostname.replace(/%25.*\]$/, ']') : hostname.replace(/%[89A-Fa-f][0-9A-Fa-f]/g, '');
  if (/[\s%#^|{}\\`?/@]/.test(plain) || (!isBracketed && /[[\]]/.test(hostname))) return undefined;
  return isBracketed && !hostname.endsWith(']') ? undefined : { host, hostname, port: port ?? '' };
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
