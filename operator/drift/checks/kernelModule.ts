/**
 * Kernel module: whether it is loaded, and whether it can be. Only an `install` line of modprobe.d that runs /bin/false or
 * /bin/true keeps a module from being loaded; a `blacklist` line keeps it from loading by itself.
 */
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { manual } from './change.ts';

export interface KernelModuleObserved {
  readonly loaded: boolean;
  /** Whether modprobe would load it; `built in` when it is part of the kernel itself, `no` also when the kernel has none such. */
  readonly loadable: 'yes' | 'no' | 'built in';
  /** Whether a `blacklist` line names it. */
  readonly blacklisted: boolean;
}

export const kernelModule: CheckType<'kernelModule', KernelModuleObserved> = {
  key: 'kernelModule',
  request: ({ name }) => [kernelName(name)],
  // One modprobe for the configuration, and one for each module that it does not block.
  script: `n=$1 failed= modules=' ' NL='
'
if ! command -v modprobe >/dev/null; then failed='modprobe is not installed'
elif ! config=$(modprobe --showconfig 2>&1 </dev/null); then failed="modprobe --showconfig failed: \${config##*"$NL"}"
elif [ -e /proc/modules ]; then
  while read -r name rest; do modules="$modules$name "; done </proc/modules
fi
for folder in /etc/modprobe.d /run/modprobe.d /usr/lib/modprobe.d; do
  [ ! -d "$folder" ] || { [ -r "$folder" ] && [ -x "$folder" ]; } || failed="$folder cannot be read"
done
while [ "$n" -gt 0 ] && IFS=$US read -r index name; do
  n=$((n - 1)) loaded=no loadable=yes blacklisted=no install=
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  case $modules in *" $name "*) loaded=yes ;; esac
  IFS=$NL
  for line in $config; do
    case $line in "install $name "*) install=\${line#install * } ;; "blacklist $name") blacklisted=yes ;; esac
  done
  unset IFS
  case "$install " in
    /bin/false' '* | /bin/true' '* | /usr/bin/false' '* | /usr/bin/true' '*) loadable=no ;;
    ' ')
      trial=$(modprobe --dry-run --verbose -- "$name" 2>&1 </dev/null)
      case $?$trial in
        0builtin*) loadable='built in' ;;
        0*) ;;
        *' not found'*) loadable=no ;;
        *) cannot "$index" "modprobe failed: \${trial##*"$NL"}"; continue ;;
      esac ;;
  esac
  answer "$index" "$loaded$US$loadable$US$blacklisted"
done`,
  parse(answer) {
    const [loaded, loadable, blacklisted] = fieldsOf(answer, 3);
    if (loadable !== 'yes' && loadable !== 'no' && loadable !== 'built in')
      throw new Error('the host did not tell whether it is loadable');
    return { loaded: loaded === 'yes', loadable, blacklisted: blacklisted === 'yes' };
  },
  compare({ state }, { loaded, loadable, blacklisted }) {
    if (state === 'Loadable') return known([differs('loadable', 'yes', loadable === 'no' ? 'no' : 'yes')]);
    const why =
      loadable === 'built in'
        ? 'it is part of this kernel and cannot be taken out: remove the check'
        : blacklisted
          ? 'a `blacklist` line only keeps it from loading by itself; it takes `install … /bin/false`'
          : undefined;
    return known([differs('loaded', 'no', loaded ? 'yes' : 'no'), differs('loadable', 'no', loadable, why)]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

/** The kernel's own spelling: it takes `-` and `_` as the same. */
function kernelName(name: string): string {
  return name.replaceAll('-', '_');
}
