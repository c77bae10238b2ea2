/**
 * What a secret is, by its form, such as a private key, or by the name that it is given, such as `password: …`: the one list for all that
 * keeps secrets out of what is passed on. Patterns find more than secrets, because what is passed on may be replaced by mistake;
 * `isCertain` says which of their matches nobody would write otherwise. Each pattern is linear in the length of the text. Pure.
 */
import { isNamedSecret, isRandom, isStandIn } from './secretLikeness.ts';

export interface SecretForm {
  /** What people know it by. */
  readonly rule: string;
  /** In lower case, with `0` for any digit: a text without any of them has no match. */
  readonly hints: readonly string[];
  /** Its first group, if it has one, is not part of the secret. */
  readonly pattern: RegExp;
  /** Of a match without its first group, and that group. */
  readonly isCertain: (secret: string, before: string) => boolean;
}

/** The end of a name whose value is a secret: `DB_PASSWORD`, `apiKey`, `hashed_passwd`, but neither `secretName` nor `publicKey`. */
const secretWord =
  '(?:passw(?:or)?d|passphrase|passwort|secret|token|credentials?|api[-_.]?key|private[-_.]?key|access[-_.]?key|secret[-_.]?key|signing[-_.]?key|encryption[-_.]?key|client[-_.]?key(?:-data)?|authorization|cookie)';
const secretName = new RegExp(`${secretWord}s?$`, 'i');
const wordHints = ['passw', 'passphrase', 'secret', 'token', 'credential', 'key', 'authorization', 'cookie'];

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** A value: in quotes, which may be escaped within JSON; or up to a blank or a delimiter. */
const value = String.raw`(?:\\+"[^"\n]*"|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"',;&})\]]+)`;

const always = (): boolean => true;
/** Not what a manual writes for one, such as `ghp_xxxxxxxx`. */
const varies = (secret: string): boolean => new Set(secret.slice(8)).size > 6;
const token = (rule: string, hints: readonly string[], pattern: RegExp): SecretForm => ({
  rule,
  hints,
  pattern,
  isCertain: varies,
});

export const secretForms: readonly SecretForm[] = [
  {
    rule: 'private-key',
    hints: ['private key'],
    // It may be cut at its end, and its line ends may be escaped.
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)/g,
    isCertain: (secret) => /KEY[A-Z ]*-----[\s\S]*?[A-Za-z0-9+/=]{16}/.test(secret),
  },
  {
    rule: 'private-key',
    hints: ['putty-user-key-file', 'private-mac'],
    pattern: /PuTTY-User-Key-File[\s\S]*?(?:Private-MAC:.*|$)/g,
    isCertain: (secret) => secret.includes('Private-Lines'),
  },
  { rule: 'private-key', hints: ['age-secret-key'], pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]+/g, isCertain: varies },
  {
    rule: 'private-key-base64',
    hints: ['ls0tls0crudjti'],
    // `-----BEGIN … PRIVATE KEY` in base64, as `client-key-data` of a kubeconfig and Secrets have it. A certificate begins likewise.
    pattern:
      /LS0tLS1CRUdJTi(?:BQUklWQVRFIEtF|BSU0EgUFJJVkFU|BFQyBQUklWQVRF|BPUEVOU1NIIFBS|BFTkNSWVBURUQg|BEU0EgUFJJVkFU)[\w+/=-]*/g,
    isCertain: always,
  },
  {
    rule: 'url-credentials',
    hints: ['://'],
    pattern: /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>\\]+(?=@)/gi,
    isCertain: (secret) => {
      const colon = secret.indexOf(':');
      return colon < 0 ? secret.length >= 20 && isRandom(secret) : !isStandIn(secret.slice(colon + 1));
    },
  },
  {
    rule: 'authorization-header',
    hints: ['authorization'],
    // Before the words below, so that the scheme does not count as the value.
    pattern:
      /((?:proxy-)?authorization\\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic|digest|token|negotiate)\s+)?)[^\s"',;\\]+/gi,
    isCertain: (secret) => secret.length >= 8 && !isStandIn(secret) && isRandom(secret),
  },
  {
    rule: 'basic-auth',
    hints: ['basic'],
    pattern: /(\bbasic\s+)[\w+/=.~-]{12,}/gi,
    isCertain: (secret) => /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(atobOr(secret)),
  },
  {
    rule: 'bearer-token',
    hints: ['bearer'],
    pattern: /(\bbearer\s+)[\w+/=.~-]{12,}/gi,
    isCertain: (secret) => secret.length >= 20 && isRandom(secret),
  },
  {
    rule: 'jwt',
    hints: ['eyj'],
    pattern: /\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g,
    isCertain: (jwt) => /^\{"/.test(atobOr(jwt.split('.')[0]!)),
  },
  token('openshift-token', ['sha000~'], /\bsha256~[\w.-]{16,}/g),
  token(
    'github-token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    /\b(?:gh[pousr]_|github_pat_)[\w.-]{16,}/g,
  ),
  token(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glagent-'],
    /\bgl(?:pat|dt|rt|cbt|ptt|agent)-[\w.-]{16,}/g,
  ),
  token('slack-token', ['xox', 'xapp-'], /\b(?:xox[abceoprs]-|xapp-)[\w.-]{16,}/g),
  token('slack-webhook', ['hooks.slack.com'], /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{20,}/gi),
  token('stripe-key', ['sk_live_', 'rk_live_'], /\b[sr]k_live_[\w.-]{16,}/g),
  token('vault-token', ['hvs.', 'hvb.', 'hvr.'], /\bhv[sbr]\.[\w.-]{16,}/g),
  token('docker-token', ['dckr_pat_', 'dckr_oat_'], /\bdckr_[op]at_[\w.-]{16,}/g),
  token('npm-token', ['npm_'], /\bnpm_[\w.-]{16,}/g),
  token('pypi-token', ['pypi-'], /\bpypi-AgE[\w-]{32,}/g),
  token('ai-token', ['sk-ant-', 'sk-proj-'], /\bsk-(?:ant|proj)-[\w-]{24,}/g),
  token('huggingface-token', ['hf_'], /\bhf_[A-Za-z]{30,}/g),
  token('sendgrid-key', ['sg.'], /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g),
  token('aws-access-key', ['akia', 'asia', 'abia', 'acca'], /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g),
  token('gcp-api-key', ['aiza'], /\bAIza[\w-]{35}/g),
  token('gcp-oauth-token', ['ya00.', 'gocspx-'], /\b(?:ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/g),
  token('azure-storage-key', ['accountkey=', 'sharedaccesskey='], /((?:Account|SharedAccess)Key=)[\w+/]{40,}={0,2}/gi),
  token('azure-sas', ['sig='], /([?&]sig=)[\w%+/-]{40,}=*/gi),
  token('azure-client-secret', ['0q~'], /\b[\w~.]{3}\dQ~[\w~.-]{31,34}/g),
  {
    rule: 'password-hash',
    hints: ['$0', '$y$', '$gy$', '$sha0$', '$apr0$', '$argon0'],
    pattern: /\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|apr1|argon2(?:i|d|id))\$[^\s:"'\\]{8,}/g,
    isCertain: (hash) => /^\$[a-z0-9]+\$[\w./=,$+-]*[\w./+]{22}/.test(hash) && varies(hash),
  },
  {
    rule: 'password-hash',
    hints: ['{sha}', '{ssha'],
    pattern: /\{S?SHA(?:256|512)?\}[\w+/]{20,}={0,2}/g,
    isCertain: varies,
  },
  {
    rule: 'password-hash',
    hints: ['grub.pbkdf'],
    pattern: /\bgrub\.pbkdf2\.sha512\.\d+\.[0-9A-F]{32,}\.?[0-9A-F]*/g,
    isCertain: varies,
  },
  {
    rule: 'secret-argument',
    hints: wordHints,
    pattern: new RegExp(String.raw`((?:^|[\s"'])--?[\w-]*${secretWord}(?:\s+|=))${value}`, 'gi'),
    isCertain: (secret, before) => !secret.startsWith('-') && isNamedSecret(before, secret),
  },
  {
    rule: 'secret-argument',
    hints: ['-u', '--user', '--proxy-user'],
    pattern: /((?:^|\s)(?:-u|--user|--proxy-user)(?:\s+|=))[^\s:]+:\S+/g,
    isCertain: (secret) => /^[a-z]/i.test(secret) && isNamedSecret('password=', secret.slice(secret.indexOf(':') + 1)),
  },
  {
    rule: 'netrc',
    hints: ['machine'],
    pattern: /(\bmachine\s+\S+\s+login\s+\S+\s+password\s+)\S+/gim,
    isCertain: (secret) => !isStandIn(secret),
  },
  {
    rule: 'named-secret',
    hints: wordHints,
    // `name = value`, `"name": "value"`, `name:value`; what already is redacted stays.
    pattern: new RegExp(
      String.raw`(${secretWord}s?\\*["']?\s*(?::=|=>|[:=])[ \t]*)(?!REDACTED)(?![|>][-+0-9]*\s*$)${value}`,
      'gim',
    ),
    isCertain: (secret, before) => isNamedSecret(before, secret),
  },
];

function atobOr(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
