/**
 * A pack of 100,000 findings made, searched, signed and stored, beside `tar`, `sha256sum` and `openssl` over the same bytes, which make none of them and
 * search for nothing.
 */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTemporaryFolder } from '../../cluster/temporaryFolder.ts';
import { type Options, scaled } from '../options.ts';
import type { Measured } from '../report.ts';
import { compiled } from '../start.ts';
import { journalNight, root } from './night.ts';

const sizes = { findings: 100_000, opened: 10_000 };
const run = promisify(execFile);

interface Turn {
  readonly bytes: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** In which nothing else of the operator had its turn. */
  readonly longestTurnMilliseconds: number;
  readonly moreResident: number;
}

interface Peer {
  readonly seconds: number;
  readonly resident: number;
}

export async function evidence(options: Options): Promise<Measured> {
  const { rounds, say } = options;
  const [findings, opened] = [scaled(sizes.findings, options), scaled(sizes.opened, options)];
  const ours = await compiled(join(import.meta.dirname, 'ours.ts'), []);
  const quiet: Turn[] = [];
  const busy: Turn[] = [];
  const peers: Peer[] = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const [turns, count] of [
        [quiet, 1],
        [busy, opened],
      ] as const) {
        const folder = await createTemporaryFolder('holdfast-bench-evidence-');
        try {
          const head = await journalNight(folder.path, count);
          const [program = '', ...words] = ours.command(folder.path, String(findings), JSON.stringify(head));
          const turn = JSON.parse((await run(program, words)).stdout) as Turn;
          if (!turn.complete) throw new Error('the pack is not complete, so that it has not all findings');
          turns.push(turn);
          say(
            `round ${round}, ours: ${turn.bytes} bytes in ${turn.seconds.toFixed(2)} s, ${turn.cpuSeconds.toFixed(2)} CPU-s, ${count} entries, longest turn ${turn.longestTurnMilliseconds.toFixed(0)} ms`,
          );
          if (turns === quiet) peers.push(await peerOver(folder.path));
        } finally {
          await folder.delete();
        }
      }
      say(`round ${round}, peer: ${peers.at(-1)?.seconds.toFixed(2)} s`);
    }
  } finally {
    await ours.stop();
  }
  return measured({ quiet, busy, peers }, { rounds, findings, opened });
}

function measured(
  { quiet, busy, peers }: { quiet: readonly Turn[]; busy: readonly Turn[]; peers: readonly Peer[] },
  setting: { readonly rounds: number; readonly findings: number; readonly opened: number },
): Measured {
  const speed = (turns: readonly Turn[]): number[] => turns.map(({ bytes, seconds }) => bytes / 1e6 / seconds);
  const memory = (turns: readonly Turn[]): number[] => turns.map(({ moreResident }) => moreResident / 1e6);
  const [peerSpeed, peerMemory] = [
    peers.map(({ seconds }, at) => (quiet[at]?.bytes ?? 0) / 1e6 / seconds),
    peers.map(({ resident }) => resident / 1e6),
  ];
  return {
    peer: 'tar, sha256sum, openssl',
    figures: [
      {
        what: `pack of ${setting.findings} findings, quiet night`,
        unit: 'MB/s',
        better: 'more',
        ours: speed(quiet),
        peer: peerSpeed,
      },
      {
        what: `the same, ${setting.opened} opened that night`,
        unit: 'MB/s',
        better: 'more',
        ours: speed(busy),
        peer: peerSpeed,
      },
      { what: 'more resident, quiet night', unit: 'MB', better: 'less', ours: memory(quiet), peer: peerMemory },
      {
        what: `more resident, ${setting.opened} opened`,
        unit: 'MB',
        better: 'less',
        ours: memory(busy),
        peer: peerMemory,
      },
    ],
    setting,
    notes: [
      'The peer is given the bytes of the pack of a quiet night; ours makes them of reports in memory, searches them for secrets, stores them to the disk and reads them back.',
      'Ours is the first pack of its process, before its code is optimised; only the section Evidence is made. The peer waits for no disk.',
      'The goal is 50 MB/s with at most 64 MiB more resident.',
    ],
    runs: [...quiet, ...busy, ...peers],
  };
}

const script = `set -e
tar -cf "$2/pack.tar" -C "$1" .
sha256sum "$2/pack.tar" > "$2/pack.sha256"
openssl dgst -sha256 -sign "$2/key.pem" -out "$2/pack.sig" "$2/pack.sha256"`;

/** The files of the pack in that store. */
async function peerOver(folder: string): Promise<Peer> {
  const key = join(folder, 'key.pem');
  await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key]);
  const packs = join(folder, 'store', root, 'packs');
  const begun = performance.now();
  // A second time, for the memory of the largest of them: to ask for it costs time.
  await run('sh', ['-c', script, 'sh', packs, folder]);
  const seconds = (performance.now() - begun) / 1000;
  const { stdout } = await run('python3', ['-c', largest, script, packs, folder]);
  await rm(join(folder, 'pack.tar'));
  return { seconds, resident: Number(stdout) * 1024 };
}

const largest = `import resource, subprocess, sys
subprocess.run(["sh", "-c", sys.argv[1], "sh", *sys.argv[2:]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`;
