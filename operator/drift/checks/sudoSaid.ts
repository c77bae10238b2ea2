/**
 * What sudo makes of its files, as its own `cvtsudoers` reads them, includes and aliases resolved: the Defaults, and who needs no password.
 * Holdfast does not read them itself. Where sudo would read something else, such as another source of rules or a file that it passes over,
 * nothing is known. Pure.
 */

/** One setting of a Defaults entry, in the order in which sudo takes them. */
export interface SudoDefault {
  readonly name: string;
  readonly value: boolean | string | readonly string[];
  readonly operation: 'assign' | 'add' | 'remove';
  /** It holds for some accounts, hosts or commands alone. */
  readonly isScoped: boolean;
}

export interface SudoSaid {
  readonly defaults: readonly SudoDefault[];
  /** Accounts, `%groups` and others that a rule or a Defaults entry spares the password; `ALL` is everybody. */
  readonly withoutPassword: readonly string[];
}

/**
 * `ask_sudo`: sets $sudo to what cvtsudoers says in JSON, without the commands of rules, or $why to why that is not what sudo reads. Five
 * processes.
 */
export const askSudo = String.raw`
ask_sudo() {
  sudo= why= sources=files
  while read -r word rest; do
    [ "$word" != sudoers: ] || sources=${'$'}{rest%%#*}
  done </etc/nsswitch.conf 2>/dev/null
  set -- $sources
  if [ "$*" != files ]; then why="nsswitch.conf makes sudo read $* too, and Holdfast reads only files"; return; fi
  if [ -e /etc/sudo.conf ]; then
    plugin=$(grep -E '^[ 	]*Plugin[ 	]' /etc/sudo.conf 2>/dev/null </dev/null | grep -Ev '^[ 	]*Plugin[ 	]+sudoers_[a-z]+[ 	]+([^ 	]*/)?sudoers\.so[ 	]*$' 2>/dev/null)
    if [ -n "$plugin" ] || ! [ -r /etc/sudo.conf ]; then why='/etc/sudo.conf loads other plugins into sudo, or passes arguments to its own'; return; fi
  fi
  # Of what is sound it tells on its output, of all else on that for errors.
  said=$(visudo -c 2>/dev/null </dev/null)
  status=$?
  odd=
  IFS='
'
  for line in $said; do
    case $line in *': parsed OK') ;; *) odd=$line ;; esac
  done
  unset IFS
  if [ "$status" -ne 0 ]; then
    why=$(visudo -c 2>&1 >/dev/null </dev/null)
    why="visudo -c does not accept what sudo reads (${'$'}{why%%'
'*}); fix that first"
    return
  fi
  case $odd$said in '/etc/sudoers: parsed OK'*) ;; *) why='visudo did not report that it read everything that sudo reads'; return ;; esac
  sudo=$(cvtsudoers -c /dev/null -e -f json /etc/sudoers 2>/dev/null </dev/null)
  status=$?
  if [ "$status" -ne 0 ]; then why="cvtsudoers cannot read what sudo reads: it exited with code $status"; return; fi
  sudo=$(printf '%s\n' "$sudo" | awk '
    inside && /^[ \t]*\],?$/ { inside = 0 }
    inside { next }
    { sub(/^[ \t]+/, ""); printf "%s ", $0 }
    /^"Commands": \[$/ { inside = 1 }' 2>/dev/null) || why='awk cannot read the output of cvtsudoers'
}`;

/** Throws when it is not whole. */
export function parseSudo(text: string): SudoSaid {
  const said = recordOf(parsed(text));
  const defaults = listOf(said['Defaults']).map(recordOf);
  const rules = listOf(said['User_Specs']).map(recordOf);
  return {
    defaults: defaults.flatMap((entry) =>
      optionsOf(entry).map((option): SudoDefault => ({
        ...defaultOf(option),
        isScoped: entry['Binding'] !== undefined,
      })),
    ),
    withoutPassword: [
      ...new Set([
        ...rules.flatMap((rule) => {
          const spared = listOf(rule['Cmnd_Specs']).map(recordOf).flatMap(optionsOf).some(sparesPassword);
          return spared ? listOf(rule['User_List']).map(memberOf) : [];
        }),
        ...defaults.flatMap((entry) => {
          if (!optionsOf(entry).some(sparesPassword)) return [];
          return entry['Binding'] === undefined ? ['ALL'] : listOf(entry['Binding']).map(memberOf);
        }),
        ...defaults
          .flatMap(optionsOf)
          .flatMap(({ exempt_group: group }) => (typeof group === 'string' ? [`%${group}`] : [])),
      ]),
    ],
  };
}

function sparesPassword({ authenticate }: Record<string, unknown>): boolean {
  return authenticate === false;
}

function optionsOf(entry: Record<string, unknown>): Record<string, unknown>[] {
  return listOf(entry['Options']).map(recordOf);
}

function defaultOf(option: Record<string, unknown>): Omit<SudoDefault, 'isScoped'> {
  const operation = { list_add: 'add', list_remove: 'remove' }[String(option['operation'])] ?? 'assign';
  const [name = '', value] = Object.entries(option).find(([key]) => key !== 'operation') ?? [];
  if (typeof value === 'boolean' || typeof value === 'string') return { name, value, operation: operation as 'assign' };
  if (typeof value === 'number') return { name, value: `${value}`, operation: 'assign' };
  return { name, value: listOf(value).map(String), operation: operation as 'assign' };
}

const marks: Readonly<Record<string, string>> = {
  username: '',
  usergroup: '%',
  netgroup: '+',
  userid: '#',
  usergid: '%#',
};

/** As sudoers(5) writes it. */
function memberOf(member: unknown): string {
  const { negated, ...rest } = recordOf(member);
  const [kind = '', name] = Object.entries(rest)[0] ?? [];
  return `${negated === true ? '!' : ''}${marks[kind] ?? `${kind}:`}${String(name)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('cvtsudoers reported only part of what sudo reads');
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('cvtsudoers reported something that Holdfast does not understand');
  return value as Record<string, unknown>;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error('cvtsudoers reported something that Holdfast does not understand');
  return value;
}
