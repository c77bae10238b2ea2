/** A program that evaluates an expression in a thread, and prints the result: what the bundles of the plugin must be able to do. */
import { EvaluationThread } from '../../operator/cel/thread.ts';

const thread = new EvaluationThread(() => performance.now());
// The thread alone does not keep the process alive.
const alive = setInterval(() => undefined, 1000);
void thread.evaluate({ source: { expression: 'object.size == 3' }, input: { object: { size: 3 } } }).then((answer) => {
  clearInterval(alive);
  console.log(JSON.stringify(answer.result));
});
