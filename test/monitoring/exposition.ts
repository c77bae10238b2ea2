/** What a process exposes, read as Prometheus reads it, and what rules and dashboards ask for: selectors and labels of PromQL. */

export interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples, and the names and types of all metrics, also of those that have no sample now. */
export function exposition(text: string): {
  readonly samples: readonly Exposed[];
  readonly types: ReadonlyMap<string, string>;
} {
  const lines = text.split('\n');
  const types = new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
      return name && type ? [[name, type]] : [];
    }),
  );
  const samples = lines.flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (!name) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', is = '']) => [key, is] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
  return { samples, types };
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Selector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

const words = new Set(
  'absent and avg bool bottomk by changes count histogram_quantile ignoring increase last_over_time le max max_over_time min min_over_time on or rate sort_desc sum time topk unless vector without group_left clamp_max clamp_min delta label_replace'.split(
    ' ',
  ),
);

/** The selectors of an expression, which has no labels outside of braces and `by (…)` and the like. */
export function selectorsOf(expr: string): Selector[] {
  const rest = expr.replace(/\b(by|on|without|ignoring|group_left) \([^)]*\)/g, ' ').replace(/\[[^\]]*\]/g, ' ');
  return [...rest.matchAll(/([a-zA-Z_:][\w:]*)(\{[^}]*\})?/g)]
    .filter(([, name = '', braces]) => braces !== undefined || !words.has(name))
    .map(([, name = '', braces = '']) => ({
      name,
      matchers: [...braces.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(
        ([, label = '', operator = '', value = '']) => ({
          label,
          operator,
          value,
        }),
      ),
    }));
}

/** Labels by which an expression groups and matches. */
export function groupedBy(expr: string): string[] {
  return [...expr.matchAll(/\b(?:by|on|without|ignoring) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').flatMap((label) => label.trim() || []),
  );
}

export function selects({ name, matchers }: Selector, sample: Exposed): boolean {
  if (name !== sample.name) return false;
  return matchers.every(({ label, operator, value }) => {
    const is = sample.labels[label] ?? '';
    if (operator === '=') return is === value;
    if (operator === '!=') return is !== value;
    return new RegExp(`^(?:${value})$`).test(is) === (operator === '=~');
  });
}
