/** Units for situations of `service`. */

export const issue = (text: string): string => `https://github.com/${text}`;

/** Writes a unit of a service that sleeps; `lines` may hold other sections. */
export function unit(
  name: string,
  {
    service = 'ExecStart=/usr/bin/sleep infinity',
    install = 'WantedBy=multi-user.target',
    more = '',
    folder = '/usr/lib/systemd/system',
  } = {},
): string {
  const text = `${more}\\n[Service]\\n${service}\\n${install && `[Install]\\n${install}\\n`}`;
  return `mkdir -p ${folder}; printf '${text.replaceAll('%', '%%')}' >${folder}/${name}`;
}

export const reload = 'systemctl daemon-reload';
export const clean =
  'systemctl stop "hf-*" 2>/dev/null; systemctl reset-failed "hf-*" 2>/dev/null; find /etc/systemd /run/systemd/system /usr/lib/systemd -name "*hf-*" -exec rm -rf {} +; rm -rf /opt/u /run/hf-*; systemctl daemon-reload';
