/** Lanes that become one number, largest, smallest and length, and running sums. Sums are those of doubles in either precision. */
import { operandsOf, type Instruction } from "../program.ts";
import type { StructuralOptions } from "../../ops/vocabulary.ts";
import type { Lane, LaneCode } from "./lane.ts";

/** The largest or smallest entry; NaN where there is one. */
export function findExtreme(lane: Lane, line: Instruction, from: number, op: "f64.max" | "f64.min"): void {
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

/** √Σ x², scaled by the largest |x| where squares would overflow or vanish. */
export const norm: LaneCode = (lane, line) => {
  const { top, rest, x, context } = lane;
  const { code } = context;
  const [entries] = operandsOf(line) as [Instruction];
  const quotient = code.local("f64");
  code.f64(0).set(top);
  lane.each(() => {
    code.get(top);
    lane.entry(entries, lane.at);
    code.op("f64.abs", "f64.max").set(top);
  });
  // x holds the scale.
  code.get(top).f64(1).get(top).f64(1e140).op("f64.gt").get(top).f64(1e-140).op("f64.lt", "i32.or", "select").set(x).f64(0).set(rest);
  lane.each(() => {
    lane.entry(entries, lane.at);
    code.get(x).op("f64.div").tee(quotient).get(quotient).op("f64.mul").get(rest).op("f64.add").set(rest);
  });
  lane.store(line, lane.to, () => {
    code.get(top).get(x).get(rest).op("f64.sqrt", "f64.mul");
    code.get(top).f64(0).op("f64.eq").get(top).f64(Infinity).op("f64.eq", "i32.or", "select");
  });
};

/** Running sums, from the end where they are reversed. */
export const cumsum: LaneCode = (lane, line) => {
  const { code } = lane.context;
  const { primitive } = line.definition as { readonly primitive: { readonly options: StructuralOptions["cumsum"] } };
  const [entries] = operandsOf(line) as [Instruction];
  code.f64(0).set(lane.rest);
  lane.each(() => {
    lane.store(line, lane.at, () => {
      code.get(lane.rest);
      lane.entry(entries, lane.at);
      code.op("f64.add").tee(lane.rest);
    });
  }, primitive.options.reverse);
};
