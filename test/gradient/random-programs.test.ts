import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constant, expand, gradient, hvp, jvp, kinks, sumOf, type Value } from "../../src/index.ts";
import { nodesOf } from "../../src/graph/order.ts";
import { replay } from "../../src/graph/replay.ts";
import { centralDerivative } from "../../src/ops/numeric-derivative.ts";
import { tensors } from "../../src/ops/tensors.ts";
import { tolerance } from "../closeness.ts";
import { directionOf, leavesOf, lossOf, programs, type Program } from "../random-programs.ts";

const product = (a: readonly Value[], b: readonly Value[]): Value => sumOf(a.map((x, i) => x.mul(b[i]!).sum()));

/** Runs `check` on programs that were not evaluated at a kink. */
const forPrograms = (numRuns: number, check: (program: Program, leaves: Value[], loss: Value) => void): void => {
  fc.assert(
    fc.property(programs, (program) => {
      const leaves = leavesOf(program);
      const loss = lossOf(program, leaves);
      fc.pre(kinks(loss).length === 0 && Number.isFinite(loss.item()));
      check(program, leaves, loss);
    }),
    { numRuns, seed: 42 },
  );
};

/** The leaves moved by t along their directions, as constants. */
const moved = (leaves: readonly Value[], t: number): Value[] => leaves.map((x) => constant(x.add(directionOf(x).mul(t)).data));

describe("random tensor programs, with fan-out and broadcasting", () => {
  test("reverse mode, forward mode and differences agree", () => {
    forPrograms(150, (program, leaves, loss) => {
      const directions = leaves.map(directionOf);
      const reverse = product(gradient(loss, leaves), directions);
      const [, forward] = jvp((...xs: Value[]) => lossOf(program, xs), leaves, directions);
      expect(forward).toBeClose(reverse, { units: tolerance.program, scale: 1 });
      const slope = centralDerivative((t) => lossOf(program, moved(leaves, t)).item(), 0, 1e-3);
      if (slope.bound < 1e-8) expect(reverse).toBeClose(slope.value, { units: 5 * tolerance.numeric, scale: 1 });
    });
  });

  test("the gradient of the gradient agrees with forward over reverse and with differences of the gradient", () => {
    forPrograms(100, (program, leaves, loss) => {
      const directions = leaves.map(directionOf);
      const slope = (xs: readonly Value[], y: Value) => product(gradient(y, xs), directions);
      const twice = product(gradient(slope(leaves, loss), leaves), directions);
      const mixed = product(
        hvp((...xs: Value[]) => lossOf(program, xs), leaves, directions),
        directions,
      );
      expect(mixed).toBeClose(twice, { units: tolerance.program, scale: 1 });
      const along = (t: number) => {
        const xs = leaves.map((x) => x.add(directionOf(x).mul(t)));
        return slope(xs, lossOf(program, xs)).item();
      };
      const numeric = centralDerivative(along, 0, 1e-3);
      if (numeric.bound < 1e-7) expect(twice).toBeClose(numeric.value, { units: 50 * tolerance.numeric, scale: 1 });
    });
  });

  test("a replay by the tensors is the recorded data to the last bit, backward leaves what gradient returns", () => {
    forPrograms(60, (_, leaves, loss) => {
      const again = replay(nodesOf(loss), tensors, (node) => (node.primitive ? undefined : node.payload));
      for (const [node, data] of again) expect(node.payload).toEqual(data);
      const slopes = gradient(loss, leaves);
      loss.backward();
      for (const [i, x] of leaves.entries()) expect(x.grad).toBeClose(slopes[i], { units: 0 });
    });
  });

  test("its scalar graph has the same value and gradients", () => {
    forPrograms(40, (_, leaves, loss) => {
      const opened = expand(loss);
      expect(opened).toBeClose(loss, { units: tolerance.program, scale: 1 });
      const scalars = new Map(nodesOf(opened).flatMap((node) => (node.primitive || node.label === "" ? [] : [[node.label, node]])));
      for (const x of leaves) {
        const [whole] = gradient(loss, [x]);
        if (x.shape.length !== 1) continue;
        for (let i = 0; i < x.shape[0]!; i++) {
          const leaf = scalars.get(`${x.label}[${i}]`);
          if (leaf) expect(gradient(opened, [leaf])[0]).toBeClose(whole.at(i), { units: tolerance.program, scale: 1 });
        }
      }
    });
  });
});
