/**
 * File: a regular file or a directory, its content, mode, owner and group, or that it is absent. Symbolic links are not followed. The host
 * tells the digest of the content; text leaves it only when it differs, everybody may read it, and it is short. An access list that
 * gives rights beyond the mode is drift where the mode or an owner is declared.
 */
import type { FileCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { changes, manual, type Remedy } from './change.ts';
import { bitsOf, exactly, type Claim } from './claim.ts';
import type { CheckType, Conceal, Difference } from './checkType.ts';
import { differs, known, unknown } from './comparison.ts';
import { parseFile, type Attributes, type FileObserved, type RegularFile } from './fileObserved.ts';
import { placedFor } from './placed.ts';
import { everybodyMayRead, whyNot } from './shell.ts';
import { excerpts } from './shown.ts';

export const file: CheckType<'file', FileObserved> = {
  key: 'file',
  request: (declared) => [
    declared.sensitive ? 'secret' : 'text',
    wantedDigest(declared) ?? 'any',
    declared.owner ?? '',
    declared.group ?? '',
    declared.path,
  ],
  // One find and one ls for all, and one sha256sum where `placed` does not know them; more only for content that differs. Only ls tells of access lists, by a `+`. All three tell of
  // the paths in their order, so that nothing is searched: what is no longer the next is known of nothing.
  shares: [placedFor((declared) => (wantedDigest(declared) === undefined ? [] : [declared.path]))],
  functions: [everybodyMayRead, whyNot],
  script: `
n=$1 requests= paths= contents= there= sums=
while [ "$n" -gt 0 ] && IFS=$US read -r index show wanted owner group path; do
  n=$((n - 1)) requests=$requests$index$US$show$US$wanted$US-$owner$US-$group$US$path$NL paths=$paths$path$NL
done
# Sets $number to that of the account or group of the name, where it is not the one found.
number_of() {
  number=
  case $2 in - | -"$3" | -"$4") return ;; esac
  number=$(getent "$1" -- "\${2#-}" 2>/dev/null </dev/null)
  case $? in
    0) number=\${number#*:*:} number=\${number%%:*} ;;
    2) number=none ;;
    *) number=unknown ;;
  esac
}
IFS=$NL
found=$(find $paths -maxdepth 0 -printf '%p\\037%y\\037%m\\037%u\\037%g\\037%U\\037%G\\037%s\\n' </dev/null 2>/dev/null)
set -- $found
for request in $requests; do
  path=\${request##*"$US"} entry=\${1-}
  case $entry in "$path$US"*) shift ;; *) continue ;; esac
  there=$there$path$NL
  case $request in *"\${US}any\${US}-"*) continue ;; esac
  case $entry in "$path\${US}f$US"*) [ "\${entry##*"$US"}" -gt 268435456 ] || contents=$contents$path$NL ;; esac
done
listed=$(LC_ALL=C ls -ldU -- $there 2>/dev/null </dev/null)
set -- $listed
lists=
for path in $there; do
  # A line that is not of this path: something vanished in between, and nothing is known of the rest.
  case \${1-} in
    ??????????+*" $path") lists=$lists$path\${US}yes$NL ;;
    ??????????[\\ .]*" $path") lists=$lists$path\${US}no$NL ;;
    ?????????*" -> "*) lists=$lists$path\${US}no$NL ;;
    *) break ;;
  esac
  shift
done
# What \`placed\` has is in the same order, unless another check asks about a file too.
set -- \${placed-}
for path in $contents; do
  while [ $# -gt 0 ]; do case $1 in "$path$US"*) break ;; esac; shift; done
  case \${1-} in *:????????????????????????????????????????????????????????????????) sums="$sums\${1##*:}  $path$NL" ;; *) sums=; break ;; esac
done
[ -n "$sums" ] || [ -z "$contents" ] || sums=$(sha256sum -- $contents </dev/null 2>/dev/null)$NL
found=$found$NL
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 show=$2 wanted=$3 owner=$4 group=$5 path=$6 digest= public=no content=
  case $found in
    "$path$US"*) entry=\${found%%"$NL"*} entry=\${entry#"$path$US"} found=\${found#*"$NL"} ;;
    *)
      why_not "$path"
      if [ -n "$why" ]; then cannot "$index" "$path cannot be accessed: $why"; else answer "$index" absent; fi
      continue ;;
  esac
  IFS=$US; set -- $entry; IFS=$NL
  case $lists in
    "$path$US"*) access=\${lists%%"$NL"*} access=\${access##*"$US"} lists=\${lists#*"$NL"} ;;
    *) cannot "$index" "ls did not show whether $path has an access list"; continue ;;
  esac
  type=$1 bits=$2 size=$7
  number_of passwd "$owner" "$3" "$5"
  uid=$number
  number_of group "$group" "$4" "$6"
  if [ "$wanted" != any ] && [ "$type" = f ]; then
    if [ "$size" -gt 268435456 ]; then
      cannot "$index" "$path is larger than 256 MiB, too large to compare its content"
      continue
    fi
    case \${sums%%"$NL"*} in
      *"  $path") digest=\${sums%%" "*} sums=\${sums#*"$NL"} ;;
      *) digest=$(sha256sum 2>/dev/null <"$path") digest=\${digest%% *} ;;
    esac
    if [ -z "$digest" ]; then cannot "$index" "$path cannot be read"; continue; fi
    if [ "$digest" != "$wanted" ] && [ "$show" = text ] && everybody_may_read "$path" "$bits"; then
      public=yes
      [ "$size" -gt 4096 ] || content=$(head -c 4096 2>/dev/null <"$path" | base64 -w 0)
    fi
  fi
  answer "$index" "$entry$US$access$US$uid$US$number$US$digest$US$public$US$content"
done
unset IFS`,
  parse: parseFile,
  compare(declared, observed, conceal) {
    const wanted = declared.type === 'Directory' ? 'directory' : 'file';
    if (declared.state === 'Absent') {
      return known([differs('state', 'absent', observed.is === 'absent' ? 'absent' : 'present')]);
    }
    if (observed.is === 'absent') return known([differs('state', 'present', 'absent')]);
    if (observed.is !== wanted) return known([differs('type', nameOf(wanted), typeOf(observed))]);
    const { uidOfDeclared, gidOfDeclared } = observed;
    if (uidOfDeclared === 'unknown' || gidOfDeclared === 'unknown')
      return unknown('the host cannot look up accounts: check what `getent passwd` prints there');
    const content = observed.is === 'file' ? contentDifference(declared, observed, conceal) : undefined;
    return known([content, ...attributeDifferences(declared, observed)]);
  },
  remedy: remedyOf,
  claims(declared) {
    const { path, type, state, mode, maxMode, owner, group } = declared;
    const decided: Record<string, Claim | undefined> = {
      state: state ?? 'Present',
      type: state === 'Absent' ? undefined : (type ?? 'File'),
      content: wantedDigest(declared),
      mode: modeClaim(mode, maxMode),
      ...accountClaims('owner', owner),
      ...accountClaims('group', group),
    };
    return Object.fromEntries(
      Object.entries(decided).flatMap(([what, claim]) => (claim === undefined ? [] : [[`${what} of ${path}`, claim]])),
    );
  },
};

function modeClaim(mode: string | undefined, maxMode: string | undefined): Claim | undefined {
  if (mode !== undefined) return exactly(bitsOf(parsed(mode)));
  return maxMode === undefined ? undefined : { is: 'words', only: bitsOf(parsed(maxMode)) };
}

/** Only a host knows which number a name has, but for root's. */
function accountClaims(what: string, name: string | undefined): Record<string, string> {
  if (name === undefined) return {};
  if (name === 'root' || name === '0') return { [what]: 'root', [`number of the ${what}`]: '0' };
  return { [/^[0-9]+$/.test(name) ? `number of the ${what}` : what]: name };
}

function remedyOf(declared: FileCheck, observed: FileObserved): Remedy {
  const { path, content, state, owner, group, sensitive } = declared;
  const isFolder = declared.type === 'Directory';
  if (state === 'Absent') {
    if (observed.is === 'directory')
      return manual('Holdfast does not remove directories: check what it contains, and remove it manually');
    if (observed.is === 'file') return changes({ do: 'file', path, seen: seenOf(observed), state: 'Absent' });
    if (observed.is === 'other' && observed.type === 'symbolic link')
      return changes({ do: 'file', path, seen: 'l', state: 'Absent' });
  }
  if (observed.is === 'other' || (observed.is !== 'absent' && (observed.is === 'directory') !== isFolder))
    return manual(
      `a ${typeOf(observed)} is there, and Holdfast does not remove it: if it is intended, change \`path\` or \`type\` of the check; otherwise replace it manually`,
    );
  const attributes = {
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(observed.is !== 'absent' && observed.hasAccessList && { accessList: 'Absent' as const }),
  };
  if (observed.is === 'absent') {
    const mode = declared.mode ?? declared.maxMode;
    const made = { path, seen: 'absent', ...(mode !== undefined && { mode }), ...attributes };
    if (isFolder) return changes({ do: 'folder', ...made });
    if (content === undefined) return manual('add `content` to have it created, or create it manually');
    return changes({ do: 'file', ...made, content, ...(sensitive && { newMode: '600' }) });
  }
  const mode = modeWanted(declared, observed.mode);
  if (mode !== undefined && content === undefined && (mode & ~observed.mode) !== 0)
    return manual(
      `its mode is stricter than declared, and Holdfast does not grant access to content that it does not manage: set \`maxMode: "${octal(mode)}"\` if stricter is acceptable, or run chmod manually`,
    );
  const set = { path, seen: seenOf(observed), ...(mode !== undefined && { mode: octal(mode) }), ...attributes };
  if (observed.is === 'directory') return changes({ do: 'folder', ...set });
  const wanted = wantedDigest(declared);
  if (content === undefined && wanted !== undefined && wanted !== observed.sha256)
    return manual('add `content` to have it corrected: a digest does not say what to write');
  return changes({ do: 'file', ...set, ...(content !== undefined && { content }) });
}

function seenOf(observed: RegularFile | Extract<FileObserved, { is: 'directory' }>): string {
  const { mode, uid, gid } = observed;
  const [letter, digest] = observed.is === 'file' ? ['f', observed.sha256 ?? ''] : ['d', ''];
  return [letter, mode.toString(8), uid, gid, digest].join(':');
}

function wantedDigest({ content, sha256: digest }: FileCheck): string | undefined {
  return content === undefined ? digest : sha256(content);
}

function isSecret({ sensitive, mode, maxMode }: FileCheck, { isPublic }: RegularFile): boolean {
  const declared = mode ?? maxMode;
  return Boolean(sensitive) || !isPublic || (declared !== undefined && !(parsed(declared) & 0o4));
}

function contentDifference(declared: FileCheck, observed: RegularFile, conceal: Conceal): Difference | undefined {
  const wanted = wantedDigest(declared);
  if (wanted === undefined || observed.sha256 === undefined || wanted === observed.sha256) return undefined;
  if (isSecret(declared, observed))
    return differs('content', 'the declared content', `other content (${conceal(observed.sha256)})`);
  if (declared.content === undefined || observed.text === undefined)
    return differs('content', `sha256:${wanted}`, `sha256:${observed.sha256}`);
  return { path: 'content', ...excerpts(declared.content, observed.text) };
}

function attributeDifferences(declared: FileCheck, observed: Attributes): (Difference | undefined)[] {
  const { mode, maxMode, owner, group } = declared;
  const isDeclared = [mode, maxMode, owner, group].some((one) => one !== undefined);
  const wanted = modeWanted(declared, observed.mode);
  const expected =
    wanted === undefined
      ? undefined
      : mode === undefined
        ? `${octal(parsed(maxMode ?? ''))} or stricter`
        : octal(wanted);
  return [
    wanted === observed.mode ? undefined : differs('mode', expected, octal(observed.mode)),
    accountDifference('owner', owner, {
      name: observed.owner,
      number: observed.uid,
      ofDeclared: observed.uidOfDeclared,
    }),
    accountDifference('group', group, {
      name: observed.group,
      number: observed.gid,
      ofDeclared: observed.gidOfDeclared,
    }),
    isDeclared && observed.hasAccessList && (observed.mode & 0o70) !== 0
      ? differs('access list', 'none', 'permissions beyond the mode', 'getfacl shows them')
      : undefined,
  ];
}

interface AccountFound {
  readonly name: string;
  readonly number: string;
  /** The number that the declared name has on the host. */
  readonly ofDeclared: string;
}

/** Names are compared by their numbers, for two may have the same. */
function accountDifference(
  path: 'owner' | 'group',
  declared: string | undefined,
  { name, number, ofDeclared }: AccountFound,
): Difference | undefined {
  if (declared === undefined || declared === name || declared === number || ofDeclared === number) return undefined;
  const found =
    name === number ? `${number} (no ${path === 'owner' ? 'account has this UID' : 'group has this GID'})` : name;
  return differs(path, declared, found);
}

/** The bits that are right for a file that has these. */
function modeWanted({ mode, maxMode }: FileCheck, found: number): number | undefined {
  if (mode !== undefined) return parsed(mode);
  return maxMode === undefined ? undefined : found & parsed(maxMode);
}

function nameOf(wanted: 'directory' | 'file'): string {
  return wanted === 'file' ? 'regular file' : wanted;
}

function typeOf(observed: FileObserved): string {
  if (observed.is === 'other') return observed.type;
  return observed.is === 'file' ? 'regular file' : observed.is;
}

function parsed(mode: string): number {
  return Number.parseInt(mode, 8);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
