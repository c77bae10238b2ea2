/** Tasks of Ansible as data. A string in a task is literal and never evaluated, unless it stands in an `expression`. */

/** A conditional or template that Ansible shall evaluate. Only constants of our own code may stand in one. */
export interface Expression {
  readonly expression: string;
}

/** Marks a constant of our own code as something that Ansible evaluates, such as a `when`. Never pass text from a CR or a host. */
export function expression(text: string): Expression {
  return { expression: text };
}

export type TaskValue =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly TaskValue[]
  | { readonly [name: string]: TaskValue | undefined };

export type Task = { readonly [name: string]: TaskValue | undefined };
