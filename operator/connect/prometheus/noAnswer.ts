/** Why a server gave no answer, in words. Messages name the server, never its address, nor what it sent besides its own errors. Pure. */
import { shortened } from '../../lib/text.ts';
import type { NoAnswer, NoAnswerReason } from './types.ts';

const LONGEST_QUOTE = 300;

export function noAnswer(reason: NoAnswerReason, message: string): NoAnswer {
  return { is: 'none', reason, message };
}

/** What a server says, on one line and within a bound. */
export function said(text: string): string {
  return shortened(text.replaceAll(/[\p{C}\s]+/gu, ' ').trim(), LONGEST_QUOTE);
}

/** The text of an error's code, which has no address in it. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
}
