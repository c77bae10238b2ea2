/**
 * Situations of `kernelModule`. The kernel of the test hosts has no modules, so that none is ever loaded; files that depmod and modprobe take for
 * modules let modprobe say what it would do.
 */
import type { KernelModuleCheck } from '../../../operator/api/v1alpha1/systemChecks.ts';
import { hostile, type HostCase } from './case.ts';

/** Makes `hf-plain`, `hf_soft` with a soft dependency on it, `hf_fs` with an alias, and `hf_builtin`. */
const modules = `python3 - <<'P'
import os, struct
def ko(path, info):
    data = b''.join(x.encode() + b'\\0' for x in info)
    names = b'\\0.modinfo\\0.shstrtab\\0'
    end = (64 + len(data) + len(names) + 7) // 8 * 8
    head = b'\\x7fELF\\2\\1\\1' + bytes(9) + struct.pack('<HHIQQQIHHHHHH', 1, 62, 1, 0, 0, end, 0, 64, 0, 0, 64, 3, 2)
    part = lambda name, kind, offset, size: struct.pack('<IIQQQQIIQQ', name, kind, 2 if kind == 1 else 0, 0, offset, size, 0, 0, 1, 0)
    body = head + data + names
    open(path, 'wb').write(body + bytes(end - len(body)) + part(0, 0, 0, 0) + part(1, 1, 64, len(data)) + part(10, 3, 64 + len(data), len(names)))
base = '/lib/modules/' + os.uname().release
os.makedirs(base + '/kernel', exist_ok=True)
ko(base + '/kernel/hf-plain.ko', ['name=hf_plain', 'depends='])
ko(base + '/kernel/hf_soft.ko', ['name=hf_soft', 'softdep=pre: hf-plain', 'depends='])
ko(base + '/kernel/hf_fs.ko', ['name=hf_fs', 'alias=fs-hffs', 'depends='])
open(base + '/modules.order', 'w').close()
open(base + '/modules.builtin', 'w').write('kernel/hf-builtin.ko\\n')
P
depmod 2>/dev/null`;
const cleared =
  'rm -rf /lib/modules; rm -f /etc/modprobe.d/*hf* /etc/modprobe.d/a.conf /etc/modprobe.d/zz.conf /usr/lib/modprobe.d/zz.conf /etc/modprobe.d/nohf';

const cmdline = (words: string) => `echo '${words}' >/root/cmdline; mount --bind /root/cmdline /proc/cmdline`;
const entry = (options: string) =>
  `mkdir -p /boot/loader/entries; printf 'title x\\noptions ro\\noptions ${options}\\n' >/boot/loader/entries/a.conf`;
const asBefore = `umount /proc/cmdline; rm -rf /boot/loader; ${cleared}`;

/** `a.conf` in /etc/modprobe.d, and what comes of it for a module. */
function module(
  name: string,
  declared: KernelModuleCheck,
  a: string,
  found: HostCase['found'],
  more: Partial<HostCase> = {},
): HostCase {
  const given = `${modules}; printf '${a}' >/etc/modprobe.d/a.conf; ${more.given ?? ':'}`;
  return { name, declare: { kernelModule: declared }, found, cleared, ...more, given };
}
const plain: KernelModuleCheck = { name: 'hf-plain' };
const loadable = ['loadable is yes, not no'];
const isBlocked = 'modprobe --show-depends hf_plain | grep -qx "install /bin/false "';

export const kernelModule: readonly HostCase[] = [
  module('a module that can be loaded is kept out', plain, '', loadable, { corrected: isBlocked }),
  module('a comment behind the command is one of its words', plain, 'install hf_plain /bin/true #off\\n', [], {
    source: 'https://github.com/microsoft/lisa/pull/4106',
  }),
  module('a blacklist line is not enough', plain, 'blacklist hf_plain\\n', loadable, {
    source: 'https://github.com/kmod-project/kmod/issues/439',
    corrected: isBlocked,
  }),
  module(
    'the first install line counts, and ours is read before it',
    plain,
    'install hf_plain /sbin/modprobe --ignore-install hf_plain\\n',
    loadable,
    {
      source: 'https://github.com/kmod-project/kmod/issues/440',
      given: 'echo "install hf_plain /bin/false" >/etc/modprobe.d/holdfast-hf_plain.conf',
      corrected: isBlocked,
    },
  ),
  module('so that a later one that lets it in does no harm', plain, 'install hf-plain /bin/false\\n', [], {
    given: 'echo "install hf_plain /sbin/modprobe --ignore-install hf_plain" >/etc/modprobe.d/zz.conf',
  }),
  module('a file whose name ours cannot precede is said', plain, '', loadable, {
    given: 'echo "install hf_plain /sbin/insmod x.ko" >"/etc/modprobe.d/!hf.conf"',
    manual: /line 1 of \/etc\/modprobe.d\/!hf.conf is read before any file that Holdfast could write/,
  }),
  module(
    'a soft dependency makes modprobe pass over the line',
    { name: 'hf_soft' },
    'blacklist hf_soft\\ninstall hf_soft /bin/false\\n',
    loadable,
    {
      source: 'https://github.com/kmod-project/kmod/issues/446',
      manual: /soft dependency.*module_blacklist=hf_soft/,
    },
  ),
  module(
    'also one of the configuration',
    plain,
    'install hf_plain /bin/false\\nsoftdep hf_plain pre: hf_fs\\n',
    loadable,
    { manual: /soft dependency/ },
  ),
  ...[
    '/bin/true',
    '/usr/bin/false',
    '/sbin/false',
    '/usr/sbin/true',
    'exec /bin/false',
    '/bin/false # why',
    '\\t/bin/false',
  ].map((command) => module(`${command} keeps it out`, plain, `install hf_plain ${command}\\n`, [])),
  module('a line that goes on counts as one', plain, 'install \\\\\\n hf_plain \\\\\\n /bin/false\\n', []),
  module('a pattern keeps out what it matches', plain, 'install hf_* /bin/false\\n', []),
  module('a pattern that lets in is outdone', plain, 'install hf[_]pl?in /sbin/modprobe -i hf_plain\\n', loadable, {
    corrected: isBlocked,
  }),
  module(
    'a command that only begins with false lets it in',
    plain,
    'install hf_plain /bin/false || /sbin/modprobe --ignore-install hf_plain\\n',
    loadable,
    { corrected: isBlocked },
  ),
  module('a command that nobody knows is not known', plain, 'install hf_plain /usr/local/bin/hf\\n', [
    /^unknown: its `install` line runs `\/usr\/local\/bin\/hf`/,
  ]),
  module(
    'what is part of the kernel stays, whatever a line says',
    { name: 'hf_builtin' },
    'install hf_builtin /bin/false\\n',
    ['loadable is built in, not no'],
    {
      source: 'https://github.com/wazuh/wazuh/issues/34495',
      manual: /built into this kernel/,
    },
  ),
  module('a file without the ending is not read', plain, '', loadable, {
    given: 'echo "install hf_plain /bin/false" >/etc/modprobe.d/nohf',
  }),
  module('nor is one that another stands for', plain, '', loadable, {
    given: 'echo "install hf_plain /bin/false" >/usr/lib/modprobe.d/zz.conf; ln -s /dev/null /etc/modprobe.d/zz.conf',
  }),
  module('letters count', plain, 'install HF_PLAIN /bin/false\\n', loadable),
  module('lines that modprobe rejects are no trouble', plain, '404: Not Found\\ninstall hf_plain /bin/false\\n', []),
  module(
    'an alias in the way leaves it unknown',
    { name: 'hf_fs' },
    'alias hf_fs hf_plain\\ninstall hf_fs /bin/false\\n',
    [/^unknown: modprobe.d has an alias named hf_fs/],
  ),
  module('so does one that leads nowhere', plain, 'alias hf_plain off\\n', [/^unknown: modprobe.d has an alias/]),
  module('another name of a module is not the module', { name: 'fs-hffs' }, '', [
    /^unknown: fs_hffs is another name for hf_fs/,
  ]),
  module('a kernel that has no such module cannot load it', { name: 'hf-none' }, '', []),
  module('unless another on the disk has it', { name: 'hf-plain' }, '', loadable, {
    given:
      'mkdir -p /lib/modules/9.9.9/kernel; mv /lib/modules/$(uname -r)/kernel/hf-plain.ko /lib/modules/9.9.9/kernel; depmod 2>/dev/null; depmod 9.9.9 2>/dev/null',
  }),
  module(
    'without an index it is not known',
    plain,
    '',
    [/^unknown: the modules of the running kernel are not on disk or not indexed/],
    {
      given: 'rm /lib/modules/$(uname -r)/modules.dep*',
    },
  ),
  module('a file of our name that somebody used keeps what it has', plain, '', loadable, {
    given: 'printf "# keep\\ninstall hf_fs /bin/false" >/etc/modprobe.d/holdfast-hf_plain.conf',
    corrected: `${isBlocked}; modprobe --show-depends hf_fs | grep -q "install /bin/false"`,
  }),
  module(
    'a module may be loadable again',
    { name: 'hf-plain', state: 'Loadable' },
    '# a\\ninstall hf_fs /bin/false\\ninstall hf-plain \\\\\\n /bin/false\\n',
    ['loadable is no, not yes'],
    {
      corrected:
        'modprobe --show-depends hf_plain | grep -q insmod && test "$(cat /etc/modprobe.d/a.conf | wc -l)" = 2',
    },
  ),
  module(
    'but not where a line keeps out more',
    { name: 'hf-plain', state: 'Loadable' },
    'install hf_* /bin/false\\n',
    ['loadable is no, not yes'],
    { manual: /disables it, and perhaps other modules/ },
  ),
  module(
    'what the kernel itself refuses is not loaded, soft dependency or not',
    plain,
    'softdep hf_plain pre: hf_fs\\n',
    [],
    {
      source: 'https://github.com/kmod-project/kmod/issues/446',
      given: `${cmdline('ro module_blacklist=foo,hf_plain')}; ${entry('module_blacklist=hf_plain')}`,
      cleared: asBefore,
    },
  ),
  module('it refuses names as it has them', plain, '', loadable, {
    given: cmdline('ro module_blacklist=hf-plain'),
    corrected: isBlocked,
    cleared: asBefore,
  }),
  module('and those of the last such argument', plain, '', loadable, {
    given: cmdline('module_blacklist=hf_plain module_blacklist=foo'),
    corrected: isBlocked,
    cleared: asBefore,
  }),
  module('what only this boot refuses is loadable', plain, '', loadable, {
    given: `${cmdline('ro module_blacklist=hf_plain')}; ${entry('quiet')}`,
    corrected: isBlocked,
    cleared: asBefore,
  }),
  module(
    'where the next boot is not known, neither is that',
    plain,
    '',
    [/^unknown: the next boot entry uses a variable/],
    {
      given: `${cmdline('ro module_blacklist=hf_plain')}; ${entry('$none')}`,
      cleared: asBefore,
    },
  ),
  module(
    'an argument of the kernel is taken back by a person',
    { name: 'hf-plain', state: 'Loadable' },
    '',
    ['loadable is no, not yes'],
    {
      given: cmdline('ro module_blacklist=hf_plain'),
      manual: /the kernel argument `module_blacklist` disables it/,
      cleared: asBefore,
    },
  ),
  ...['modprobe', 'awk'].flatMap((tool) =>
    hostile(tool, {
      declare: { kernelModule: plain },
      given: `${modules}; printf 'install hf_plain /bin/false\\n' >/etc/modprobe.d/a.conf`,
      cleared,
    }),
  ),
];
