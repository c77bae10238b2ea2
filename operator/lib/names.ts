/** Names of objects that Holdfast makes: the same parts give the same name, different parts different ones. */
import { sha256 } from './digest.ts';

/**
 * Parts joined by dots, such as `rhel9.web-01`. A digest follows where the parts alone would be ambiguous (one has a dot) or too
 * long for an object's name (253 characters).
 */
export function joinedName(...parts: readonly string[]): string {
  const plain = parts.join('.');
  if (plain.length <= 253 && !parts.some((part) => part.includes('.'))) return plain;
  return `${plain.slice(0, 242).replace(/[.-]+$/, '')}-${sha256(JSON.stringify(parts)).slice(0, 10)}`;
}

/** The value as a label, or none when it is too long for one (63 characters). */
export function labelled(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value.length <= 63));
}
