/** Keys for situations of `authorizedKeys`, and an account that has them. */
import { fingerprintOf, parseAuthorizedKey } from '../../../operator/lib/authorizedKey.ts';

export const a = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHafpUQwiZhDGWYLskz+i1XX7YIvCqgSa6Uqs/ezh5yj';
export const b = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAShvVYoeQ4SRVRbNAokZRAfURccimg3jk8J0dTobr2D';
export const c = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINmTVRU7+fYoqK7Pwfpbim5QBx+8NC55SpYdYg2MV5m6';
export const ecdsa =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHq0Fz9k3siqP/8rhWgfCFzU/HLTjzLi0AhfWrjvEZOgxP5MIRcD3+MznkINGmvGStcAMjKHpU2PMLk0AVXT9Es=';
export const securityKey =
  'sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIJKOjxdqOwR1XeTjoyK1kYFA/IUGJmEh1yAhkGKgZWVAAAAABHNzaDo=';

export const rsa =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC0WQ90Q5GGkm4FjeP4Jk6mG+tS9odnkdSkuQe+ApkHpMTENwyVLesvE802y3izIpaUqfibkxJ7/puzr4YwXhkQ1HB2n9A26VXwt8w2DQbgMwjzIeZ+TJeXQVIK2s4i23yOhDDxxpY4dkKOGp6+Ub1Svj0rPYF+F8z9xhxf/N12LSN8ipSbwcITI0cquIIx3oqPJ7ES92QILz560YkmOv5kaf6+N+bmwbJ6GdB0zQPiEbdK3fIomLTK3EUgh2Tlg8iaBv/61mekkJ6K3OU/FKvHVexF5wHe68RnTiya+rjsni+ZJgjTJH/6Qq3kvXJDv/esE/7rXnJAThXPaAP2ADib';

export const file = '/home/alice/.ssh/authorized_keys';
export const aliceGone = 'userdel -r alice';

/** The account alice with a file of this text. */
export function alice(text: string): string {
  const base64 = Buffer.from(text, 'utf8').toString('base64');
  return `set -e; useradd -m alice; install -d -m 700 -o alice -g alice /home/alice/.ssh; echo ${base64} | base64 -d >${file}; chown alice: ${file}; chmod 600 ${file}`;
}

/** The fingerprint of a key. */
export function print(key: string): string {
  const parsed = parseAuthorizedKey(key);
  if (!parsed) throw new Error(`${key} is no key`);
  return fingerprintOf(parsed);
}
