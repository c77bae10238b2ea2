/**
 * What a correction does on one host, as data: `drift/host/` makes it there, only where the host still is as the probe saw it, and keeps what
 * undoing needs. A kind of change is an interface here and a Python file of its name in `drift/host/holdfast/`. Pure.
 */

/** What the probe saw of the thing that is to be changed, in the form that the kind of change names. It differs from host to host. */
export type Seen = string;

export type Change =
  | FileChange
  | FolderChange
  | PackageChange
  | UnitChange
  | AccountChange
  | AccountGroupChange
  | KernelChange
  | ModuleChange
  | MountChange
  | ReloadChange;

interface Common {
  readonly seen: Seen;
  /** What is told of it once all changes of the run are made, and again when they are undone. A unit that is not active is left alone. */
  readonly notify?: readonly Notification[];
}

export interface Notification {
  readonly unit: string;
  /** `daemon-reload` has systemd read its units again, whatever the unit. */
  readonly action: 'reload' | 'restart' | 'try-reload-or-restart' | 'daemon-reload';
  /** A file that the daemon writes anew when it has done so: that is waited for. */
  readonly rewrites?: string;
}

/**
 * A regular file. `seen` is `absent`, or `f:MODE:UID:GID:SHA256` with the mode in octal and numeric ids, where an empty part was not looked
 * at; the probe's function `seen PATH` tells it. What is not given stays as it is.
 */
export interface FileChange extends Common {
  readonly do: 'file';
  readonly path: string;
  /** It is to be removed. */
  readonly state?: 'Absent';
  /** Whole, in UTF-8. */
  readonly content?: string;
  /** Or edits of its lines, by their numbers as seen. */
  readonly edits?: readonly LineEdit[];
  /** In octal. */
  readonly mode?: string;
  /** Name or number. */
  readonly owner?: string;
  readonly group?: string;
  /** Entries of the access list beyond the mode are removed. */
  readonly accessList?: 'Absent';
  /** Mode of a file that is made, when `mode` is not given; 0644 by default. */
  readonly newMode?: string;
  /** A command by its words, `%s` being the new file before it is put in place: it must exit with 0. */
  readonly validate?: readonly string[];
}

/** A directory. `seen` is `absent` or `d:MODE:UID:GID:`. */
export interface FolderChange extends Common {
  readonly do: 'folder';
  readonly path: string;
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly accessList?: 'Absent';
}

/** A package of RPM. `seen` is `absent`, or `NAME-EPOCH:VERSION-RELEASE.ARCH` of each that is installed by the name, sorted, with blanks between. */
export interface PackageChange extends Common {
  readonly do: 'package';
  /** Perhaps with its architecture, or a name that packages provide. */
  readonly name: string;
  /** What was seen is to be removed, and nothing else. */
  readonly state?: 'Absent';
  /** Any version will do when neither is given. */
  readonly minVersion?: string;
  readonly version?: string;
}

/** A unit of systemd. `seen` is `LOAD:UNITFILE:ACTIVE`, as `systemctl show` tells them. What is not given stays as it is. */
export interface UnitChange extends Common {
  readonly do: 'unit';
  readonly unit: string;
  /** A unit that is to be enabled or active is unmasked. */
  readonly enabled?: boolean | undefined;
  readonly active?: boolean | undefined;
  readonly masked?: boolean | undefined;
}

/**
 * An account in /etc/passwd. `seen` is `absent`, or `p:UID:GID:HOME:SHELL:PASSWORD`, the last being `locked`, `empty`, `set`, or empty
 * where that was not looked at. What is not given stays as it is.
 */
export interface AccountChange extends Common {
  readonly do: 'account';
  readonly name: string;
  /** It is to be removed; its home stays. */
  readonly state?: 'Absent';
  readonly uid?: number;
  readonly home?: string;
  readonly shell?: string;
  /** It is put into these, and stays in others. */
  readonly groups?: readonly string[];
  readonly locked?: boolean;
}

/** A group in /etc/group. `seen` is `absent`, or `g:GID:MEMBER,…` as its line says, sorted. */
export interface AccountGroupChange extends Common {
  readonly do: 'accountGroup';
  readonly name: string;
  readonly state?: 'Absent';
  readonly gid?: number;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** A live value of the kernel, read back once it is written. `seen` is the value with single blanks. */
export interface KernelChange extends Common {
  readonly do: 'kernel';
  /** Below /proc/sys, or /sys/fs/selinux/enforce. */
  readonly path: string;
  readonly value: string;
}

/** A module that is to be unloaded, it alone. `seen` is `loaded` or `absent`. */
export interface ModuleChange extends Common {
  readonly do: 'module';
  /** In the kernel's spelling. */
  readonly name: string;
}

/** `seen` is `ROOT OPTIONS TYPE SOURCE SUPEROPTIONS` of the topmost mount at the path, as /proc/self/mountinfo tells it, or `absent`. */
export type MountChange = Common & { readonly do: 'mount'; readonly path: string } & (
    | {
        /** Flags of the mount itself that are to be set and cleared; all others stay. */
        readonly set: readonly string[];
        readonly clear: readonly string[];
        /** Options of the file system, which it takes while mounted. */
        readonly data?: string;
      }
    /** To be mounted: this, or what fstab has for the path. */
    | { readonly source: string; readonly type: string; readonly options: string }
    | { readonly source?: undefined }
  );

/** A daemon that has not read its files since they changed, told so by `notify` alone. `seen` is its process id. Cannot be undone. */
export interface ReloadChange extends Common {
  readonly do: 'reload';
  readonly unit: string;
}

/** `line` counts from 1; 0 is before the first line and -1 after the last. Lines to `put` come after it, or in its place when it is dropped. */
export interface LineEdit {
  readonly line: number;
  readonly drop?: true;
  readonly put?: readonly string[];
}

/** What makes a check hold on one host; or why Holdfast does not, and what a person can do. */
export type Remedy =
  { readonly is: 'changes'; readonly changes: readonly Change[] } | { readonly is: 'manual'; readonly message: string };

export function changes(...all: readonly (Change | undefined)[]): Remedy {
  return { is: 'changes', changes: all.filter((change) => change !== undefined).map(readBySystemd) };
}

/** systemd.unit(5): a unit or one of its drop-ins, with the name of the unit; or drop-ins of many. */
const ofUnits =
  /^\/(?:etc|run|usr\/local\/lib|usr\/lib|lib)\/systemd\/system\/(?:([^/]+\.[a-z]+)(?:\.d\/[^/]+\.conf)?|[a-z]+\.d\/[^/]+\.conf)$/;

/** Without it systemd goes on with what it read before, also where the unit is started anew. */
function readBySystemd(change: Change): Change {
  const found = change.do === 'file' ? ofUnits.exec(change.path) : undefined;
  if (!found) return change;
  return { ...change, notify: [{ unit: found[1] ?? 'systemd', action: 'daemon-reload' }, ...(change.notify ?? [])] };
}

export function manual(message: string): Remedy {
  return { is: 'manual', message };
}
