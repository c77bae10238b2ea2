/**
 * Personal data that its form proves: by a checksum, or by a domain that can be registered. Where only people could say whether a number
 * is one, it is not looked for. Each pattern is linear in the length of the text. Pure.
 */
import type { SecretForm } from '../../lib/secretForms.ts';

/** Lengths of IBANs by country: the registry of SWIFT, release 99. */
const ibanLengths = new Map(
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30'
    .match(/.{4}/g)!
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Domains that nobody has: RFC 2606, RFC 6761; and the ends of names of systemd units, which are no domains. */
const noDomain =
  /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test|localhost|service|socket|timer|mount|automount|target|slice|scope|device|path|swap|png|js|ts|css|json|ya?ml|git)$/i;
/** Accounts that no person has. */
const noPerson = /^(?:git|noreply|no-reply|root|nobody|system|(?:%[0-9a-f]{2})+)$/i;

export const personalData: readonly SecretForm[] = [
  {
    rule: 'email',
    hints: ['@'],
    // A public key goes first, so that its comment is not taken for an address; after a slash it is a service of Kerberos or a user of a URL.
    pattern:
      /((?:^|[^\w.+%/@$-]))(?:(?:ssh-[a-z0-9]+|(?:sk-)?ecdsa-[\w.@-]+|sk-ssh-[\w.@-]+) +AAAA[\w+/=]+ +\S+|[\w.+%-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-]))/gi,
    isCertain: (email) => {
      if (/\s/.test(email)) return false;
      const [account = '', domain = ''] = email.split('@');
      return !noDomain.test(domain) && !noPerson.test(account) && !/^v?\d/.test(domain);
    },
  },
  {
    rule: 'iban',
    hints: ['00000000', '0000 0000'],
    pattern: /((?:^|[^\w.-]))[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?![\w-])/g,
    isCertain: (iban) => hasIbanChecksum(iban.replaceAll(' ', '')),
  },
  {
    rule: 'credit-card',
    hints: ['000000000', '0000 0000', '0000-0000', '0000 000000'],
    // Numbers of issuers: 13 digits are times in milliseconds, 19 in nanoseconds; 14 that begin with 19 or 20 are dates.
    pattern:
      /((?:^|[^\w.+-]))(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6011|65\d{2}|64[4-9]\d|35[2-8]\d|3[47]\d{2}|3[0689]\d{2})(?:[ -]?\d){10,12}(?![\w-]|\.\d)/g,
    isCertain: (card) => isEvenlyGrouped(card) && hasLuhn(card.replace(/\D/g, '')),
  },
  {
    rule: 'us-ssn',
    hints: ['000-00-0000'],
    pattern: /((?:^|[^\w.+-]))(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)/g,
    isCertain: (ssn) => !['123-45-6789', '078-05-1120', '219-09-9999'].includes(ssn),
  },
  {
    rule: 'phone',
    hints: ['+0'],
    // Only with the code of a country, and with a blank after it: other numbers have that form, too.
    pattern: /((?:^|[^\w.+/=-]))\+[1-9]\d{0,2}[ -]\(?\d{1,5}\)?(?:[ -]?\d{2,6}){1,5}(?![\w+/=-]|\.\d)/g,
    isCertain: (phone) => {
      const digits = phone.replace(/\D/g, '').length;
      return digits >= 9 && digits <= 15 && !/(\d)\1{5}/.test(phone);
    },
  },
];

/** ISO 13616: the number that its letters and digits make, rotated by four, is 1 modulo 97. */
function hasIbanChecksum(iban: string): boolean {
  if (ibanLengths.get(iban.slice(0, 2)) !== iban.length) return false;
  let rest = 0;
  for (const one of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(one, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO/IEC 7812-1, annex B. */
function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && new Set(digits).size > 1;
}

/** As cards are embossed, or without blanks; its length is that of its issuer. */
function isEvenlyGrouped(card: string): boolean {
  if (/^3[47]/.test(card)) return /^\d{4}([ -]?)\d{6}\1\d{5}$/.test(card);
  if (/^3[0689]/.test(card)) return /^\d{4}([ -]?)\d{6}\1\d{4}$/.test(card);
  return /^\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}$/.test(card);
}
