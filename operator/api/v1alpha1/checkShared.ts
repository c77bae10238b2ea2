/** Shapes that several check types share. */

/**
 * Absolute path without `..`.
 *
 * @minLength 2
 * @maxLength 512
 * @pattern ^(/[^/\x00-\x1f\x7f]+)+$
 * @rule !self.split('/').exists(part, part == '..' || part == '.') :: the path must not contain `.` or `..`
 */
export type AbsolutePath = string;

/**
 * Name of an account or a group.
 *
 * @minLength 1
 * @maxLength 32
 * @pattern ^[a-z_][a-z0-9_.-]*[$]?$
 */
export type AccountName = string;

/**
 * Whether a thing must be there.
 *
 * @default "Present"
 */
export type Presence = 'Present' | 'Absent';
