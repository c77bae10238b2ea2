/** Shell that makes situations of sshd and clears them away. */

/** Several starts within a few seconds are no reason for systemd to refuse one. */
export const restart = 'systemctl reset-failed sshd; systemctl restart sshd';

export const include = 'Include /etc/ssh/sshd_config.d/*.conf\\n';

/** The configuration of before is kept, the main file is this text in the words of printf, and there are no drop-ins but those of `more`. */
export function given(text: string, more = 'true', start = restart): string {
  return `set -e; rm -rf /root/ssh; cp -a /etc/ssh /root/ssh; rm -f /etc/ssh/sshd_config.d/*; printf '${text.replaceAll('%', '%%')}' >/etc/ssh/sshd_config; (${more}); ${start}`;
}

export const cleared = `rm -rf /etc/ssh/sshd_config.d; rm -f /etc/ssh/opensshserver.config; cp -a /root/ssh/. /etc/ssh/; rm -rf /root/ssh; ${restart}`;

/** That `sshd -T` says a line, with the connection of -C. */
export function effective(line: string, connection = ''): string {
  return `sshd -T ${connection && `-C ${connection}`} | grep -qixF '${line}'`;
}

/** That the daemon has read its files since. */
export const running = 'test ! /etc/ssh/sshd_config -nt /run/sshd.pid';

/** Another program in the place of a tool, which then is $TOOL. */
export function instead(path: string, text: string): string {
  return `mkdir -p /root/real; mv ${path} /root/real/; printf '%s\\n' '#!/bin/sh' 'TOOL=/root/real/${path.split('/').at(-1)}' '${text}' >${path}; chmod 755 ${path}`;
}

export function toolBack(path: string): string {
  return `mv /root/real/${path.split('/').at(-1)} ${path}; rm -rf /root/real`;
}
