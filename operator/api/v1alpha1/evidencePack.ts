import type { EvidencePackStatus, ServiceName } from './evidencePackStatus.ts';
import type { TimeZone } from './maintenanceWindow.ts';
import type { DeclaredTime, Digest, Int32, LocalRef, ObjectName, Resource, Suspend, Text } from './shared.ts';

/**
 * Signed evidence of what Holdfast saw and decided in its namespace: made every night, or once, and stored where nobody can change it. Each pack names the
 * one before, so that `kubectl holdfast evidence verify` notices any that is missing.
 *
 * @resource plural=evidencepacks shortName=hep scope=Namespaced writtenBy=author
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status
 * @printcolumn Signed string .status.conditions[?(@.type=="Signed")].status
 * @printcolumn Complete string .status.conditions[?(@.type=="Complete")].status
 * @printcolumn Last integer .status.last.sequence
 * @printcolumn Stored date .status.last.time
 * @printcolumn Next string .status.nextTime priority=1
 * @printcolumn Suspended string .status.conditions[?(@.type=="Suspended")].status priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 */
export interface EvidencePack extends Resource<EvidencePackSpec, EvidencePackStatus> {
  kind: 'EvidencePack';
}

/**
 * When packs are made, of what, and who signs them.
 *
 * @rule !(has(self.schedule) && has(self.period)) :: set `schedule` for packs that recur, or `period` for a single one, not both
 */
export interface EvidencePackSpec {
  /**
   * When a pack is made, as a schedule of cron; `0 2 * * *` if neither it nor `period` is set. What was missed, because the operator did not run, is made up
   * in one pack.
   *
   * @minLength 9
   * @maxLength 128
   */
  schedule?: string;

  /** The time zone of the schedule. */
  timeZone?: TimeZone;

  /** Makes one pack of this period, as soon as it is over. */
  period?: EvidencePeriod;

  /**
   * The store.
   *
   * @rule self == oldSelf :: the store cannot be changed, because the packs there are one chain; create another EvidencePack
   */
  storeRef: EvidenceStoreReference;

  /**
   * What a pack contains: a file for each. `Cost` is always partial, because this version has no source of costs.
   *
   * @minItems 1
   * @maxItems 5
   * @listType set
   * @default ["Evidence","Policy","Slo","Dora"]
   */
  sections?: EvidenceSection[];

  /**
   * Frameworks whose controls the section `Policy` evaluates, such as `NIST-800-53`.
   *
   * @maxItems 10
   * @listType set
   * @default ["NIST-800-53"]
   */
  frameworks?: FrameworkName[];

  /**
   * ConfigMaps of this namespace with frameworks of your own, each under the key `framework.json`.
   *
   * @maxItems 20
   * @listType map
   * @listMapKey name
   */
  frameworkRefs?: LocalRef[];

  /** Who signs. */
  signing: EvidenceSigning;

  /** How long packs are kept at least; class `Audit` if it is not set. What is signed already keeps the class that it was signed with. */
  retention?: EvidenceRetention;

  /** The search for secrets and personal data in what is stored. What it finds prevents the pack. */
  gate?: EvidenceGate;

  /**
   * Bundles that another writer stored under the number of the next pack, and that cannot be removed, because the store locks them. The next pack takes the
   * number after them and says so, signed. What is signed with a key of this EvidencePack is never skipped.
   *
   * @maxItems 20
   * @listType map
   * @listMapKey sequence
   */
  skips?: SkippedBundle[];

  /** Makes no pack until it ends; the next one then covers the time since the last. */
  suspend?: Suspend;
}

/**
 * A period of time.
 *
 * @rule self.startTime < self.endTime :: `endTime` must be after `startTime`
 */
export interface EvidencePeriod {
  /** When it begins. */
  startTime: DeclaredTime;

  /** When it ends; this instant is not part of it. */
  endTime: DeclaredTime;
}

/** A bundle of another writer. */
export interface SkippedBundle {
  /** The number of a pack, which is that of the file. */
  sequence: Int32;

  /** SHA-256 of the file as it is in the store; the condition `ChainIntact` has it. */
  digest: Digest;

  /** Why it is there, and cannot be removed. It is part of the signed statement. */
  reason: Text;
}

/** An EvidenceStore. */
export interface EvidenceStoreReference {
  /** Its name. */
  name: ObjectName;
}

/** A part of a pack. */
export type EvidenceSection = 'Evidence' | 'Policy' | 'Slo' | 'Dora' | 'Cost';

/**
 * The id of a framework of controls: what precedes the colon in `controls` of a check.
 *
 * @minLength 1
 * @maxLength 63
 * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]*$
 */
export type FrameworkName = string;

/**
 * The key that signs, and who witnesses it.
 *
 * @rule has(self.keyRef) != has(self.keyless) :: set exactly one of `keyRef` and `keyless`
 */
export interface EvidenceSigning {
  /** A Secret of this namespace with a private key. */
  keyRef?: SigningKeyReference;

  /** No key of its own: a certificate of Fulcio for the service account of the operator, at each signature. */
  keyless?: KeylessSigning;

  /**
   * Services that attest when it was signed, by their names in the configuration of the operator. One that does not respond is asked again later.
   *
   * @maxItems 5
   * @listType set
   */
  witnesses?: ServiceName[];
}

/** A Secret with a private key: ECDSA P-256, in PEM, under `private.pem`; under `previous.pem` the key before it, which endorses it when keys are rotated. */
export interface SigningKeyReference {
  /** Its name. */
  name: ObjectName;

  /** Why the key before does not endorse this one, such as that it is lost. Whoever verifies packs must then trust the new key by itself. To set it takes the verb `rotate-key` on evidencepacks.holdfast.dev. */
  unendorsed?: Text;
}

/** Signing without a key of its own. */
export interface KeylessSigning {
  /** Name of the Fulcio service in the configuration of the operator. */
  service: ServiceName;
}

/** How long packs are kept at least. */
export interface EvidenceRetention {
  /**
   * The class of retention: `Telemetry` is 90 days, `Risk` 180 days, `Events` a year, `Incidents` and `Audit` seven years.
   */
  class: 'Telemetry' | 'Risk' | 'Events' | 'Incidents' | 'Audit';
}

/** What the search lets pass. */
export interface EvidenceGate {
  /**
   * Places at which something may be stored although it looks like a secret or personal data.
   *
   * @maxItems 50
   * @listType atomic
   */
  allow?: AllowedContent[];
}

/** A place at which something may be stored. */
export interface AllowedContent {
  /**
   * The rule that finds it, such as `email`.
   *
   * @minLength 1
   * @maxLength 63
   * @pattern ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
   */
  rule: string;

  /**
   * Where it is, as the message has it, such as `$.findings[*].found`; `*` matches any index or key.
   *
   * @minLength 3
   * @maxLength 512
   * @pattern ^\$[^\x00-\x1f\x7f]+$
   */
  path: string;

  /** Why it may be there. */
  reason: Text;
}
