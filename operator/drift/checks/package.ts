/** Package: whether RPM has it installed, in an old enough or the very version. Of several installed at once the newest counts. */
import { compareRpmVersions, formatRpmVersion, parseRpmVersion, type RpmVersion } from '../../lib/rpmVersion.ts';
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { manual } from './change.ts';

/** The versions that are installed, newest first. */
export interface PackageObserved {
  readonly installed: readonly RpmVersion[];
}

export const rpmPackage: CheckType<'package', PackageObserved> = {
  key: 'package',
  request: ({ name }) => [name],
  // One rpm for all. It also says "package NAME is not installed", which is no line of a package.
  script: `n=$1 requests= failed= NL='
'
set --
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) requests=$requests$index$US$name$NL
  set -- "$@" "$name"
done
if ! command -v rpm >/dev/null; then
  failed='rpm is not installed'
else
  found=$(rpm -q --qf "%{NAME}$US%{EPOCHNUM}$US%{VERSION}$US%{RELEASE}\\n" -- "$@" 2>&1 </dev/null)
  case $NL$found in *"\${NL}error: "*) failed="rpm failed: \${found#*error: }" failed=\${failed%%"$NL"*} ;; esac
fi
IFS=$NL
for request in $requests; do
  index=\${request%%"$US"*} name=\${request#*"$US"} versions=
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  for line in $found; do
    case $line in "$name$US"*) versions=$versions$NL\${line#*"$US"} ;; esac
  done
  answer "$index" "$versions"
done
unset IFS`,
  parse(answer) {
    const installed = answer.split('\n').slice(1).map(parseInstalled);
    return { installed: installed.sort((a, b) => compareRpmVersions(b, a)) };
  },
  compare({ state, minVersion, version }, { installed }) {
    const [newest] = installed;
    if (state === 'Absent') return known([differs('state', 'absent', newest ? formatRpmVersion(newest) : 'absent')]);
    const wanted = version ?? (minVersion === undefined ? undefined : `${minVersion} or newer`);
    if (!newest) return known([differs(wanted ? 'version' : 'state', wanted ?? 'present', 'absent')]);
    const order = compareRpmVersions(newest, parseRpmVersion(version ?? minVersion ?? ''));
    const isRight = wanted === undefined || (version === undefined ? order >= 0 : order === 0);
    return known([isRight ? undefined : differs('version', wanted, formatRpmVersion(newest))]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

function parseInstalled(line: string): RpmVersion {
  const [epoch, version, release] = fieldsOf(line, 3);
  if (!/^[0-9]+$/.test(epoch)) throw new Error('rpm told no epoch');
  return { epoch: Number(epoch), version, release };
}
