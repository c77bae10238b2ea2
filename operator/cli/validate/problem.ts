/** What is wrong with an object. Pure. */

export interface Problem {
  /** `invalid`: the apiserver refuses it. `fault`: it takes it, and Holdfast cannot do what it says. `warning`: it may be so. */
  readonly level: 'invalid' | 'fault' | 'warning';
  readonly path: string;
  /** A sentence; the path is in it. */
  readonly message: string;
}

const pathInFront =
  /^(?:[A-Za-z_$][\w-]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])(?:\.[\w$-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])*(?=[: ])/;

/** Of a sentence that begins with a path. */
export function problemIn(level: Problem['level'], sentence: string): Problem {
  const path = sentence.startsWith('the object') ? '' : (pathInFront.exec(sentence)?.[0] ?? '');
  return { level, path, message: /[.?]$/.test(sentence) ? sentence : `${sentence}.` };
}
