import { expect, test } from '@jest/globals';
import { AnswerMemory, type Portion } from './answerMemory.ts';

const memory = new AnswerMemory(100);
const cut: string[] = [];

function answer(name: string): Portion {
  const portion = memory.open(name.split('/')[0] ?? '');
  portion.onCut(() => cut.push(name));
  return portion;
}

test('a group alone has half, its largest answer is cut, and what is cut or closed takes nothing', () => {
  const [a1, a2, a3] = [answer('a/1'), answer('a/2'), answer('a/3')];
  a1.grow(20);
  a2.grow(28);
  expect(cut).toEqual([]);
  a3.grow(4);
  expect(cut.splice(0)).toEqual(['a/2']);
  // It is over, and may still be told of what comes.
  a2.grow(60);
  a1.grow(45);
  expect(cut).toEqual([]);
  a2.close();
  a1.close();
  a3.grow(49);
  a3.close();
  expect(cut).toEqual([]);
});

test('what one group takes never costs another its answer', () => {
  const small = answer('b/1');
  small.grow(10);
  for (let index = 0; index < 50; index++) answer(`a/${index}`).grow(10);
  small.grow(30);
  expect(cut.length).toBeGreaterThan(0);
  expect(cut.splice(0).filter((name) => !name.startsWith('a/'))).toEqual([]);
});

test('an answer that is larger than all may take is cut by itself', () => {
  const memoryOfOne = new AnswerMemory(10);
  const portion = memoryOfOne.open('c');
  let isCut = false;
  portion.onCut(() => (isCut = true));
  portion.grow(1000);
  expect(isCut).toBe(true);
});
