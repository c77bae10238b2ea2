/** Arguments of ssh in variables such as ansible_ssh_common_args: which of them a Device does without, and which it cannot have. Pure. */
import { shlexSplit } from './shlex.ts';
import { NotRead } from './values.ts';

/** They say how the client connects, or what it trusts, which is decided anew for a Device; not where it gets to, nor as whom. */
const without = new Set([
  ...[
    'addkeystoagent',
    'batchmode',
    'canonicalizehostname',
    'checkhostip',
    'ciphers',
    'compression',
    'connectionattempts',
  ],
  ...[
    'connecttimeout',
    'controlmaster',
    'controlpath',
    'controlpersist',
    'forwardagent',
    'forwardx11',
    'gssapiauthentication',
  ],
  ...[
    'gssapidelegatecredentials',
    'globalknownhostsfile',
    'hashknownhosts',
    'hostkeyalgorithms',
    'identitiesonly',
    'ipqos',
  ],
  ...[
    'kbdinteractiveauthentication',
    'kexalgorithms',
    'loglevel',
    'macs',
    'numberofpasswordprompts',
    'passwordauthentication',
  ],
  ...[
    'preferredauthentications',
    'pubkeyacceptedalgorithms',
    'pubkeyacceptedkeytypes',
    'pubkeyauthentication',
    'requesttty',
  ],
  ...[
    'serveralivecountmax',
    'serveraliveinterval',
    'stricthostkeychecking',
    'tcpkeepalive',
    'updatehostkeys',
    'userknownhostsfile',
  ],
  ...['verifyhostkeydns', 'visualhostkey'],
]);
const jumps = new Set(['proxyjump', 'proxycommand', 'proxyusefdpass']);
const flagsWithout = /^-[46ACKTakqtvx]+$/;

/** Why there is no Device with these arguments, as a fragment; undefined where it does without them. */
export function argumentProblem(text: string): string | undefined {
  let words: string[];
  try {
    words = shlexSplit(text);
  } catch (error) {
    if (error instanceof NotRead) return `cannot be read: ${error.message}`;
    throw error;
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (flagsWithout.test(word)) continue;
    if (/^-[JW]/.test(word)) return jumpHost;
    if (!word.startsWith('-o'))
      return `has ${word.startsWith('-') ? word.slice(0, 2) : 'an argument'}, which a Device cannot have`;
    const option = word === '-o' ? words[(at += 1)] : word.slice(2);
    const name = /^\s*([A-Za-z0-9]+)/.exec(option ?? '')?.[1] ?? '';
    const isNone = /=\s*none\s*$/i.test(option ?? '');
    if (jumps.has(name.toLowerCase()) && isNone) continue;
    if (jumps.has(name.toLowerCase())) return jumpHost;
    if (!without.has(name.toLowerCase())) return `has option ${name || '-o'}, which a Device cannot have`;
  }
  return undefined;
}

const jumpHost = 'goes through a jump host; Holdfast connects directly: give its Pod a route to the host';
