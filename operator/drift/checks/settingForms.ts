/** What lines of configuration files look like where their readers give up at any other, as extended regular expressions of awk without braces. Pure. */

const nothing = '^[[:space:]]*(#.*)?$';

/** nv_split() of auditd-config.c. */
export const auditd = '^ *(#.*)?$|^ *[A-Za-z_]+ += +[^[:space:]]+( +[^[:space:]]+)? *$';

/** iniparser.cpp of libdnf. */
export const dnf =
  '^[#;]|^[[:space:]]*$|^[[:blank:]]*\\[[^]]+\\][[:space:]]*([#;].*)?$|^[[:blank:]]|^[^=[:space:]][^=]*=';

/** libpwquality's own list of settings, in src/settings.c. */
const numbers =
  'difok minlen dcredit ucredit lcredit ocredit minclass maxrepeat maxclassrepeat maxsequence gecoscheck dictcheck usercheck usersubstr enforcing retry';
const others = 'badwords dictpath enforce_for_root local_users_only';

export const pwquality = [
  nothing,
  `^[[:space:]]*(${caseless(others)})([[:space:]=#].*)?$`,
  `^[[:space:]]*(${caseless(numbers)})[[:space:]=][[:space:]=]*[+-]?[0-9]+[[:space:]]*(#.*)?$`,
].join('|');

/** One of the words, in any case. */
function caseless(words: string): string {
  return words.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`).replaceAll(' ', '|');
}

/** What a shell reads as one word: nothing in it begins another command or goes on in the next line. */
const word = [
  String.raw`([^"'\\$();&|<>[:blank:]` + '`]',
  String.raw`\\.`,
  String.raw`"([^"\\]|\\.)*"`,
  `'[^']*'`,
  '`[^`]*`',
  String.raw`\$\([^()]*\)`,
  String.raw`\$)*`,
].join('|');
const variable = '[A-Za-z_][A-Za-z0-9_]*';

/** Nothing but assignments, each on a line. */
export const shell = [
  nothing,
  `^[[:blank:]]*(export[[:blank:]]+)?${variable}=${word}([[:blank:]]+#.*|[[:space:];]*)$`,
  `^[[:blank:]]*export([[:blank:]]+${variable})+[[:space:]]*$`,
].join('|');

/** Nothing ends in a brace, by which many readers begin a block. */
export const withoutBlocks = '^[[:space:]]*([#;].*)?$|[^{[:space:]][[:space:]]*$';
