/** Lanes that become one number, largest, smallest and length, and running sums. Sums are those of doubles in either precision. */
import { largestSquared, smallestSquared } from "../../array/reduce.ts";
import { operandsOf, optionsOf, type Instruction } from "../program.ts";
import { pointwisePrimitives } from "../../ops/primitive.ts";
import type { KernelContext } from "./context.ts";
import type { Lane, LaneCode } from "./lane.ts";

/** The largest or smallest entry; NaN where there is one. */
function findExtreme(lane: Lane, line: Instruction, from: number, op: "f64.max" | "f64.min"): void {
  const { code } = lane.context;
  code.f64(from).set(lane.top);
  lane.each(() => {
    code.get(lane.top);
    lane.entry(operandsOf(line)[0]!, lane.at);
    code.op(op).set(lane.top);
  });
}

export const extreme =
  (from: number, op: "f64.max" | "f64.min"): LaneCode =>
  (lane, line) => {
    findExtreme(lane, line, from, op);
    lane.store(line, lane.to, () => lane.context.code.get(lane.top));
  };

/** (Σ|x|ᵖ)^(1/p), scaled by the largest |x|; for p = 2 only where squares would overflow or vanish. */
export const norm: LaneCode = (lane, line) => {
  const { top, rest, x: scale, context } = lane;
  const { code } = context;
  const { ord } = optionsOf<"norm">(line);
  const [entries] = operandsOf(line) as [Instruction];
  code.f64(0).set(top);
  lane.each(() => {
    code.get(top);
    lane.entry(entries, lane.at);
    code.op("f64.abs", "f64.max").set(top);
  });
  code.get(top);
  if (ord === 2) code.f64(1).get(top).f64(largestSquared).op("f64.gt").get(top).f64(smallestSquared).op("f64.lt", "i32.or", "select");
  code.set(scale).f64(0).set(rest);
  lane.each(() => {
    power(context, ord, () => {
      lane.entry(entries, lane.at);
      code.get(scale).op("f64.div", "f64.abs");
    });
    code.get(rest).op("f64.add").set(rest);
  });
  lane.store(line, lane.to, () => {
    code.get(top).get(scale);
    power(context, 1 / ord, () => code.get(rest));
    code.op("f64.mul");
    code.get(top).f64(0).op("f64.eq").get(top).f64(Infinity).op("f64.eq", "i32.or", "select");
  });
};

/** The p-th power of the double that `base` leaves; the host's, but for the square and its root. */
function power({ code, host }: KernelContext, p: number, base: () => void): void {
  if (p === 0.5) {
    base();
    code.op("f64.sqrt");
  } else if (p === 2) {
    const x = code.local("f64");
    base();
    code.tee(x).get(x).op("f64.mul");
  } else {
    code.i32(host.place(pointwisePrimitives.pow));
    base();
    code.f64(p).call(host.caller(2));
  }
}

/** Running sums, from the end where they are reversed. */
export const cumsum: LaneCode = (lane, line) => {
  const { code } = lane.context;
  const { reverse } = optionsOf<"cumsum">(line);
  const [entries] = operandsOf(line) as [Instruction];
  code.f64(0).set(lane.rest);
  lane.each(() => {
    lane.store(line, lane.at, () => {
      code.get(lane.rest);
      lane.entry(entries, lane.at);
      code.op("f64.add").tee(lane.rest);
    });
  }, reverse);
};
