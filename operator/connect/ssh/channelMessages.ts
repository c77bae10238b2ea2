/**
 * What is said over the control socket of an OpenSSH client to have a channel of its connection: the greeting of OpenSSH's
 * PROTOCOL.mux up to its mode `proxy`, then messages of RFC 4254, each in a frame with its length. Pure.
 */

/** Frames of the greeting carry numbers of 32 bits. */
const HELLO = 1;
const PROTOCOL_VERSION = 4;
const ASK_PROXY = 0x1000000f;
const IS_PROXY = 0x8000000f;

export const channelType = {
  open: 90,
  opened: 91,
  moreWindow: 93,
  data: 94,
  extendedData: 95,
  endOfInput: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const;

/** The one channel of a socket has this number on our side. */
const OUR_CHANNEL = 0;
/** How many bytes the host may send ahead, and in one message. */
export const WINDOW = 2 * 1024 * 1024;
const LARGEST_DATA = 32 * 1024;
/** OpenSSH sends no packet beyond 256 KiB. */
const LONGEST_FRAME = 512 * 1024;
const REQUEST_NUMBER = 0;

/** What opens a channel; it may be sent at once, before the client has greeted. */
export function opening(): Buffer {
  return Buffer.concat([
    frame(number(HELLO), number(PROTOCOL_VERSION)),
    frame(number(ASK_PROXY), number(REQUEST_NUMBER)),
    sent(channelType.open, text('session'), number(OUR_CHANNEL), number(WINDOW), number(LARGEST_DATA)),
  ]);
}

/** Whether a frame before the first channel message agrees with the opening. */
export function isGreeting(content: Buffer): boolean {
  const type = content.readUInt32BE(0);
  return (type === HELLO && content.readUInt32BE(4) === PROTOCOL_VERSION) || type === IS_PROXY;
}

export function isLastGreeting(content: Buffer): boolean {
  return content.readUInt32BE(0) === IS_PROXY;
}

/** `theirs` is the number that the host has given the channel. */
export function execute(theirs: number, command: string): Buffer {
  return sent(channelType.request, number(theirs), text('exec'), Buffer.of(1), text(command));
}

/** What comes before so many bytes of data, which are not copied for it. */
export function dataHeader(theirs: number, length: number): Buffer {
  const header = Buffer.of(0, channelType.data, ...number(theirs), ...number(length));
  return Buffer.concat([number(header.length + length), header]);
}

export function moreWindow(theirs: number, bytes: number): Buffer {
  return sent(channelType.moreWindow, number(theirs), number(bytes));
}

export function endOfInput(theirs: number): Buffer {
  return sent(channelType.endOfInput, number(theirs));
}

export function close(theirs: number): Buffer {
  return sent(channelType.close, number(theirs));
}

/** A message of the host about the channel. `rest` begins behind the number of the channel. */
export interface Message {
  readonly type: number;
  readonly rest: Buffer;
}

/** Throws for what is none, or is about another channel. */
export function messageOf(content: Buffer): Message {
  const [padding, type] = [content.readUInt8(0), content.readUInt8(1)];
  if (padding !== 0 || content.readUInt32BE(2) !== OUR_CHANNEL) throw new Error('not a message about the channel');
  return { type, rest: content.subarray(6) };
}

/** The text at `offset`, which has its length before it. Throws when it is cut. */
export function bytesAt(content: Buffer, offset: number): Buffer {
  const end = offset + 4 + content.readUInt32BE(offset);
  if (end > content.length) throw new Error('a string in a message is truncated');
  return content.subarray(offset + 4, end);
}

/** Takes a stream apart into the contents of its frames. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  /** Throws when a frame is longer than any may be. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readUInt32BE(0);
      if (end > LONGEST_FRAME) throw new Error('a frame is too long');
      if (this.#rest.length < end) return;
      const content = this.#rest.subarray(4, end);
      this.#rest = this.#rest.subarray(end);
      yield content;
    }
  }
}

/** Messages of the proxy have a byte for the length of a padding, which is none. */
function sent(type: number, ...parts: readonly Buffer[]): Buffer {
  return frame(Buffer.of(0, type), ...parts);
}

function frame(...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([number(length), ...parts]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}
