/** Shapes that several check types share. */

/**
 * Absolute path without parts that are `.` or `..`.
 *
 * @minLength 2
 * @maxLength 512
 * @pattern ^(/([^/.\x00-\x1f\x7f][^/\x00-\x1f\x7f]*|[.][^/.\x00-\x1f\x7f][^/\x00-\x1f\x7f]*|[.][.][^/\x00-\x1f\x7f]+))+$
 */
export type AbsolutePath = string;

/**
 * Name of an account or a group, such as `apache`, `DOMAIN\\user` or `domain users`; where an owner is meant, its number will do.
 *
 * @minLength 1
 * @maxLength 64
 * @pattern ^[A-Za-z0-9_]([A-Za-z0-9_.@+\\ -]*[A-Za-z0-9_.@+\\-])?[$]?$
 */
export type AccountName = string;

/**
 * Whether a thing must be there.
 *
 * @default "Present"
 */
export type Presence = 'Present' | 'Absent';

/**
 * Which of two must hold: what is in effect now, what the next boot sets, or both.
 *
 * @default "Both"
 */
export type Scope = 'Both' | 'Live' | 'Persisted';
