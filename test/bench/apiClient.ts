/** Raw requests to the apiserver as the administrator of a test cluster, over a few kept connections. */
import { type Dispatcher, Pool } from 'undici';
import { connectionOf } from '../../operator/runtime/connection.ts';

export class ApiClient {
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** `kubeconfig` is one of test/cluster, whose user has a certificate. */
  static async open(kubeconfig: string, connections: number): Promise<ApiClient> {
    const { server, ca, cert, key } = await connectionOf(kubeconfig);
    return new ApiClient(new Pool(server, { connections, connect: { ca, cert, key }, allowH2: false }));
  }

  /** The answer's text. Throws for any status that is not a success. */
  async request(method: Dispatcher.HttpMethod, path: string, body?: { type: string; json: unknown }): Promise<string> {
    const headers = body ? { 'content-type': `application/${body.type}` } : {};
    const content = body ? JSON.stringify(body.json) : null;
    const answer = await this.#pool.request({ method, path, headers, body: content });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 500)}`);
    return text;
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.request('GET', path)) as T;
  }

  /** Server-side apply. */
  async apply(path: string, manager: string, object: object): Promise<void> {
    await this.request('PATCH', `${path}?fieldManager=${manager}&force=true`, {
      type: 'apply-patch+yaml',
      json: object,
    });
  }

  async mergePatch(path: string, manager: string, patch: object): Promise<void> {
    await this.request('PATCH', `${path}?fieldManager=${manager}`, { type: 'merge-patch+json', json: patch });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** Calls `work` once for each number from `from` to below `to`, so many at a time. */
export async function forEachNumber(
  from: number,
  to: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
