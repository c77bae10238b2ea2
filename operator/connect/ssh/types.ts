/** What the SSH connector offers, as values. */

/** An endpoint whose identity is known beforehand. */
export interface SshTarget {
  /** Distinguishes endpoints in pools and host-key files: `namespace/name`. Those of a namespace share turns. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly become: 'sudo' | 'none';
  /** Accepted public host keys, `type base64`. */
  readonly hostKeys: readonly string[];
  /** Or the public keys of the authorities whose host certificates are accepted. */
  readonly hostCertificateAuthorities: readonly string[];
  readonly privateKey: string;
  readonly certificate?: string;
}

/** An endpoint with the address that is connected to: one that the host may have. */
export interface AddressedTarget extends SshTarget {
  readonly address: string;
}

export interface SshRequest {
  /** POSIX shell, constant text of our own. It runs as root when the target says how. */
  readonly script: string;
  /** Given to the script on standard input. */
  readonly input: string;
  readonly timeoutSeconds: number;
  /** Output beyond this ends the request. */
  readonly maxBytes: number;
}

/** Why there is no answer, for conditions and metrics. */
export type SshFailure =
  /** The host has not proved a declared key yet, and why is not said. */
  | 'NotVerified'
  | 'NameNotResolved'
  | 'AddressDenied'
  | 'ConnectionRefused'
  | 'NoRoute'
  | 'ConnectionTimedOut'
  | 'HostKeyChanged'
  | 'AuthenticationFailed'
  | 'BecomeDenied'
  | 'TimedOut'
  | 'OutputTooLarge'
  | 'ConnectionLost'
  | 'CredentialsUnusable'
  /** It is the operator's own client that does not work. */
  | 'ClientUnusable'
  | 'Failed';

/** `message` is a sentence with the next action in it, without control characters. */
export interface Failed {
  readonly is: 'failed';
  readonly reason: SshFailure;
  readonly message: string;
}

export type SshAnswer =
  { readonly is: 'answered'; readonly output: Buffer; readonly exitCode: number; readonly errors: string } | Failed;

/** Runs one script on one host. Never throws for what a host does; aborts when `signal` says so. */
export interface SshClient {
  execute(target: AddressedTarget, request: SshRequest, signal: AbortSignal): Promise<SshAnswer>;
  /** Ends all connections and removes key files. */
  close(): Promise<void>;
}

/** The same, for hosts by their names. */
export interface Ssh extends Pick<SshClient, 'close'> {
  execute(target: SshTarget, request: SshRequest, signal: AbortSignal): Promise<SshAnswer>;
  /** The address that others connect to, if the host may have it. */
  locate(
    target: SshTarget,
    signal: AbortSignal,
  ): Promise<{ readonly is: 'located'; readonly target: AddressedTarget } | Failed>;
}
