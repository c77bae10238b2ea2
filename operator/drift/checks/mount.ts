/** Mount: whether a file system is mounted at a path, what it is, and the options in effect. The topmost mount counts. */
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { holds, optionDifference } from './mountOptions.ts';
import { visible } from './shown.ts';
import { manual } from './change.ts';

export type MountObserved =
  | { readonly is: 'absent' }
  | {
      readonly is: 'mounted';
      readonly source: string;
      readonly type: string;
      /** Of the mount and of the file system itself. */
      readonly options: readonly string[];
      /** Whether the declared source is another name of the same device. */
      readonly isSameDevice: boolean;
    };

export const mount: CheckType<'mount', MountObserved> = {
  key: 'mount',
  request: ({ path, source }) => [path.replace(/[\\ ]/g, escapeOctal), deviceOf(source)],
  // The shell reads the table of mounts itself, and keeps the last line of each path that is asked.
  script: `n=$1 requests= asked= mounts= failed= NL='
'
while [ "$n" -gt 0 ] && IFS=$US read -r index path device; do
  n=$((n - 1)) requests=$requests$index$US$path$US$device$NL asked=$asked$US$path$US
done
[ -r /proc/self/mountinfo ] || failed='/proc/self/mountinfo cannot be read'
while read -r id parent numbers root path rest; do
  case $asked in *"$US$path$US"*) mounts="$NL$path $rest$mounts" ;; esac
done </proc/self/mountinfo
IFS=$NL
for request in $requests; do
  IFS=$US; set -- $request; IFS=$NL
  index=$1 path=$2 device=$3 same=no
  if [ -n "$failed" ]; then cannot "$index" "$failed"; continue; fi
  found=\${mounts#*"$NL$path "}
  if [ "$found" = "$mounts" ]; then answer "$index" absent; continue; fi
  found=\${found%%"$NL"*}
  source=\${found#* - } source=\${source#* } source=\${source%% *}
  if [ "$device" != - ] && [ "$device" -ef "$source" ]; then same=yes; fi
  answer "$index" "$found$US$same"
done
unset IFS`,
  parse(answer) {
    if (answer === 'absent') return { is: 'absent' };
    const [mounted, same] = fieldsOf(answer, 2);
    const [own = '', ofFileSystem = ''] = mounted.split(' - ');
    const [type, source, superOptions] = ofFileSystem.split(' ').map(unescapeOctal);
    if (!type || source === undefined || superOptions === undefined)
      throw new Error('the table of mounts has an odd line');
    const options = new Set([...(own.split(' ')[0] ?? '').split(','), ...superOptions.split(',')]);
    return { is: 'mounted', source, type, options: [...options], isSameDevice: same === 'yes' };
  },
  compare(declared, observed) {
    if (observed.is === 'absent') {
      const message = isMountable(declared)
        ? undefined
        : 'give `source` and `type` to have it mounted, unless /etc/fstab has it';
      return known([differs('state', 'mounted', 'absent', message)]);
    }
    const { source, type, options = [] } = declared;
    const other = 'another file system is mounted here: unmount it, and it will be mounted';
    const isSource = source === observed.source || observed.isSameDevice;
    const isType = type === observed.type || type === 'auto' || (type === 'nfs' && observed.type === 'nfs4');
    return known([
      isSource ? undefined : differs('source', source, visible(observed.source), other),
      isType ? undefined : differs('type', type, visible(observed.type), other),
      ...options
        .filter((option) => !holds(option, observed.options))
        .map((option) => optionDifference(option, observed.options)),
    ]);
  },
  remedy: () => manual('not yet'),
  claims: () => ({}),
};

function isMountable({ source, type }: MountCheck): boolean {
  return source !== undefined && type !== undefined;
}

/** The path of a device by which the host can tell whether it is the one mounted; `-` where the source is no device. */
function deviceOf(source: string | undefined): string {
  if (source?.startsWith('/')) return source;
  const [, tag, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)="?([^"]*)"?$/.exec(source ?? '') ?? [];
  return tag && value ? `/dev/disk/by-${tag.toLowerCase()}/${value}` : '-';
}

/** The table of mounts has blanks and backslashes in octal. */
function escapeOctal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
