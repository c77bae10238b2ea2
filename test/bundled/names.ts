/** Prints names that a bundler may change: of two classes alike, of one that refers to itself, of one in a variable, of one in a function. */
import { StoreError } from '../../operator/connect/objectStore/types.ts';

const other = StoreError.name;
const twin = (() => {
  class StoreError {}
  return new StoreError();
})();

class Ready {
  static readonly one = new Ready();
  static of(): Ready {
    return Ready.one;
  }
}

const Held = class {};

function inner(): object {
  class Inner {
    static readonly made = () => new Inner();
  }
  return Inner.made();
}

function named(): void {}

const names = [other, twin.constructor.name, Ready.of().constructor.name, Held.name, inner().constructor.name];
// A function that is made anew each time does what it did, with or without a name.
const added = (one: number) => (another: number) => one + another;
process.stdout.write(JSON.stringify([...names, named.name, `${added(1)(2)}`]));
