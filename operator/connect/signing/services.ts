/** The services for signing that the operator is configured with, by name. */

export const kindsOfService = ['fulcio', 'timestampAuthority', 'rekor'] as const;

export type ServiceKind = (typeof kindsOfService)[number];

export interface Service {
  readonly name: string;
  readonly kind: ServiceKind;
  /** Of a timestamp authority, where queries are posted; of the others, what their API is below, without a slash at the end. */
  readonly url: string;
  /** Certificates that alone are trusted, in PEM; those of Node if it is not set. */
  readonly caFile?: string;
  /** Of Fulcio alone: the token of the pod for it, which is read each time. */
  readonly tokenFile?: string;
  /** For an answer in full. */
  readonly timeoutSeconds: number;
}

export const serviceLimits = {
  // A log answers once the entry is in its tree, which its operators ask to wait 20 s for.
  timeoutSeconds: { default: 30, from: 1, to: 120 },
} as const;

/** Of an answer: several times what the services send. */
export const answerBytes: Record<ServiceKind, number> = {
  fulcio: 256 << 10,
  timestampAuthority: 64 << 10,
  rekor: 1 << 20,
};
