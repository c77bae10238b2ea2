/** Text files of situations: shell that writes one, or compares it, and settings in it. Texts are formats of printf. */
import type { HostCase } from './case.ts';

export const put = (path: string, text: string): string => `mkdir -p "$(dirname ${path})"; printf '${text}' >${path}`;
export const is = (path: string, text: string): string => `printf '${text}' | cmp - ${path}`;

export const ini = (path: string, section: string, key: string, value: string): HostCase['declare'] => ({
  setting: { path, format: 'Ini', section, key, value },
});
export const plain = (path: string, key: string, value: string): HostCase['declare'] => ({
  setting: { path, format: 'KeyValue', key, value },
});
