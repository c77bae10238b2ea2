/** Whether bytes are text: UTF-8 without overlong forms, halves of surrogate pairs, or a character that is cut. Pure. */
export { isUtf8 } from 'node:buffer';
