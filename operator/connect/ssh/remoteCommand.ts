/**
 * The command that the host's login shell is given, and what the script's shell then finds on its standard input.
 *
 * The script travels on standard input, not in the command: sudo logs commands, and a script of some kilobytes would fill the
 * host's log with every look. So the command is one short line, the same for all, that any login shell takes (csh and fish too).
 */
import type { SshRequest, SshTarget } from './types.ts';

/** Ends a script of which not all has arrived. */
export const scriptIncomplete = 97;

/**
 * Reads exactly `$0` bytes of script, and runs it for at most `$1` seconds, so that nothing stays behind on a host that hangs.
 * No byte too many may be read: what follows is the script's. GNU's head reads none; dd cannot, but not each knows to fill a block, which
 * is asked before anything is read: nothing is read in a second way. The shell itself takes far longer, byte by byte.
 */
const reader = [
  'LC_ALL=C;export LC_ALL',
  'if [ -e /etc/redhat-release ];then s=$(head -c "$0";echo x)',
  'elif dd count=0 iflag=fullblock </dev/null >/dev/null 2>&1;then s=$(dd bs="$0" count=1 iflag=fullblock 2>/dev/null;echo x)',
  'else n=$(printf "\\n_");n=${n%_};s=;while [ "${#s}" -lt "$0" ]&&IFS= read -r l;do s=$s$l$n;done;s=${s}x;fi',
  's=${s%x}',
  `[ "\${#s}" -eq "$0" ]||exit ${scriptIncomplete}`,
  'if command -v timeout >/dev/null 2>&1;then exec timeout -k 5 "$1" /bin/sh -c "$s" holdfast;fi',
  'eval "$s"',
].join(';');

/** One line without data of anybody's but two numbers. */
export function remoteCommand(become: SshTarget['become'], request: SshRequest): string {
  const { length } = scriptOf(request);
  const shell = `/bin/sh -c '${reader}' ${length} ${Math.ceil(request.timeoutSeconds)}`;
  return become === 'sudo' ? `sudo -n -- ${shell}` : `exec ${shell}`;
}

export function remoteInput(request: SshRequest): Buffer {
  return Buffer.concat([scriptOf(request), Buffer.from(request.input)]);
}

/** Of some ten kilobytes, and nearly always the one of the host before. */
let last: { readonly script: string; readonly bytes: Buffer } | undefined;

function scriptOf({ script }: SshRequest): Buffer {
  if (last?.script !== script) last = { script, bytes: Buffer.from(script.endsWith('\n') ? script : `${script}\n`) };
  return last.bytes;
}
