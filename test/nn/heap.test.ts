/** A training step leaves nothing behind: graphs are garbage as soon as the next one is built. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { constant, halfSquaredError, MLP, numpyRandom, SGD } from "../../src/index.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes in use when everything that nobody holds is gone. */
function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("the heap is flat over 10,000 training steps", () => {
  const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1, momentum: 0.9 });
  const [X, y] = [constant([[0, 0], [0, 1], [1, 0], [1, 1]]), constant([[0], [1], [1], [1]])]; // prettier-ignore
  const run = (steps: number): void => {
    for (let k = 0; k < steps; k++) {
      optimizer.zeroGrad();
      halfSquaredError(model.forward(X), y).backward();
      optimizer.step();
    }
  };
  run(10_000); // V8 has compiled everything by now, and keeps that.
  const before = heap();
  run(10_000);
  // A graph that stayed alive for each step would be some 100 MB; what is left are caches of the test runner.
  expect(heap() - before).toBeLessThan(500_000);
});
