/** Every row of the calculus table, held to what it says: no row exists untested. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entriesOf, shapeOf, tensor, zerosOf, type Tensor } from "../../src/array/ndarray.ts";
import { sizeOf, type Shape } from "../../src/array/shape.ts";
import { grad, gradient, hvp, value, where, type Value } from "../../src/index.ts";
import { entries, entriesFrom } from "../../src/graph/entries.ts";
import { applied } from "../../src/ops/algebra.ts";
import { structuralValue, values } from "../../src/graph/values.ts";
import { duals } from "../../src/ops/duals.ts";
import { centralDerivative } from "../../src/ops/numeric-derivative.ts";
import { parametric } from "../../src/ops/pointwise.ts";
import { parametricPrimitive, pointwisePrimitives, structuralPrimitive, type PointwisePrimitive } from "../../src/ops/primitive.ts";
import { structural } from "../../src/ops/structural.ts";
import { numbers, tensors } from "../../src/ops/tensors.ts";
import type { Algebra, Operand, ParametricName, ParametricOptions, StructuralName } from "../../src/ops/vocabulary.ts";
import { tolerance } from "../closeness.ts";

/** Options that differ from the defaults. */
const options: ParametricOptions = {
  leakyRelu: { slope: 0.2 },
  elu: { alpha: 1.5 },
  clip: { min: -1, max: 2 },
  inside: { min: -1, max: 2 },
};

const rows: (readonly [string, PointwisePrimitive])[] = [
  ...Object.entries(pointwisePrimitives),
  ...(Object.keys(parametric) as ParametricName[]).map((name) => [name, parametricPrimitive(name, options[name])] as const),
];

type Partial = (m: Algebra<Tensor>, ...args: number[]) => Operand<Tensor>;

/** Points of the row's domain at which it is smooth, with room for differences. */
const points = ({ row }: PointwisePrimitive): fc.Arbitrary<number[]> =>
  fc
    .tuple(...row.domain.map(([low, high]) => fc.integer({ min: 20, max: 980 }).map((k) => low + ((high - low) * k) / 1000 + 0.00017)))
    .filter((xs) => !nearKink(row, xs));

/** The kinks of the table stand at small whole numbers, and where two inputs are equal. */
const nearKink = ({ kink }: PointwisePrimitive["row"], [a, b]: readonly number[]): boolean =>
  kink !== undefined && ([-1, 0, 1, 2].some((edge) => Math.abs(a! - edge) < 0.05) || (b !== undefined && Math.abs(a! - b) < 0.05));

const width = 0.01;

describe.each(rows)("%s", (_, primitive) => {
  const { row, forward } = primitive;
  const slopeOf = (i: number, xs: readonly number[], y: number): number =>
    (row.partials[i] as unknown as Partial)(tensors, ...xs, y) as number;

  test("has an interval to draw each input from, and one derivative for each", () => {
    expect(row.domain).toHaveLength(row.partials.length);
    expect(row.domain.every(([low, high]) => low < high)).toBe(true);
  });

  test("its partial derivatives agree with numeric ones wherever it is smooth", () => {
    fc.assert(
      fc.property(points(primitive), (xs) => {
        const y = forward(...xs);
        for (const [i, x] of xs.entries()) {
          const along = (t: number) => forward(...xs.map((p, k) => (k === i ? t : p)));
          expect(slopeOf(i, xs, y)).toBeClose(centralDerivative(along, x, width).value, { units: tolerance.numeric, scale: 1 });
        }
      }),
      { numRuns: 40, seed: 42 },
    );
  });

  test("its second derivatives agree with numeric ones of the first", () => {
    fc.assert(
      fc.property(points(primitive), (xs) => {
        const leaves = xs.map((x) => value(x));
        const slopes = gradient(values.apply(primitive, leaves), leaves);
        for (const [i, slope] of slopes.entries())
          for (const [j, second] of gradient(slope, leaves).entries()) {
            const along = (t: number) => {
              const moved = xs.map((p, k) => (k === j ? t : p));
              return slopeOf(i, moved, forward(...moved));
            };
            expect(second).toBeClose(centralDerivative(along, xs[j]!, width).value, { units: tolerance.numeric, scale: 1 });
          }
      }),
      { numRuns: 20, seed: 42 },
    );
  });

  test("numbers, tensors, values, duals and entries tell the same number and the same derivative", () => {
    fc.assert(
      fc.property(points(primitive), (xs) => {
        const y = forward(...xs);
        const leaves = xs.map((x) => value(x));
        const reverse = gradient(values.apply(primitive, leaves), leaves);
        expect(tensors.apply(primitive, xs)).toBeClose(y, { units: 0 });
        expect(values.apply(primitive, leaves)).toBeClose(y, { units: 0 });
        expect(entriesOf(tensors.apply(primitive, xs.map((x) => tensor([2], Float64Array.of(x, x)))) )).toEqual(Float64Array.of(y, y)); // prettier-ignore
        expect(entries.apply(primitive, xs.map((x) => entriesFrom(x, (entry) => value(entry)))).values[0]).toBeClose(y, { units: 0 }); // prettier-ignore
        for (const i of xs.keys()) {
          const { primal, tangent } = duals(tensors).apply(primitive, xs.map((x, k) => ({ primal: x, tangent: k === i ? 1 : undefined }))); // prettier-ignore
          expect(primal).toBeClose(y, { units: 0 });
          expect(tangent).toBeClose(slopeOf(i, xs, y), { units: 0 });
          expect(reverse[i]).toBeClose(slopeOf(i, xs, y), { units: 0 });
        }
      }),
      { numRuns: 20, seed: 42 },
    );
  });

  if (row.partials.length === 1)
    test("where it is not taken it leaks nothing, to the third derivative and in forward mode", () => {
      const notTaken = (x: Value): Value => where(false, values.apply(primitive, [x]), x.mul(0));
      for (const at of [NaN, Infinity, -Infinity, 0, -1, 800]) {
        let f = notTaken;
        for (let order = 1; order <= 3; order++) {
          f = grad(f);
          expect(f(value(at)), `derivative ${order} at ${at}`).toBeClose(0, { units: 0 });
        }
        expect(hvp(notTaken, value(at), 1), `forward over reverse at ${at}`).toBeClose(0, { units: 0 });
      }
    });

  test("gives NaN for NaN", () => {
    // The indicator asks whether two numbers are the same; NaN attains the maximum of NaN.
    expect(forward(...row.domain.map(() => NaN))).toEqual(primitive.name === "indicator" ? 1 : NaN);
  });
});

test("every word of the vocabulary is a word of the numbers", () => {
  expect(Object.keys(numbers).sort()).toEqual(rows.map(([name]) => name).sort());
});

/** Numbers that are no two alike, so that ties and kinks stay away; the same at every run. */
const sample = (shape: Shape, salt: number): Tensor =>
  tensor(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => 1.5 * Math.sin(1 + 7.3 * i + 2.9 * salt) + 0.01 * i),
  );

const dot = (a: Tensor, b: Tensor): number => entriesOf(tensors.mul(a, b)).reduce((sum, x) => sum + x, 0);

const examples = (Object.keys(structural) as StructuralName[]).flatMap((name) =>
  structural[name].examples.map((example, i) => [`${name}, example ${i}`, name, example] as const),
);

type AnyVjp = (
  m: Algebra<Tensor>, g: Tensor, operands: readonly Tensor[], y: Tensor, options: unknown, needs: () => boolean,
) => readonly Tensor[]; // prettier-ignore

describe.each(examples)("%s", (_, name, { shapes, options: chosen }) => {
  const primitive = structuralPrimitive(name, chosen as never);
  const { row } = primitive;
  const operands = shapes.map((shape, k) => sample(shape, k));
  const y = applied(tensors, primitive, operands);
  const g = sample(shapeOf(y), 11);
  // The second operand of these two only says where the top is.
  const isStill = (k: number) => k === 1 && (name === "relative" || name === "balance");
  const tangents = shapes.map((shape, k) => (isStill(k) ? zerosOf(shape) : sample(shape, k + 5)));

  test("tells the shape of its result", () => {
    expect((row.shape as (shapes: readonly Shape[], options: unknown) => Shape)(shapes, chosen)).toEqual(shapeOf(y));
  });

  test("carries back what it carries forward: ⟨Jt, g⟩ = ⟨t, Jᵀg⟩", () => {
    const carried = (row.vjp as unknown as AnyVjp)(tensors, g, operands, y, chosen, () => true);
    const moved = applied(duals(tensors), primitive, operands.map((primal, k) => ({ primal, tangent: tangents[k] }))); // prettier-ignore
    expect(carried.map(shapeOf)).toEqual(shapes);
    const back = carried.reduce<number>((sum, c, k) => sum + dot(c, tangents[k]!), 0);
    expect(dot(moved.tangent!, g)).toBeClose(back, { scale: 10 });
    if (row.jvp === "linear") expect(dot(applied(tensors, primitive, tangents), g)).toBeClose(back, { scale: 10 });
  });

  test("its derivative agrees with differences, the second one too", () => {
    const loss = (xs: readonly Value[]): Value =>
      values
        .mul(structuralValue(primitive, xs), values.sin(structuralValue(primitive, xs)))
        .mul(g)
        .sum();
    const along = (t: number) => operands.map((x, k) => value(tensors.add(x, tensors.mul(tangents[k]!, t)) as number));
    const leaves = along(0);
    const slope = (xs: readonly Value[]) => gradient(loss(xs), xs).map((d, k) => d.mul(tangents[k]!).sum()).reduce((a, b) => a.add(b)); // prettier-ignore
    expect(slope(leaves)).toBeClose(centralDerivative((t) => loss(along(t)).item(), 0, 0.001).value, {
      units: tolerance.numeric,
      scale: 10,
    });
    const twice = gradient(slope(leaves), leaves).map((d, k) => d.mul(tangents[k]!).sum().item()).reduce((a, b) => a + b); // prettier-ignore
    expect(twice).toBeClose(centralDerivative((t) => slope(along(t)).item(), 0, 0.001).value, { units: 10 * tolerance.numeric, scale: 10 });
  });

  test("entry by entry it gives the same", () => {
    const opened = applied(entries, primitive, operands.map((x) => entriesFrom(x, (entry) => value(entry)))); // prettier-ignore
    expect(opened.shape).toEqual(shapeOf(y));
    expect(opened.values.map((x) => x.item())).toBeClose([...entriesOf(y)], { scale: 1 });
  });
});
