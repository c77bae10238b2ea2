/** Which arguments the kernel has, and which the next boot gives it: by entries of the Boot Loader Specification and the environment of GRUB. Pure. */

/**
 * `boot_arguments`: sets $boot to lines `a` ARGUMENTS of the running kernel, `loader` where there is a boot loader, `staged` where
 * an image or its arguments are written when the host shuts down, `e` NAME of each entry, then
 * `o` ARGUMENTS of it, and `g` LINE of grubenv; and $unread to why not all of them are known.
 */
export const bootArguments = `
boot_arguments() {
  unset IFS
  boot= unread= arguments=
  read -r arguments </proc/cmdline || [ -n "$arguments" ] || unread='/proc/cmdline cannot be read'
  boot="a$US$arguments$NL"
  set +f
  for file in /boot/grub2/grub.cfg /boot/grub/grub.cfg /etc/zipl.conf /boot/efi/EFI/*/grub.cfg /efi/EFI/systemd /boot/efi/EFI/systemd; do
    [ ! -e "$file" ] || { boot="\${boot}loader$NL"; break; }
  done
  [ ! -e /run/ostree/staged-deployment ] || boot="\${boot}staged$NL"
  if [ -e /boot/loader/entries ] && ! { [ -r /boot/loader/entries ] && [ -x /boot/loader/entries ]; }; then unread='/boot/loader/entries cannot be read'; fi
  for file in /boot/loader/entries/*.conf; do
    [ -e "$file" ] || continue
    [ -f "$file" ] && [ -r "$file" ] || { unread="$file cannot be read"; continue; }
    name=\${file##*/} boot="\${boot}e$US\${name%.conf}$NL"
    while read -r word rest || [ -n "$word" ]; do
      case $word in options) boot="\${boot}o$US$rest$NL" ;; esac
    done <"$file"
  done
  set -f
  for file in /boot/grub2/grubenv /boot/grub/grubenv; do
    [ -r "$file" ] || continue
    while read -r line || [ -n "$line" ]; do
      case $line in [a-z]*=*) boot="\${boot}g$US$line$NL" ;; esac
    done <"$file"
    break
  done
}`;

/** What the probe found of the boot. */
export interface Boot {
  /** The arguments of the running kernel. */
  readonly running: string;
  /** Whether there is a boot loader whose entries cannot be read as those of the Boot Loader Specification. */
  readonly isUnread: boolean;
  /** Whether other entries are written when the host shuts down: ostree-finalize-staged.service. */
  readonly isStaged: boolean;
  /** Lines of grubenv. */
  readonly environment: readonly string[];
  /** Of each entry its name and arguments, which may stand on several lines. */
  readonly entries: readonly { readonly name: string; readonly options: string }[];
}

/** Throws when the lines do not tell what the kernel runs with. */
export function bootFrom(lines: readonly (readonly string[])[]): Boot {
  const valuesOf = (word: string) =>
    lines.filter(([first]) => first === word).map((fields) => fields.slice(1).join('\x1f'));
  const [running] = valuesOf('a');
  if (running === undefined) throw new Error('the host did not report the arguments of its kernel');
  const entries: { name: string; options: string }[] = [];
  for (const [word, value = ''] of lines) {
    const last = entries.at(-1);
    if (word === 'e') entries.push({ name: value, options: '' });
    else if (word === 'o' && last) last.options = `${last.options} ${value}`.trim();
  }
  return {
    running,
    isUnread: valuesOf('loader').length > 0,
    isStaged: valuesOf('staged').length > 0,
    environment: valuesOf('g'),
    entries,
  };
}

/** The arguments of the next boot; several where it is not plain which entry boots; or why they are not known. */
export function argumentsAtBoot({
  running,
  isUnread,
  isStaged,
  environment,
  entries,
}: Boot): readonly string[] | { readonly unknown: string } {
  if (isStaged)
    return {
      unknown:
        'the kernel arguments of the next boot are unknown: another deployment is staged, and is written when the host shuts down; reboot the host first',
    };
  if (!entries.length) {
    return isUnread
      ? {
          unknown:
            'the kernel arguments of the next boot are unknown: the boot loader has no entries in /boot/loader/entries',
        }
      : [running];
  }
  const valueOf = (name: string) => environment.findLast((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  const chosen = valueOf('next_entry') || valueOf('saved_entry');
  const booting = entries.filter(({ name }) => name === chosen);
  const all = (booting.length ? booting : firstOfOstree(entries)).map(({ options }) =>
    options.replace(/\$\{?([a-z_]+)\}?/g, (_, name: string) =>
      name === 'tuned_params' || name === 'tuned_initrd' ? (valueOf(name) ?? '') : (valueOf(name) ?? '$'),
    ),
  );
  return all.some((options) => options.includes('$'))
    ? { unknown: 'the next boot entry uses a variable that is not set in /boot/grub2/grubenv' }
    : all;
}

/** Of deployments of ostree the latest boots, which its entry with the largest number is; the others are for going back. */
function firstOfOstree(entries: Boot['entries']): Boot['entries'] {
  const numbers = entries.map(({ name }) => Number(/^ostree-([0-9]+)(?:-[^/]*)?$/.exec(name)?.[1] ?? NaN));
  const most = Math.max(...numbers);
  return Number.isNaN(most) ? entries : entries.filter((_, index) => numbers[index] === most);
}
