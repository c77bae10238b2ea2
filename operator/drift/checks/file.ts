/**
 * File: its content, mode, owner and group, or that it is absent. Symbolic links are not followed. The host tells the digest of
 * the content; text leaves it only when it differs, everybody may read it, and it is short.
 */
import type { FileCheck } from '../../api/v1alpha1/fileChecks.ts';
import { sha256 } from '../../lib/digest.ts';
import { expression, type Task } from '../../lib/ansibleTask.ts';
import type { CheckType, Conceal, Difference } from './checkType.ts';
import { differs, known } from './comparison.ts';
import { parseFile, type FileObserved, type RegularFile } from './fileAnswer.ts';
import { command, keepFile, lookAt, restoreFile } from './kept.ts';
import { everybodyMayRead, whyNot } from './shell.ts';
import { excerpts } from './shown.ts';

export const file: CheckType<'file', FileObserved> = {
  key: 'file',
  request: (declared) => [declared.sensitive ? 'secret' : 'text', wantedDigest(declared) ?? 'any', declared.path],
  // One find and one sha256sum for all; more only for content that differs.
  script: `${everybodyMayRead}${whyNot}
n=$1 requests= paths= contents= sums= NL='
'
while [ "$n" -gt 0 ] && IFS=$US read -r index show wanted path; do
  n=$((n - 1)) requests=$requests$index$US$show$US$wanted$US$path$NL paths=$paths$path$NL
done
IFS=$NL
found=$NL$(find $paths -maxdepth 0 -printf '%p\\037%y\\037%m\\037%u\\037%g\\037%s\\n' </dev/null 2>/dev/null)$NL
for request in $requests; do
  path=\${request##*"$US"}
  case $request in *"\${US}any$US$path") continue ;; esac
  entry=\${found#*"$NL$path\${US}f$US"}
  [ "$entry" != "$found" ] || continue
  entry=\${entry%%"$NL"*}
  [ "\${entry##*"$US"}" -gt 268435456 ] || contents=$contents$path$NL
done
[ -z "$contents" ] || sums=$NL$(sha256sum -- $contents </dev/null 2>/dev/null)$NL
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 show=$2 wanted=$3 path=$4 digest= public=no content=
  entry=\${found#*"$NL$path$US"}
  if [ "$entry" = "$found" ]; then
    why_not "$path"
    if [ -n "$why" ]; then cannot "$index" "$path cannot be looked at: $why"; else answer "$index" absent; fi
    continue
  fi
  entry=\${entry%%"$NL"*}
  IFS=$US; set -- $entry; IFS=$NL
  if [ "$wanted" != any ] && [ "$1" = f ]; then
    if [ "$5" -gt 268435456 ]; then
      cannot "$index" "$path is larger than 256 MiB, too large to compare its content"
      continue
    fi
    case $sums in
      *"  $path$NL"*) digest=\${sums%%"  $path$NL"*} digest=\${digest##*"$NL"} ;;
      *) digest=$(sha256sum 2>/dev/null <"$path") digest=\${digest%% *} ;;
    esac
    if [ -z "$digest" ]; then cannot "$index" "$path cannot be read"; continue; fi
    if [ "$digest" != "$wanted" ] && [ "$show" = text ] && everybody_may_read "$path" "$2"; then
      public=yes
      [ "$5" -gt 4096 ] || content=$(head -c 4096 2>/dev/null <"$path" | base64 -w 0)
    fi
  fi
  answer "$index" "$entry$US$digest$US$public$US$content"
done
unset IFS`,
  parse: parseFile,
  compare(declared, observed, conceal) {
    if (declared.state === 'Absent') {
      return known([differs('state', 'absent', observed.is === 'absent' ? 'absent' : 'present')]);
    }
    if (observed.is === 'absent') {
      const message = declared.content === undefined ? 'add `content` to have it made, or make it by hand' : undefined;
      return known([differs('state', 'present', 'absent', message)]);
    }
    if (observed.is === 'other') {
      const isFolder = observed.type === 'directory';
      const message = isFolder ? 'move the directory away: Holdfast removes none' : undefined;
      return known([differs('type', 'regular file', observed.type, message)]);
    }
    return known([contentDifference(declared, observed, conceal), ...attributeDifferences(declared, observed)]);
  },
  correct(declared) {
    const { path, content, state } = declared;
    if (state === 'Absent') return [{ name: 'Remove the file', ...command(['rm', '--force', '--', path]) }];
    const attributes = { mode: declared.mode, owner: declared.owner, group: declared.group };
    if (content === undefined) {
      const isDeclared = Object.values(attributes).some((value) => value !== undefined);
      return isDeclared
        ? [{ name: 'Set what it is', 'ansible.builtin.file': { path, state: 'file', ...attributes } }]
        : [];
    }
    return writeContent(declared, { dest: path, content, follow: false, ...attributes });
  },
  keep: ({ path, content, state }, folder) =>
    content === undefined && state !== 'Absent' ? [] : keepFile(path, folder, 'kept'),
  restore: (found, folder) => [...restoreFile(found.path, folder, 'kept'), ...file.correct(found)],
  asFound(declared, observed) {
    if (observed.is === 'absent') return { path: declared.path, state: 'Absent' };
    if (observed.is === 'other') return undefined;
    const { owner, group } = observed;
    const isDrift = observed.sha256 !== undefined && observed.sha256 !== wantedDigest(declared);
    const mayTell = observed.sha256 !== undefined && (!isDrift || !isSecret(declared, observed));
    // The digest of a secret that people may guess must not stand in a status; without it there may be nothing to tell.
    if (isDrift && !mayTell && !attributeDifferences(declared, observed).length) return undefined;
    return {
      path: declared.path,
      mode: octal(observed.mode),
      ...(isAccountName(owner) && { owner }),
      ...(isAccountName(group) && { group }),
      ...(mayTell && { sha256: observed.sha256 }),
    };
  },
};

function wantedDigest({ content, sha256: digest }: FileCheck): string | undefined {
  return content === undefined ? digest : sha256(content);
}

function isSecret({ sensitive, mode }: FileCheck, { isPublic }: RegularFile): boolean {
  return Boolean(sensitive) || !isPublic || (mode !== undefined && !(Number.parseInt(mode, 8) & 0o4));
}

function contentDifference(declared: FileCheck, observed: RegularFile, conceal: Conceal): Difference | undefined {
  const wanted = wantedDigest(declared);
  if (wanted === undefined || observed.sha256 === undefined || wanted === observed.sha256) return undefined;
  const message =
    declared.content === undefined
      ? 'add `content` to have it corrected: a digest does not say what to write'
      : undefined;
  if (isSecret(declared, observed)) return differs('content', conceal(wanted), conceal(observed.sha256), message);
  if (declared.content === undefined || observed.text === undefined) {
    return differs('content', `sha256:${wanted}`, `sha256:${observed.sha256}`, message);
  }
  const shown = excerpts(declared.content, observed.text);
  return { path: 'content', ...shown };
}

function attributeDifferences(declared: FileCheck, observed: RegularFile): Difference[] {
  const mode = declared.mode === undefined ? undefined : octal(Number.parseInt(declared.mode, 8));
  return [
    differs('mode', mode, octal(observed.mode)),
    differs('owner', declared.owner, observed.owner),
    differs('group', declared.group, observed.group),
  ].filter((difference) => difference !== undefined);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function isAccountName(name: string): boolean {
  return /^[a-z_][a-z0-9_.-]{0,30}[$]?$/.test(name);
}

/** A file keeps its mode; a new one that may be secret is the owner's alone. */
const modeOfNew = {
  public: expression("{{ holdfast_target.stat.isreg | default(false) | ternary(omit, '0644') }}"),
  secret: expression("{{ holdfast_target.stat.isreg | default(false) | ternary(omit, '0600') }}"),
};

/** What is not a file makes way first; `rm` refuses to remove a directory. */
function writeContent({ path, mode, sensitive }: FileCheck, copy: Task): Task[] {
  const isPublic = !sensitive && mode !== undefined && (Number.parseInt(mode, 8) & 0o4) !== 0;
  return [
    lookAt(path, false, 'holdfast_target'),
    {
      name: 'Remove what is not a regular file',
      ...command(['rm', '--force', '--', path]),
      when: expression('holdfast_target.stat.exists and not holdfast_target.stat.isreg'),
    },
    {
      name: 'Write the file',
      'ansible.builtin.copy': { ...copy, mode: mode ?? modeOfNew[sensitive ? 'secret' : 'public'] },
      no_log: !isPublic,
    },
  ];
}
