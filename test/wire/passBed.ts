/** A runtime with one feature, on an apiserver that misbehaves on command. */
import type { Condition } from '../../operator/api/v1alpha1/shared.ts';
import { Client } from '../../operator/runtime/client.ts';
import { notifiers } from '../../operator/notifiers.ts';
import type { OpenFeature } from '../../operator/runtime/feature.ts';
import { createLog } from '../../operator/runtime/log.ts';
import { createMetrics } from '../../operator/runtime/metrics.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../operator/runtime/runtime.ts';
import { requireSoundStatus } from '../soundStatus.ts';
import { WireApiserver } from './apiserver.ts';
import { until } from './until.ts';
import { VALVE, ready, valve, type Valve, type ValveStatus } from './valves.ts';

export type Parts = Partial<OpenFeature<Valve, unknown, string>>;

interface Logged {
  readonly level: string;
  readonly msg: string;
  /** Of a failed request, when it is made again. */
  readonly retryInSeconds?: number;
}

export class PassBed {
  readonly apiserver: WireApiserver;
  readonly metrics = createMetrics();
  readonly client: Client;
  readonly logged: Logged[] = [];
  runtime: Runtime | undefined;

  static async open(): Promise<PassBed> {
    return new PassBed(await WireApiserver.start(VALVE));
  }

  constructor(apiserver: WireApiserver) {
    this.apiserver = apiserver;
    this.client = new Client({ server: apiserver.url }, { onRequest: this.metrics.requested });
  }

  async close(): Promise<void> {
    await this.runtime?.stop();
    await this.client.close();
    await this.apiserver.stop();
  }

  /** A feature of Valve that is always ready, but for the parts given. */
  async start(parts: Parts = {}, options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
    const own: OpenFeature<Valve, unknown, string> = {
      kind: VALVE,
      observe: () => undefined,
      decide: () => ready<string>({}),
    };
    const features = [{ ...own, ...parts }] as OpenFeature[];
    const write = (text: string): void => void this.logged.push(JSON.parse(text) as Logged);
    const { client, metrics } = this;
    this.runtime = await startRuntime({
      client,
      features,
      notifiers,
      log: createLog('debug', { write }),
      metrics,
      ...options,
    });
    return this.runtime;
  }

  put(name: string, spec: object = { level: 1 }): Valve {
    return this.apiserver.put(name, valve(name, spec)) as Valve;
  }

  /** It is looked over on the way. */
  status(name: string): ValveStatus | undefined {
    const seen = this.apiserver.get(name);
    if (seen) requireSoundStatus(seen);
    return seen?.status;
  }

  condition(name: string, type = 'Ready'): Condition | undefined {
    return this.status(name)?.conditions?.find((one) => one.type === type);
  }

  reasonIs(name: string, reason: string, type?: string): Promise<void> {
    return until(`${name} is ${reason}`, () => this.condition(name, type)?.reason === reason);
  }

  statusWrites(): Valve[] {
    return this.apiserver.requests('PATCH', '/status').map(({ body }) => JSON.parse(body) as Valve);
  }

  events(): { reason: string; type: string; note: string }[] {
    const told = this.apiserver.requests('POST', '/events');
    return told.map(({ body }) => JSON.parse(body) as { reason: string; type: string; note: string });
  }

  /** The value of the first metric whose line begins so. */
  async metric(beginning: string): Promise<number> {
    const lines = (await this.metrics.registry.metrics()).split('\n');
    return Number(
      lines
        .find((line) => line.startsWith(beginning))
        ?.split(' ')
        .at(-1),
    );
  }
}
