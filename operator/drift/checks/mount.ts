/** Mount: whether a file system is mounted at a path, what it is, and the options in effect. The topmost mount counts. */
import type { MountCheck } from '../../api/v1alpha1/fileChecks.ts';
import { expression, type Task } from '../../lib/ansibleTask.ts';
import type { CheckType } from './checkType.ts';
import { differs, fieldsOf, known } from './comparison.ts';
import { command } from './kept.ts';
import { holds, oppositeOf, optionDifference } from './mountOptions.ts';
import { visible } from './shown.ts';

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
  correct: correctMount,
  asFound({ path, source, type, options = [] }, observed): MountCheck | undefined {
    if (observed.is === 'absent') return undefined;
    const isOther =
      (source !== undefined && source !== observed.source && !observed.isSameDevice) ||
      (type ?? observed.type) !== observed.type;
    const found = options.map((option) => (holds(option, observed.options) ? option : oppositeOf(option)));
    const areKnown = found.every((option) => option !== undefined);
    return isOther || !areKnown ? undefined : { path, source, type, options: found };
  },
};

/** Fstab first, whose other options stay; then the mount itself. */
function correctMount({ path, source, type, options = [] }: MountCheck): Task[] {
  const ofFstab = ['findmnt', '-snro', 'SOURCE,FSTYPE,OPTIONS', '--mountpoint', path];
  const isMounted = expression('holdfast_mounted.rc == 0');
  const isNotMounted = expression('holdfast_mounted.rc != 0');
  return [
    look('Look into fstab', ofFstab, 'holdfast_fstab'),
    look('Look at the mount', ['findmnt', '-kn', '--mountpoint', path], 'holdfast_mounted'),
    {
      name: 'Have it in fstab',
      'ansible.posix.mount': {
        path,
        src: source ?? expression('{{ holdfast_words[0] }}'),
        fstype: type ?? expression('{{ holdfast_words[1] }}'),
        opts: expression(
          "{{ (holdfast_words[2].split(',') | difference(holdfast_options + [''])) | union(holdfast_options) | join(',') }}",
        ),
        state: 'present',
      },
      vars: {
        holdfast_words: expression("{{ holdfast_fstab.stdout.split(' ') + ['', '', ''] }}"),
        holdfast_options: options.length ? [...options] : ['defaults'],
      },
      // What is declared is enough to write a line, or there is one.
      ...(!isMountable({ path, source, type }) && { when: expression('holdfast_fstab.rc == 0') }),
    },
    { name: 'Make the folder', 'ansible.builtin.file': { path, state: 'directory' }, when: isNotMounted },
    { name: 'Mount it', ...command(['mount', '--', path]), when: isNotMounted },
    {
      name: 'Mount it again with the options',
      'ansible.posix.mount': { path, state: 'remounted', opts: options.join(',') || 'defaults' },
      when: isMounted,
    },
  ];
}

function look(name: string, words: readonly string[], register: string): Task {
  return { name, ...command(words), register, check_mode: false, changed_when: false, failed_when: false };
}

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
