/**
 * One run of a command over a connection that an OpenSSH client keeps open, without a client of its own: to start one
 * costs several times the rest of a look.
 * Within the bounds of a client's run, and with its results; what is no matter of a channel is left to that.
 */
import { connect, type Socket } from 'node:net';
import { Received } from '../../lib/received.ts';
import type { Portion } from './answerMemory.ts';
import {
  WINDOW,
  Frames,
  bytesAt,
  channelType,
  close,
  dataHeader,
  endOfInput,
  execute,
  isGreeting,
  isLastGreeting,
  messageOf,
  moreWindow,
  opening,
} from './channelMessages.ts';
import type { ClientEnd } from './shell.ts';

export interface ChannelRun {
  /** Path of the control socket of the client that keeps the connection. */
  readonly socket: string;
  readonly command: string;
  readonly input: Buffer;
  readonly milliseconds: number;
  /** Of output and errors together. */
  readonly maxBytes: number;
  readonly portion: Portion;
}

const mostErrorBytes = 16_384;
/** As the client's, for a command that ended by a signal or with its connection. */
const noExitCode = 255;

/**
 * `undefined` when the connection takes no command, as one that has broken takes none: nothing has run on the host then.
 * Rejects only when `signal` aborts, with its reason.
 */
export function runOverChannel(run: ChannelRun, signal: AbortSignal): Promise<ClientEnd | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect(run.socket);
    const channel = new Channel(run, socket);
    let isOver = false;
    const leave = (): void => {
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      channel.leave();
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroySoon();
    };
    const finish = (cut?: ClientEnd['cut']): void => {
      leave();
      resolve(channel.end(cut));
    };
    const abort = (): void => {
      leave();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => finish('time'), run.milliseconds);
    signal.addEventListener('abort', abort);
    run.portion.onCut(() => finish('memory'));
    // Whatever is wrong with the socket closes it.
    socket.on('error', () => undefined);
    socket.on('close', () => finish());
    socket.on('data', (chunk: Buffer) => {
      const state = channel.take(chunk);
      run.portion.grow(channel.capacity);
      if (state !== 'open' && !isOver) finish(state === 'large' ? 'size' : undefined);
    });
    socket.write(opening());
  });
}

class Channel {
  readonly #run: ChannelRun;
  readonly #socket: Socket;
  readonly #frames = new Frames();
  readonly #output = new Received();
  readonly #errors = new Received();
  #input: Buffer;
  /** Received since the host was last given more window. */
  #unacknowledged = 0;
  #state: 'greeting' | 'opening' | 'running' | 'ended' | 'refused' = 'greeting';
  #theirs = 0;
  #window = 0;
  #largest = 0;
  #hasEndedInput = false;
  #exitCode = noExitCode;

  constructor(run: ChannelRun, socket: Socket) {
    this.#run = run;
    this.#socket = socket;
    this.#input = run.input;
  }

  /** `ended` for whatever ends it, well or not: what does not keep to the protocol is worth no more than silence. */
  take(chunk: Buffer): 'open' | 'ended' | 'large' {
    try {
      for (const content of this.#frames.push(chunk)) this.#read(content);
    } catch {
      return 'ended';
    }
    if (this.#output.length + this.#errors.length > this.#run.maxBytes) return 'large';
    return this.#state === 'ended' || this.#state === 'refused' ? 'ended' : 'open';
  }

  /** Bytes of memory. */
  get capacity(): number {
    return this.#output.capacity + this.#errors.capacity;
  }

  /** Has the host end a command that still runs, as far as it heeds that. */
  leave(): void {
    if (this.#state === 'running') this.#socket.write(close(this.#theirs));
  }

  /** What became of the run when it is over now. */
  end(cut: ClientEnd['cut']): ClientEnd | undefined {
    const hasBegun = this.#state === 'running' || this.#state === 'ended';
    if (!hasBegun && !cut) return undefined;
    const exitCode = this.#state === 'ended' ? this.#exitCode : noExitCode;
    const errors = this.#errors.content.subarray(-mostErrorBytes).toString('utf8');
    return { cut, exitCode, output: this.#output.content, errors };
  }

  #read(content: Buffer): void {
    if (this.#state === 'greeting') {
      if (!isGreeting(content)) this.#state = 'refused';
      else if (isLastGreeting(content)) this.#state = 'opening';
      return;
    }
    const { type, rest } = messageOf(content);
    if (this.#state === 'opening') {
      if (type === channelType.opened) this.#opened(rest);
      else this.#state = 'refused';
      return;
    }
    switch (type) {
      case channelType.failure:
        this.#state = 'refused';
        return;
      case channelType.moreWindow:
        this.#window += rest.readUInt32BE(0);
        return this.#sendInput();
      case channelType.data:
        return this.#received(bytesAt(rest, 0), false);
      case channelType.extendedData:
        return this.#received(bytesAt(rest, 4), true);
      case channelType.request:
        if (bytesAt(rest, 0).toString() === 'exit-status')
          this.#exitCode = rest.readUInt32BE(4 + 'exit-status'.length + 1);
        return;
      case channelType.close:
        this.#socket.write(close(this.#theirs));
        this.#state = 'ended';
    }
  }

  #opened(rest: Buffer): void {
    [this.#theirs, this.#window, this.#largest] = [rest.readUInt32BE(0), rest.readUInt32BE(4), rest.readUInt32BE(8)];
    if (this.#largest === 0) throw new Error('the host accepts no data');
    this.#state = 'running';
    // In one write, for each wakes the client.
    this.#socket.cork();
    this.#socket.write(execute(this.#theirs, this.#run.command));
    this.#sendInput();
    this.#socket.uncork();
  }

  /** As much as the host takes now. */
  #sendInput(): void {
    this.#socket.cork();
    while (this.#input.length > 0 && this.#window > 0) {
      const part = this.#input.subarray(0, Math.min(this.#window, this.#largest));
      this.#input = this.#input.subarray(part.length);
      this.#window -= part.length;
      this.#socket.write(dataHeader(this.#theirs, part.length));
      this.#socket.write(part);
    }
    if (this.#input.length === 0 && !this.#hasEndedInput) {
      this.#hasEndedInput = true;
      this.#socket.write(endOfInput(this.#theirs));
    }
    this.#socket.uncork();
  }

  #received(bytes: Buffer, isError: boolean): void {
    (isError ? this.#errors : this.#output).add(bytes);
    this.#unacknowledged += bytes.length;
    if (this.#unacknowledged < WINDOW / 2) return;
    this.#socket.write(moreWindow(this.#theirs, this.#unacknowledged));
    this.#unacknowledged = 0;
  }
}
