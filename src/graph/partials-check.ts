/**
 * The check of a row of one's own: each partial must agree with differences of `forward`, and what it records, differentiated, with
 * differences of the partial. Otherwise the row is refused with the point and both numbers.
 */
import type { Tensor } from "../array/ndarray.ts";
import { describe } from "../array/shape.ts";
import { duals, type Dual } from "../ops/duals.ts";
import { centralDerivative, type NumericDerivative } from "../ops/numeric-derivative.ts";
import type { PointwisePrimitive } from "../ops/primitive.ts";
import { tensors } from "../ops/tensors.ts";
import type { Algebra, Operand } from "../ops/vocabulary.ts";
import { nodesOf } from "./order.ts";
import { replay } from "./replay.ts";
import { Leaf, type Value } from "./value.ts";
import { pointwiseValue, values } from "./values.ts";

/** @throws Error where a partial, or its own derivative, is wrong, or nothing could be compared; TypeError for what is no number or no record. */
export function checkPartials(primitive: PointwisePrimitive): void {
  checkFirst(primitive);
  checkSecond(primitive);
}

type Point = readonly number[];

function checkFirst(primitive: PointwisePrimitive): void {
  const { name } = primitive;
  let compared = 0;
  for (const point of smoothPoints(primitive))
    for (const i of point.keys()) {
      const slope = slopeAt(primitive, point, i, (x) => forwardAt(primitive, x));
      if (slope === undefined) continue;
      compared++;
      const claimed = partialAt(primitive, i, point);
      if (!agrees(claimed, slope)) throw wrong(name, i, point, claimed, slope.value);
    }
  if (compared === 0)
    throw new Error(
      `defineOp: the derivative of ${name} could not be checked: forward is smooth and finite at no point of its domain. Give a domain where it is`,
    );
}

/**
 * A partial that takes its numbers out of the record, as by `x.data`, is right once, and then a constant: its own derivative would be 0 in
 * silence. So what it records is read with dual numbers, and must change as its numbers do.
 */
function checkSecond(primitive: PointwisePrimitive): void {
  for (const point of smoothPoints(primitive))
    for (const j of point.keys())
      for (const i of point.keys()) {
        const slope = slopeAt(primitive, point, i, (x) => partialAt(primitive, j, x));
        if (slope === undefined) continue;
        const recorded = recordedSlope(primitive, j, i, point);
        if (!agrees(recorded, slope)) throw constant(primitive.name, j, point, recorded, slope.value);
      }
}

const samples = 24;
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** Points spread evenly over the domain, the same at every run, none at a kink; away from its borders, so that differences stay inside. */
function* smoothPoints({ row: { domain, kink } }: PointwisePrimitive): Generator<Point> {
  for (let k = 1; k <= samples; k++) {
    const point = domain.map(([low, high], i) => low + (high - low) * (0.02 + 0.96 * ((k * goldenRatio ** (i + 1) + 0.1 * i) % 1)));
    if (!kink?.at(...point)) yield point;
  }
}

const forwardAt = ({ forward }: PointwisePrimitive, point: Point): number => forward(...point);

/** What partial number `j` says at a point. */
function partialAt(primitive: PointwisePrimitive, j: number, point: Point): number {
  const partial = primitive.row.partials[j] as (...args: unknown[]) => unknown;
  const claimed = partial(tensors, ...point, forwardAt(primitive, point));
  if (typeof claimed === "number") return claimed;
  throw new TypeError(
    `defineOp: partials[${j}] of ${primitive.name} gave ${describe(claimed)}; write it in the words of its first argument`,
  );
}

/** ∂f/∂xᵢ at a point by differences inside the domain; undefined where f is not smooth there. */
function slopeAt({ row }: PointwisePrimitive, point: Point, i: number, f: (x: Point) => number): NumericDerivative | undefined {
  const [low, high] = row.domain[i]!;
  const width = Math.min(point[i]! - low, high - point[i]!, 0.1 * (high - low));
  const slope = centralDerivative((x) => f(point.with(i, x)), point[i]!, width);
  return slope.bound <= 1e-7 * Math.max(Math.abs(slope.value), 1) ? slope : undefined;
}

/** Enough that a factor of 1.001 is refused, and rounding is not. */
const allowed = 1e-6;

const agrees = (claimed: number, { value, bound }: NumericDerivative): boolean =>
  Math.abs(claimed - value) <= allowed * Math.max(Math.abs(value), 1e-3) + 10 * bound;

const dualNumbers = duals(tensors);

/** The derivative, towards input number `i`, of what partial number `j` records at a point. */
function recordedSlope(primitive: PointwisePrimitive, j: number, i: number, point: Point): number {
  const leaves = point.map((x) => new Leaf(x));
  const slope = recorded(primitive, j, leaves);
  if (typeof slope === "number") return 0;
  const dual = ({ payload }: Value, tangent?: number): Dual<Tensor> => ({ primal: payload, tangent });
  const given = (node: Value) => (node.primitive ? undefined : dual(node, node === leaves[i] ? 1 : undefined));
  return (replay(nodesOf(slope), dualNumbers, given).get(slope)!.tangent ?? 0) as number;
}

function recorded(primitive: PointwisePrimitive, j: number, leaves: readonly Value[]): Operand<Value> {
  const partial = primitive.row.partials[j] as unknown as (m: Algebra<Value>, ...xs: Value[]) => Operand<Value>;
  try {
    return partial(values, ...leaves, pointwiseValue(primitive, leaves));
  } catch (cause) {
    throw new TypeError(
      `defineOp: partials[${j}] of ${primitive.name} computes with numbers of JavaScript, so it cannot be differentiated again. ` +
        "Write it in the words of its first argument: mul(3, square(x)), not 3 * x * x",
      { cause },
    );
  }
}

const pointText = (point: Point): string => `(${point.map((x) => x.toPrecision(6)).join(", ")})`;

const wrong = (name: string, i: number, point: Point, claimed: number, value: number): Error =>
  new Error(
    `defineOp: partials[${i}] of ${name} is wrong: at ${pointText(point)} it says ${claimed.toPrecision(10)}, differences of forward say ${value.toPrecision(10)}`,
  );

const constant = (name: string, j: number, point: Point, recorded: number, value: number): Error =>
  new Error(
    `defineOp: partials[${j}] of ${name} cannot be differentiated again: at ${pointText(point)} its own derivative is ` +
      `${value.toPrecision(10)}, that of what it records ${recorded.toPrecision(10)}. Write it in the words of its first argument alone`,
  );
