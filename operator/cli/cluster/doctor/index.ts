/** Makes all checks: at the same time, each on its own, so that one that fails or hangs stops no other. */
import { exit, type Cluster, type Exit, type Io, type Where } from '../../command.ts';
import { shipped, type Shipped } from '../shipped.ts';
import { unread } from '../unread.ts';
import { unknown, type Check } from './check.ts';
import { checks } from './checks.ts';
import { factsOf, type Facts } from './facts.ts';
import { isWell, lineText, reportJson, summaryText, type Line } from './report.ts';

interface Asked {
  readonly namespace: string;
  readonly output: 'text' | 'json';
  readonly where: Where;
}

export async function runDoctor({ namespace, output, where }: Asked, io: Io): Promise<Exit> {
  const cluster = await io.cluster(where);
  try {
    const ours = await shipped(io, namespace);
    const nameWidth = Math.max(...checks.map(({ name }) => name.length));
    const lines: Line[] = [];
    for await (const line of examined(factsOf(cluster, ours, namespace))) {
      lines.push(line);
      if (output === 'text' && !line.isSkipped) io.stdout(lineText(line, nameWidth));
    }
    if (output === 'text') io.stdout(summaryText(lines));
    else io.stdout(`${JSON.stringify(reportJson(lines, aboutOf(ours, namespace)), undefined, 2)}\n`);
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
