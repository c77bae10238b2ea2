/** What lines of configuration files look like where their readers give up at any other, as extended regular expressions of awk without braces. Pure. */

const nothing = '^[[:space:]]*(#.*)?$';

/** The keywords of auditd-config.c, in all of its releases, and those that take an option behind their value. */
const ofAuditd =
  'local_events write_logs log_file log_format log_group flush freq num_logs dispatcher name_format name disp_qos max_log_file max_log_file_action space_left action_mail_acct verify_email admin_space_left priority_boost tcp_listen_port tcp_listen_queue tcp_max_per_addr use_libwrap tcp_client_ports tcp_client_max_idle transport enable_krb5 krb5_principal krb5_key_file distribute_network q_depth overflow_action max_restarts plugin_dir end_of_event_timeout report_interval';
const actions = 'space_left_action admin_space_left_action disk_full_action disk_error_action';

/** nv_split() of auditd-config.c, which gives up at a keyword that it does not know. */
export const auditd = [
  '^ *(#.*)?$',
  `^ *(${caseless(ofAuditd)}) += +[^[:space:]]+ *$`,
  `^ *(${caseless(actions)}) += +[^[:space:]]+( +[^[:space:]]+)? *$`,
].join('|');

/** nv_split() of other programs, whose keywords are not known here. */
export const blanks = '^ *(#.*)?$|^ *[^ #=]+ += +[^[:space:]].*$';

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
  String.raw`([^"'\\$();&|<>[:space:]` + '`]',
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
  `^[[:blank:]]*(export[[:blank:]]+)?${variable}=${word}([[:blank:]]+#.*|[[:blank:];]*)$`,
  `^[[:blank:]]*export([[:blank:]]+${variable})+[[:blank:]]*$`,
].join('|');

/** Nothing ends in a brace or begins with `<`, by which many readers begin a block. */
export const withoutBlocks =
  '^[[:space:]]*([#;].*)?$|^[[:space:]]*[^<[:space:]].*[^{[:space:]][[:space:]]*$|^[[:space:]]*[^<{[:space:]][[:space:]]*$';

/** Whether the line has the form, as awk would tell. */
export function hasForm(form: string, line: string): boolean {
  const asHere = form.replaceAll('[^]', '[^\\]').replaceAll('[:space:]', '\\s').replaceAll('[:blank:]', ' \\t');
  return new RegExp(asHere).test(line);
}
