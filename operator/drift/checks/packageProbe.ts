/** How a host is asked what is installed, and how the answer is read. Pure. */
import { compareRpmVersions, formatRpmVersion, type RpmVersion } from '../../lib/rpmVersion.ts';
import { fieldsOf } from './comparison.ts';

export interface Installed extends RpmVersion {
  readonly name: string;
  readonly release: string;
  readonly arch: string;
}

/** All newest first. */
export interface PackageObserved {
  /** What is installed by the declared name. */
  readonly installed: readonly Installed[];
  /** Where that is nothing: packages by other names that say they provide it. */
  readonly providers: readonly Installed[];
}

/**
 * One rpm for all, and one more for names that are not installed: whether a package provides them. Every name must be accounted for, every
 * line understood, and the database must know the release of the system: an empty one knows nothing, and would make all absent.
 */
export const packageScript = `n=$1 requests= failed= providers= unknown=
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests=$requests$index$US$name$NL
  set -- "$@" "$name"
done
row="%{NAME}$US%{EPOCHNUM}$US%{VERSION}$US%{RELEASE}$US%{ARCH}"
asked() { # FORMAT, then names: sets $found, and $failed when that is not all or not understood
  format=$1 missing=0; shift
  found=$(rpm -q --qf "$format\\n" "$@" 2>&1 </dev/null)
  code=$?
  IFS=$NL
  for line in $found; do
    case $line in
      *"$US"*"$US"*"$US"*"$US"*) ;;
      'package '*' is not installed' | 'no package provides '*) missing=$((missing + 1)) ;;
      'warning: '*) ;;
      'error: '*) failed="rpm failed: \${line#error: }"; return ;;
      *) failed="rpm printed unexpected output: $line"; break ;;
    esac
  done
  unset IFS
  if [ "$code" -ne 0 ]; then
    case $missing in 0) failed=\${failed:-"rpm exited with code $code"} ;; esac
    [ "$code" -lt 126 ] || [ "$missing" -ge 126 ] || failed="rpm exited with code $code: \${found##*"$NL"}"
  fi
}
if ! command -v rpm >/dev/null; then failed='rpm is not installed'; else asked "$row" -- "$@"; fi
if [ -z "$failed" ]; then
  installed=$NL$found$NL
  set --
  IFS=$NL
  for request in $requests; do
    name=\${request#*"$US"}
    case $installed in *"\${NL}package $name is not installed$NL"*) set -- "$@" "$name" ;; esac
  done
  unset IFS
  if [ $# -gt 0 ]; then
    asked "$row$US[,%{PROVIDES}]," --whatprovides -- system-release "$@"
    providers=$NL$found$NL
    case $providers in *,system-release,*) ;; *) failed=\${failed:-'nothing in the RPM database provides system-release: the database is empty, or belongs to another system'} ;; esac
  fi
fi
IFS=$NL
for request in $requests; do
  index=\${request%%"$US"*} name=\${request#*"$US"} rows=
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  case $installed in
    *"\${NL}package $name is not installed$NL"*)
      case $providers in
        *,"$name",*) for line in $providers; do
          case $line in *,"$name",*) rows=\${rows}$NL\${line%"$US"*} ;; esac
        done ;;
        *"\${NL}no package provides $name$NL"*) ;;
        *) cannot "$index" "rpm did not report what provides $name"; continue ;;
      esac
      answer "$index" "provided$rows" ;;
    *)
      for line in $installed; do
        case $line in *"$US"*) ;; *) continue ;; esac
        IFS=$US; set -- $line; IFS=$NL
        case $name in "$1" | "$1.$5" | "$1-$3" | "$1-$3-$4" | "$1-$3-$4.$5" | "$1-$2:$3-$4" | "$1-$2:$3-$4.$5") rows=$rows$NL$line ;; esac
      done
      if [ -n "$rows" ]; then answer "$index" "installed$rows"; else cannot "$index" "rpm did not report $name"; fi ;;
  esac
done
unset IFS`;

export function parsePackages(answer: string): PackageObserved {
  const [word, ...lines] = answer.split('\n');
  const rows = lines.map(parseRow).sort((a, b) => compareRpmVersions(b, a));
  if (word === 'installed') return { installed: rows, providers: [] };
  if (word === 'provided') return { installed: [], providers: rows };
  throw new Error('rpm reported neither installed packages nor that there are none');
}

function parseRow(line: string): Installed {
  const [name, epoch, version, release, arch] = fieldsOf(line, 5);
  if (!/^[0-9]+$/.test(epoch)) throw new Error('rpm did not report an epoch');
  return { name, epoch: Number(epoch), version, release, arch };
}

/** `NAME-EPOCH:VERSION-RELEASE.ARCH` of each, as the host's half of a correction tells them too. */
export function seenOf({ installed }: PackageObserved): string {
  const all = installed.map(
    ({ name, epoch, version, release, arch }) => `${name}-${epoch}:${version}-${release}.${arch}`,
  );
  return all.length ? all.sort().join(' ') : 'absent';
}

/** `bash-5.1.8-9.el9`: with its name, for people. */
export function inWords(one: Installed): string {
  return `${one.name}-${formatRpmVersion(one)}`;
}
