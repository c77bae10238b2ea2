/** A kind that uses everything the generator can do. */
import type { Level as Severity } from './shared.ts';
import type {
  Int32,
  Int64,
  IntOrString,
  ObjectName,
  Port,
  Quantity,
  Resource,
  ResourceStatus,
  SafePath,
  Timestamp,
} from './shared.ts';

/**
 * A thing with every feature of the tag language. It exists
 * for tests alone.
 *
 * @resource plural=widgets shortName=wd shortName=wdg scope=Namespaced
 * @printcolumn Ready string .status.conditions[?(@.type=="Ready")].status :: Whether it works.
 * @printcolumn Port integer .spec.port
 * @printcolumn Last-Seen date .status.lastSeenTime priority=1
 * @printcolumn Age date .metadata.creationTimestamp
 * @rule self.metadata.name.size() <= 63 :: the name of a widget must have at most 63 characters
 */
export interface Widget extends Resource<WidgetSpec, WidgetStatus> {
  kind: 'Widget';
}

/**
 * What the widget should be.
 *
 * @rule has(self.file) != has(self.inline) :: set exactly one of `file` and `inline` :: fieldPath=.file
 */
export interface WidgetSpec {
  /** Where it listens. @default 8080 @example 443 */
  port: Port;

  /** A number that outgrows 32 bits. */
  uid?: Int64;

  /**
   * A count without a named width.
   *
   * @integer
   * @minimum 0
   */
  count?: number;

  /**
   * How severe it is.
   *
   * @default "Low"
   */
  severity?: Severity | 'None';

  /** How many: a number or a percentage. @maxLength 4 @default "10%" */
  share?: IntOrString;

  /** How much memory. */
  memory?: Quantity;

  /** Whether it runs. @nullable */
  enabled?: boolean;

  /**
   * Which class it is of.
   *
   * @immutable
   */
  className?: ObjectName;

  /**
   * Who made it.
   *
   * @immutable
   * @maxLength 5
   */
  namespace: ObjectName;

  /** An address. @format ipv4 @maxLength 15 */
  address?: string;

  /** Its parts. @minItems 1 @maxItems 8 @listType map @listMapKey name @listMapKey port */
  parts?: Part[];

  /** Labels. @minProperties 1 @maxProperties 8 @mapType granular */
  labels?: Record<string, ObjectName>;

  /** Words, none twice. @maxItems 4 @listType set */
  words?: readonly SafePath[];

  /** Rows of cells. @maxItems 4 @listType atomic */
  rows?: Array<Cells>;

  /** A file. */
  file?: Located & {
    /** Its text. @maxLength 100 @pattern ^[a-z`|<>]*$ */
    text?: string;
  };

  /** An object of any shape, which rules can see. @preserveUnknown */
  inline?: Record<string, unknown>;

  /** Anything at all, which no rule can see. @preserveUnknown */
  anything?: unknown;

  /** An object of any shape. @preserveUnknown @mapType atomic */
  template?: Record<string, unknown>;

  /** The way it was done before. @deprecated Use `port`. */
  oldPort?: Int32;
}

/**
 * Cells.
 *
 * @maxItems 3
 */
export type Cells = Int32[];

/** A thing that lies somewhere. */
export interface Located {
  /** Where. */
  path: SafePath;
}

/** A part, which has a name that stays and settings. */
export interface Part {
  /** Its name. */
  name: ObjectName;

  /** Its port. @default 1 */
  port?: Port;

  /** What it is made of. @immutable @maxLength 10 */
  material?: string;

  /** Its settings. */
  'x-settings'?: {
    /** Whether it is loud. */
    loud: boolean;
  };
}

/** What was last seen. */
export interface WidgetStatus extends ResourceStatus {
  /** When it was last seen. */
  lastSeenTime?: Timestamp;
}
