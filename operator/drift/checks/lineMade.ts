/** Lines of files that nobody reads as they are: fagenrules(8) makes one file of those of fapolicyd, and RHEL has no readers of others any more. Pure. */
import type { LineReader } from './effect.ts';

const compiled = '/etc/fapolicyd/compiled.rules';
const load = 'run `fagenrules --load`, which writes that file from those of /etc/fapolicyd/rules.d';

export const fapolicyd: LineReader = {
  reads: ({ path, line }) => path.startsWith('/etc/fapolicyd/rules.d/') && !/^\s*(#|$)/.test(line),
  asked: () => ({ words: [], also: { paths: [compiled] } }),
  effect({ line }, { files }) {
    const file = files.find(({ path }) => path === compiled);
    if (file?.lines.some(({ text }) => text === line)) return undefined;
    return { is: 'other', value: line, found: 'absent', place: ` (${compiled})`, isPublic: true, advice: load };
  },
};

const release = '/etc/os-release';
/** Files, the release of RHEL since which nobody reads them, and what to do instead. */
const gone: readonly (readonly [paths: RegExp, since: number, what: string])[] = [
  [/^\/etc\/hosts\.(allow|deny)$/, 8, 'it has no TCP wrappers; restrict access with firewalld'],
  [
    /^\/etc\/sysconfig\/network-scripts\/(ifcfg|route6?|rule6?)-/,
    10,
    'NetworkManager reads only /etc/NetworkManager/system-connections; run `nmcli connection migrate` before the upgrade, or create the connection there',
  ],
];

function whyGone(path: string, major: number): string | undefined {
  const found = gone.find(([paths, since]) => paths.test(path) && major >= since);
  return found && `no program of RHEL ${major} reads ${path}: ${found[2]}`;
}

/** What the release calls itself: `PLATFORM_ID="platform:el9"`. */
export const unread: LineReader = {
  reads: ({ path }) => gone.some(([paths]) => paths.test(path)),
  asked: () => ({ words: ['platform_id='], also: { paths: [release] } }),
  effect({ path }, { files }) {
    const lines = files.find((file) => file.path === release)?.lines ?? [];
    const major = lines.map(({ text }) => /^PLATFORM_ID="?platform:el([0-9]+)/.exec(text)?.[1]).find(Boolean);
    const message = major === undefined ? undefined : whyGone(path, Number(major));
    return message === undefined ? undefined : { is: 'unknown', message };
  },
  whyNotThere: ({ path }, files) => {
    const effect = unread.effect({ path, line: '' }, { files, folders: [] });
    return effect?.is === 'unknown' ? effect.message : undefined;
  },
};
