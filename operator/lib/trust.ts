/** Which certificates of servers are believed. No variable of the environment turns the check off. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

export interface Trust {
  readonly rejectUnauthorized: true;
  readonly ca?: string | Buffer;
  readonly allowPartialTrustChain?: true;
}

/**
 * What is given is believed as it is, in PEM: as elsewhere, it need not lead to a root, as where a file has only the authority that issued a
 * certificate. Where nothing is given, whom Node and this machine trust are.
 */
export function trusting(ca: string | Buffer | undefined): Trust {
  if (ca !== undefined) return { rejectUnauthorized: true, ca, allowPartialTrustChain: true };
  believeThisMachine();
  return { rejectUnauthorized: true };
}

let believes = false;

/** For all connections of this process: a list for each would be read anew for each, which takes 10 ms. */
function believeThisMachine(): void {
  if (believes) return;
  believes = true;
  setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])]);
}
