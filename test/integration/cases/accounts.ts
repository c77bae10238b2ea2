/** Accounts for situations of `user` and `group`. */
import type { HostCase } from './case.ts';

export const issue = (text: string): string => `https://github.com/${text}`;
export const hash = '\\$6\\$x\\$y';
/** The files of accounts as they were, since tools leave copies of them. */
export const kept =
  'for f in passwd shadow group gshadow subuid subgid; do for e in "" -; do cp -p /etc/$f$e /root/hf-kept.$f$e 2>/dev/null; done; done; true';
export const clean =
  'for f in passwd shadow group gshadow subuid subgid; do for e in "" -; do [ ! -e /root/hf-kept.$f$e ] || mv /root/hf-kept.$f$e /etc/$f$e; done; done; rm -rf /home/hf-* /srv/hf-*';

export function given(script: string): Pick<HostCase, 'given' | 'cleared'> {
  return { given: `${kept}; ${script}`, cleared: clean };
}
