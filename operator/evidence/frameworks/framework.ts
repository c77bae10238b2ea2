/** A framework of controls, as data. Pure. */
export interface Framework {
  /** Such as `NIST-800-53`: what precedes the colon in the `controls` of a check. */
  readonly id: string;
  /** Other names that people write before the colon. */
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly version: string;
  readonly controls: readonly Control[];
}

export interface Control {
  /** Such as `AC-6(2)`. */
  readonly id: string;
  readonly title: string;
  /** Controls of other frameworks that it is derived from, such as `NIST-800-53:AC-6(2)`. */
  readonly mapsTo?: readonly string[];
}
