/** Shapes that several check types share. */

/**
 * Absolute path without `.` or `..` components.
 *
 * @minLength 2
 * @maxLength 512
 * @pattern ^(/([^/.\x00-\x1f\x7f][^/\x00-\x1f\x7f]*|[.][^/.\x00-\x1f\x7f][^/\x00-\x1f\x7f]*|[.][.][^/\x00-\x1f\x7f]+))+$
 */
export type AbsolutePath = string;

/**
 * Name of an account or a group, such as `apache`, `DOMAIN\\user` or `domain users`; for an owner, its number is accepted too.
 *
 * @minLength 1
 * @maxLength 64
 * @pattern ^[A-Za-z0-9_]([A-Za-z0-9_.@+\\ -]*[A-Za-z0-9_.@+\\-])?[$]?$
 */
export type AccountName = string;

/**
 * Whether it must exist.
 *
 * @default "Present"
 */
export type Presence = 'Present' | 'Absent';

/**
 * What must be as declared: what is in effect now, what the next boot sets, or both.
 *
 * @default "Both"
 */
export type Scope = 'Both' | 'Live' | 'Persisted';
