/**
 * Shorter ways to say the same line: constants are computed at once, x·1 is x, a reshape of a reshape is one reshape, and a
 * number stretched to an array stays a number among arrays. Only rewritings that give the same numbers, but for two that spare the
 * gradients of squares and differences a product: ½·(2·x) is x also where 2·x is ∞, and −(x − x) is 0 instead of −0.
 */
import type { Range } from "../array/layout.ts";
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import { isSameShape, sizeOf, type Shape } from "../array/shape.ts";
import { forwardOf, resultShape } from "../ops/algebra.ts";
import { pointwisePrimitives, structuralPrimitive, type PointwisePrimitive, type StructuralPrimitive } from "../ops/primitive.ts";
import type { Reduced } from "../array/reduce.ts";
import { runOf } from "./access.ts";
import { isCallOf, knownNumber, operandsOf, type Instruction, type ProgramBuilder } from "./program.ts";

/** The largest constant that is computed while compiling. */
const largestFolded = 1 << 16;

const constantOf = ({ definition }: Instruction): Tensor | undefined => (definition.kind === "constant" ? definition.value : undefined);

/** A pointwise line. Its shape is that of its operands that are not numbers. */
export function pointwiseLine(builder: ProgramBuilder, primitive: PointwisePrimitive, operands: readonly Instruction[]): Instruction {
  const shape = operands.find((x) => x.shape.length > 0)?.shape ?? numberShape;
  if (shape === numberShape) return plainLine(builder, primitive, operands, shape);
  const args = operands.map((x) => numberBehind(x) ?? x);
  if (shape.length > 0 && args.every((x) => x.shape.length === 0))
    return structuralLine(builder, structuralPrimitive("broadcastTo", { shape }), [pointwiseLine(builder, primitive, args)]);
  const kept = args.some((x) => x.shape.length > 0) || shape.length === 0 ? args : operands;
  return plainLine(builder, primitive, kept, shape);
}

const numberShape: Shape = [];

/** The line itself, or what is known or shorter. */
function plainLine(builder: ProgramBuilder, primitive: PointwisePrimitive, kept: readonly Instruction[], shape: Shape): Instruction {
  const known = folded(builder, kept, () => primitive.compute(...kept.map((x) => constantOf(x)!)));
  if (known) return known;
  const [a, b] = kept;
  const shorter = primitive.isCustom ? undefined : rewritings[primitive.name]?.(builder, a!, b!);
  return shorter && isSameShape(shorter.shape, shape) ? shorter : builder.apply(primitive, kept, shape);
}

/** The number that a `broadcastTo` stretches. */
const numberBehind = (x: Instruction): Instruction | undefined => {
  const [inner] = operandsOf(x);
  return isCallOf(x, "broadcastTo") && inner!.shape.length === 0 ? inner : undefined;
};

function folded(builder: ProgramBuilder, operands: readonly Instruction[], compute: () => Tensor): Instruction | undefined {
  for (const { definition, shape } of operands) if (definition.kind !== "constant" || sizeOf(shape) > largestFolded) return undefined;
  return builder.constant(compute());
}

type Rewriting = (builder: ProgramBuilder, a: Instruction, b: Instruction) => Instruction | undefined;

const unless = (isSo: boolean, line: Instruction): Instruction | undefined => (isSo ? line : undefined);
const call = (builder: ProgramBuilder, name: keyof typeof pointwisePrimitives, ...operands: Instruction[]): Instruction =>
  pointwiseLine(builder, pointwisePrimitives[name], operands);

/**
 * ½ · (2 · x) is x: the gradient of ½·x². 2 · x is exact, or ∞, where its half is not to be had back. Nothing else is unscaled: 2 · (½ · x)
 * loses the last bit of the smallest numbers, and large factors reach ∞ at ordinary x.
 */
function unscaled(a: Instruction, b: Instruction): Instruction | undefined {
  if (knownNumber(a) !== 0.5 || !isCallOf(b, "mul")) return undefined;
  const [p, q] = operandsOf(b);
  if (knownNumber(p!) === 2) return q;
  return unless(knownNumber(q!) === 2, p!);
}

/** A gradient that is a known number and not 0 is a factor like others. */
const isOrdinary = (g: Instruction): boolean => Number.isFinite(knownNumber(g)) && knownNumber(g) !== 0;

const rewritings: Partial<Record<string, Rewriting>> = {
  identity: (_, a) => a,
  neg: (builder, a) => {
    const [x, y] = operandsOf(a);
    return isCallOf(a, "sub") ? call(builder, "sub", y!, x!) : unless(isCallOf(a, "neg"), x!);
  },
  mul: (_, a, b) => (knownNumber(a) === 1 ? b : knownNumber(b) === 1 ? a : (unscaled(a, b) ?? unscaled(b, a))),
  chain: (builder, g, d) => (isOrdinary(g) ? call(builder, "mul", g, d) : unless(knownNumber(d) === 1, g)),
  gradientProduct: (builder, g, h) => (isOrdinary(g) || isOrdinary(h) ? call(builder, "mul", g, h) : undefined),
  div: (_, a, b) => unless(knownNumber(b) === 1, a),
  sub: (_, a, b) => unless(Object.is(knownNumber(b), 0), a),
  pow: (builder, a, b) => {
    const n = knownNumber(b);
    if (n === 1) return a;
    return n === 2 ? call(builder, "square", a) : unless(n === -1, call(builder, "reciprocal", a));
  },
  powerRule: (builder, a, b) => {
    const n = knownNumber(b);
    if (n === undefined || n === 0 || n === 1) return undefined;
    return call(builder, "mul", b, call(builder, "pow", a, builder.constant(n - 1)));
  },
};

/** A structural line. */
export function structuralLine(builder: ProgramBuilder, primitive: StructuralPrimitive, operands: readonly Instruction[]): Instruction {
  const shape = resultShape(primitive, operands.map((x) => x.shape)); // prettier-ignore
  const [x] = operands;
  const alone = operands.length === 1 ? constantOf(x!) : undefined;
  if (
    alone !== undefined &&
    x!.shape.length > 0 &&
    sizeOf(x!.shape) === 1 &&
    (primitive.name === "reshape" || primitive.name === "broadcastTo")
  )
    return stretched(builder, builder.constant(entriesOf(alone)[0]!), shape);
  if (sizeOf(shape) <= largestFolded && !(primitive.name === "broadcastTo" && operands[0]!.shape.length === 0)) {
    const known = folded(builder, operands, () =>
      forwardOf(
        primitive,
        operands.map((x) => constantOf(x)!),
      ),
    );
    if (known) return known;
  }
  if (isScattered(primitive, x!)) return scatteredReduction(builder, primitive, x!, shape);
  return shorterStructural(builder, primitive, operands, shape) ?? builder.apply(primitive, operands, shape);
}

const reshaped = (builder: ProgramBuilder, x: Instruction, shape: Shape): Instruction =>
  structuralLine(builder, structuralPrimitive("reshape", { shape }), [x]);

function shorterStructural(
  builder: ProgramBuilder,
  primitive: StructuralPrimitive,
  operands: readonly Instruction[],
  shape: Shape,
): Instruction | undefined {
  const [x] = operands as [Instruction];
  const inner = operandsOf(x)[0];
  switch (primitive.name) {
    case "reshape":
      if (isSameShape(x.shape, shape)) return x;
      if (isCallOf(x, "reshape")) return reshaped(builder, inner!, shape);
      return isCallOf(x, "broadcastTo") && inner!.shape.length === 0 ? stretched(builder, inner!, shape) : undefined;
    case "broadcastTo":
      if (isSameShape(x.shape, shape)) return x;
      if (x.shape.length > 0 && sizeOf(x.shape) === sizeOf(shape)) return reshaped(builder, x, shape);
      if (isCallOf(x, "broadcastTo") && inner!.shape.length === 0) return stretched(builder, inner!, shape);
      return x.shape.length > 0 && sizeOf(x.shape) === 1 ? stretched(builder, reshaped(builder, x, []), shape) : undefined;
    case "sumTo":
      return summedTo(builder, x, shape);
    case "sum": {
      const { axes } = primitive.options;
      return axes.every((k) => x.shape[k] === 1) ? reshaped(builder, x, shape) : undefined;
    }
    case "transpose": {
      const { axes } = primitive.options;
      const moving = axes.filter((k) => x.shape[k] !== 1);
      return moving.every((k, i) => i === 0 || k > moving[i - 1]!) ? reshaped(builder, x, shape) : undefined;
    }
    case "slice":
      return isSameShape(x.shape, shape) && primitive.options.ranges.every(isWhole) ? x : undefined;
    case "cumsum":
      return x.shape.length === 0 ? x : undefined;
    default:
      return undefined;
  }
}

const isWhole = ({ begin, step }: Range): boolean => begin === 0 && step === 1;

const stretched = (builder: ProgramBuilder, x: Instruction, shape: Shape): Instruction =>
  structuralLine(builder, structuralPrimitive("broadcastTo", { shape }), [x]);

/** `sumTo` said as a sum over the axes that were stretched, and a reshape. */
function summedTo(builder: ProgramBuilder, x: Instruction, shape: Shape): Instruction {
  const missing = x.shape.length - shape.length;
  const axes = [...x.shape.keys()].filter((k) => k < missing || shape[k - missing] !== x.shape[k]);
  if (axes.length === 0) return x;
  const keepdims = axes.length > missing;
  const total = structuralLine(builder, structuralPrimitive("sum", { axes, keepdims }), [x]);
  return reshaped(builder, total, shape);
}

/** Whether a primitive reduces axes that are no neighbours. */
const isScattered = ({ options }: StructuralPrimitive, x: Instruction): boolean =>
  "keepdims" in options && runOf(x.shape, options.axes) === undefined;

/** The reduced axes are moved together first, as the eager kernels do. */
function scatteredReduction(builder: ProgramBuilder, { name, options }: StructuralPrimitive, x: Instruction, shape: Shape): Instruction {
  const { axes } = options as Reduced;
  const others = [...x.shape.keys()].filter((k) => !axes.includes(k));
  const moved = structuralLine(builder, structuralPrimitive("transpose", { axes: [...others, ...axes] }), [x]);
  const run = reshaped(builder, moved, [...others.map((k) => x.shape[k]!), sizeOf(axes.map((k) => x.shape[k]!))]);
  const along = { ...options, axes: [others.length], keepdims: false };
  return reshaped(builder, structuralLine(builder, structuralPrimitive(name as "sum", along), [run]), shape);
}
