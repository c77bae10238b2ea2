/** What can happen between the operator and the apiserver, by name: to a write, and to a frame of a watch. */
import { setTimeout as delay } from 'node:timers/promises';

/** An answer of the apiserver, in full. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A write that has come from the operator, and has not been forwarded. */
export interface Exchange {
  /** Sends it to the apiserver. */
  forward(): Promise<Answer>;
  answer(answer: Answer): void;
  /** Answers the first half, and cuts the connection. */
  answerHalf(answer: Answer): void;
  hangUp(): void;
  /** Kills the operator and starts it again. */
  restart(): Promise<void>;
}

/** A frame of a watch that has come from the apiserver, and has not been forwarded. */
export interface Frame {
  send(): void;
  sendHalf(): void;
  /** Sends another instead. */
  replace(line: string): void;
  cut(): void;
  /** The next request for this watch is answered so; `undefined`: its connection is closed. */
  refuseNext(answer: Answer | undefined): void;
  /** The next list of this kind is answered as it was some frames ago. */
  listOldNext(): void;
  /** Nothing more comes of this watch, whose connection stays open. */
  fallSilent(): void;
  allFallSilent(): void;
  restart(): Promise<void>;
}

const reasons: Readonly<Record<number, string>> = {
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  504: 'Timeout',
};

export function refusal(code: number): Answer {
  const message = `the harness answers ${code}`;
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: reasons[code] };
  return {
    status: code,
    headers: { 'content-type': 'application/json', ...(code === 429 && { 'retry-after': '1' }) },
    body: Buffer.from(JSON.stringify({ ...status, code })),
  };
}

const longDelay = 2000;
const answered =
  (code: number) =>
  (write: Exchange): void =>
    write.answer(refusal(code));

export const writeTroubles = {
  'kill-before': async (write: Exchange) => {
    await write.restart();
    write.hangUp();
  },
  'kill-after': async (write: Exchange) => {
    await write.forward();
    await write.restart();
    write.hangUp();
  },
  drop: (write: Exchange) => write.hangUp(),
  'lost-reply': async (write: Exchange) => {
    await write.forward();
    write.hangUp();
  },
  delay: async (write: Exchange) => {
    await delay(longDelay);
    write.answer(await write.forward());
  },
  'cut-reply': async (write: Exchange) => write.answerHalf(await write.forward()),
  twice: async (write: Exchange) => {
    await write.forward();
    write.answer(await write.forward());
  },
  '409': answered(409),
  '410': answered(410),
  '429': answered(429),
  '500': answered(500),
  '504-before': answered(504),
  '504-after': async (write: Exchange) => {
    await write.forward();
    write.answer(refusal(504));
  },
} satisfies Record<string, (write: Exchange) => void | Promise<void>>;

const refused =
  (code: number | undefined) =>
  (frame: Frame): void => {
    frame.refuseNext(code === undefined ? undefined : refusal(code));
    frame.cut();
  };

export const frameTroubles = {
  drop: (frame: Frame) => frame.cut(),
  delay: async (frame: Frame) => {
    await delay(longDelay);
    frame.send();
  },
  'cut-inside': (frame: Frame) => {
    frame.sendHalf();
    frame.cut();
  },
  twice: (frame: Frame) => {
    frame.send();
    frame.send();
  },
  'error-410': (frame: Frame) => {
    frame.replace(JSON.stringify({ type: 'ERROR', object: JSON.parse(refusal(410).body.toString()) as unknown }));
    frame.cut();
  },
  'start-410': refused(410),
  'start-429': refused(429),
  'start-500': refused(500),
  'start-closed': refused(undefined),
  'old-list': (frame: Frame) => {
    frame.listOldNext();
    frame.refuseNext(refusal(410));
    frame.cut();
  },
  kill: async (frame: Frame) => {
    await frame.restart();
    frame.cut();
  },
  silence: (frame: Frame) => frame.fallSilent(),
  'silence-all': (frame: Frame) => frame.allFallSilent(),
} satisfies Record<string, (frame: Frame) => void | Promise<void>>;

export type WriteTrouble = keyof typeof writeTroubles;
export type FrameTrouble = keyof typeof frameTroubles;

/** What happens to the n-th write, or frame, that is about a place; n counts from 1. */
export type Trouble =
  | { readonly of: 'write'; readonly n: number; readonly what: WriteTrouble }
  | { readonly of: 'frame'; readonly n: number; readonly what: FrameTrouble };

/** `w3:lost-reply`, `f2:drop`. */
export function nameOf({ of, n, what }: Trouble): string {
  return `${of[0]}${n}:${what}`;
}

/** The reverse of `nameOf`; throws for what it never gives. */
export function troubleNamed(name: string): Trouble {
  const [, of, n, what = ''] = /^([wf])([1-9]\d*):(.+)$/.exec(name) ?? [];
  if (of === 'w' && what in writeTroubles) return { of: 'write', n: Number(n), what: what as WriteTrouble };
  if (of === 'f' && what in frameTroubles) return { of: 'frame', n: Number(n), what: what as FrameTrouble };
  throw new Error(`${name} is not a fault: use w3:lost-reply or f2:drop, as reports print them`);
}
