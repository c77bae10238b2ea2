/** Whether a server of a test cluster can be used yet. Each question is answered within seconds, never by a throw. */
import { get } from 'node:https';
import { connect } from 'node:net';

/** What a client trusts and presents, as PEM text. */
export interface Credentials {
  ca: string;
  cert: string;
  key: string;
}

/** Whether a GET of the URL is answered with 200. */
export function answersOk(url: string, credentials: Credentials): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ...credentials, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}

/** Whether something accepts connections on the Unix socket. */
export function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
