/** What a dashboard shows, whoever draws it. */

/** Of Grafana, which the console of OpenShift understands too, or shows as plain numbers. */
export type Unit = 'short' | 'percentunit' | 's' | 'bytes' | 'reqps' | 'ops';

export interface Query {
  readonly expr: string;
  /** `{{label}}` is filled in. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What it means, and what is bad. */
  readonly description: string;
  /** `number` is the latest value alone. */
  readonly shows: 'number' | 'lines' | 'stack';
  readonly unit: Unit;
  /** Of 24 columns. */
  readonly width: 6 | 8 | 12;
  readonly queries: readonly Query[];
  /** From which value on it is yellow and red; from the other side where red is less than yellow. */
  readonly warns?: { readonly yellow: number; readonly red: number };
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
}
