/** Fingerprints that were compared beforehand, host by host: what a pipeline accepts without a person. Pure. */
import { Failure } from '../../command.ts';

/** By the name of a host in the inventory, its address, or `[address]:port`. */
export type Accepted = ReadonlyMap<string, ReadonlySet<string>>;

const sha256 = /^SHA256:[A-Za-z0-9+/]{43}$/;

/**
 * Lines `HOST SHA256:…`, or those of `ssh-keygen -lf` over known_hosts: `256 SHA256:… HOST (ED25519)`. A fingerprint without a host is refused: who has the
 * key of one host could be any other. Throws `Failure` with the line.
 */
export function acceptedIn(text: string, file: string): Accepted {
  const accepted = new Map<string, Set<string>>();
  text.split('\n').forEach((line, at) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) return;
    const isListed = /^\d+$/.test(words[0] ?? '') && sha256.test(words[1] ?? '');
    const [names, print] = isListed ? [words[2], words[1]] : [words[0], words[1]];
    if (names === undefined || !sha256.test(print ?? '') || /^(no$|\|)/.test(names))
      throw new Failure(`${file}, line ${at + 1}: write the host and its fingerprint, such as \`web-01 SHA256:…\`.`);
    for (const name of names.split(','))
      accepted.set(name.toLowerCase(), (accepted.get(name.toLowerCase()) ?? new Set()).add(print ?? ''));
  });
  return accepted;
}
