/** Pieces of one policy gathered into ClusterBaselines: one for each mode and way to prune, and more where one would be too large. Pure. */
import type { ClusterBaseline, ServiceAccountRef } from '../../../api/v1alpha1/clusterBaseline.ts';
import { jsonOf } from '../../../lib/json.ts';
import { shortened } from '../../../lib/text.ts';
import { printable } from '../../table.ts';
import { writeYaml } from '../../yaml.ts';
import type { Piece } from './configurationPolicy.ts';
import { Names } from './names.ts';

const mostObjects = 100;
/** Of JSON; an object in etcd has at most some 1.5 million bytes, with what the apiserver adds. */
const longest = 600_000;

/** What the pieces come from. */
export interface Origin {
  /** `Policy policies/web`. */
  readonly label: string;
  readonly name: string;
  /** The file and the document in it. */
  readonly from: string;
  readonly isDisabled: boolean;
  readonly annotations?: Record<string, string>;
}

/** A baseline, and what a reader of its file should know. */
export interface Made {
  readonly baseline: ClusterBaseline;
  readonly comments: readonly string[];
}

export interface Naming {
  readonly names: Names;
  readonly prefix: string;
  readonly serviceAccountRef: ServiceAccountRef;
}

export function baselinesOf(origin: Origin, pieces: readonly Piece[], naming: Naming): Made[] {
  const groups = [...Map.groupBy(pieces, ({ mode, prune }) => `${mode} ${prune}`).values()];
  const differ = (part: 'mode' | 'prune') => new Set(pieces.map((piece) => piece[part])).size > 1;
  return groups.flatMap((group) => {
    const { mode, prune } = group[0]!;
    const suffix = [differ('mode') ? `-${mode}` : '', differ('prune') ? `-${prune}` : ''].join('');
    return parts(group).map((part, index) => {
      const wanted = `${naming.prefix}${origin.name}${suffix}${index ? `-${index + 1}` : ''}`;
      const name = naming.names.free(wanted, `${origin.label}${suffix} ${index}`);
      return made(origin, part, name, naming.serviceAccountRef);
    });
  });
}

/** As many as a baseline may have, in the order in which they were written. */
function parts(pieces: readonly Piece[]): Piece[][] {
  const all: Piece[][] = [[]];
  let length = 0;
  for (const piece of pieces) {
    const own = jsonOf(piece.object)?.length ?? 0;
    const last = all.at(-1)!;
    if (last.length > 0 && (last.length >= mostObjects || length + own > longest)) {
      all.push([piece]);
      length = own;
    } else {
      last.push(piece);
      length += own;
    }
  }
  return all;
}

function made(origin: Origin, pieces: readonly Piece[], name: string, serviceAccountRef: ServiceAccountRef): Made {
  const names = new Names();
  const { mode, prune } = pieces[0]!;
  const reason = shortened(printable(`${origin.label} was disabled when it was imported`), 512);
  const baseline: ClusterBaseline = {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind: 'ClusterBaseline',
    metadata: { name, ...(origin.annotations && { annotations: origin.annotations }) },
    spec: {
      serviceAccountRef,
      mode,
      ...(prune !== 'Keep' && { prune }),
      ...(origin.isDisabled && { suspend: { reason } }),
      objects: pieces.map(({ wantedName, item, object }) => ({ name: names.free(wantedName, item), ...object })),
    },
  };
  const notes = pieces.flatMap(({ item, notes: own }) => own.map(({ text }) => `${item}: ${text}`));
  return { baseline, comments: [`${origin.label}, from ${origin.from}`, ...notes] };
}

/** A document for each, the comments above it. */
export function yamlOf(all: readonly Made[]): string {
  return all
    .map(
      ({ baseline, comments }) =>
        `---\n${comments.map((line) => `# ${printable(line)}\n`).join('')}${writeYaml(baseline)}`,
    )
    .join('');
}
