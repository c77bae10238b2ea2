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

/** The code of an error, in which there is no address. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no connection';
}
