/** Makes all checks: at the same time, each on its own, so that one that fails or hangs stops no other. */
import { tinted } from '../../colors.ts';
import { exit, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { withProgress } from '../../progress.ts';
import { written } from '../../written.ts';
import { shipped, type Shipped } from '../shipped.ts';
import { unread } from '../unread.ts';
import { unknown, type Check } from './check.ts';
import { checks } from './checks.ts';
import { factsOf, type Facts } from './facts.ts';
import { isWell, lineText, reportJson, summaryText, type Line } from './report.ts';

interface Asked {
  readonly namespace: string;
  /** Text when undefined. */
  readonly output: 'wide' | 'json' | 'yaml' | undefined;
  readonly where: Where;
}

export async function runDoctor({ namespace, output, where }: Asked, io: Io): Promise<Exit> {
  const cluster = await io.cluster(where);
  try {
    const ours = await shipped(io, namespace);
    const isText = output === undefined || output === 'wide';
    const layout = {
      nameWidth: Math.max(...checks.map(({ name }) => name.length)),
      columns: io.terminal?.()?.columns ?? 80,
      mostFixes: output === 'wide' ? Infinity : 3,
    };
    const lines: Line[] = [];
    await withProgress(io, 'Checking the installation', async (say) => {
      for await (const line of examined(factsOf(cluster, ours, namespace))) {
        lines.push(line);
        say(`${lines.length} of ${checks.length} checks`);
        if (isText && !line.isSkipped) io.stdout(tinted(lineText(line, layout), io));
      }
    });
    io.stdout(isText ? summaryText(lines) : written(reportJson(lines, aboutOf(ours, namespace)), output));
    return isWell(lines) ? exit.holds : exit.differs;
  } finally {
    await cluster.close();
  }
}

/** The report as the support bundle has it. */
export async function doctorReport(cluster: Cluster, ours: Shipped, namespace: string): Promise<object> {
  const lines: Line[] = [];
  for await (const line of examined(factsOf(cluster, ours, namespace))) lines.push(line);
  return reportJson(lines, aboutOf(ours, namespace));
}

function aboutOf({ version }: Shipped, namespace: string): object {
  return { version, namespace };
}

/** In the order of the list, as they come. */
async function* examined(facts: Facts): AsyncGenerator<Line> {
  const [first, ...others] = checks;
  const line = await lineOf(first, facts);
  yield line;
  if (line.isLast) {
    for (const { name } of others)
      yield { name, ...unknown('it was not made, because the apiserver does not respond'), isSkipped: true };
    return;
  }
  for (const made of others.map((check) => lineOf(check, facts))) yield await made;
}

async function lineOf(check: Check, facts: Facts): Promise<Line> {
  try {
    return { name: check.name, ...(await check.judge(facts)) };
  } catch (error) {
    return { name: check.name, ...unknown(unread(error).message) };
  }
}
