/**
 * Shares of a lane: softmax and its logarithms, shifted by the largest entry, whose own share is kept apart as in the eager kernels;
 * and the two that count from the largest share.
 */
import { operandsOf, type Instruction } from "../program.ts";
import { exponential, logarithmOfOneMore } from "./elementary.ts";
import { FunctionCode } from "./function.ts";
import { findExtreme } from "./lane-reductions.ts";
import type { Lane, LaneCode } from "./lane.ts";
import { Lanes, type HostCalls } from "./lanes.ts";

/** exp(x − top) of two doubles: 1 at the top, 0 everywhere in a lane of −∞. */
export function shareFunction(host: HostCalls): FunctionCode {
  const code = new FunctionCode(["f64", "f64"], ["f64"]);
  const m = new Lanes(code, "f64", host);
  const e = exponential(m, m.once("difference", () => code.get(0).get(1).op("f64.sub", "f64x2.splat"))); // prettier-ignore
  code.f64(0).f64(1).get(e).lane("f64x2.extract_lane", 0);
  code.get(0).get(1).op("f64.eq", "select");
  code.get(1).f64(-Infinity).op("f64.eq", "select");
  return code;
}

/** log(1 + x) of a double. */
export function logarithmFunction(host: HostCalls): FunctionCode {
  const code = new FunctionCode(["f64"], ["f64"]);
  const m = new Lanes(code, "f64", host);
  const y = logarithmOfOneMore(m, m.once("x", () => code.get(0).op("f64x2.splat"))); // prettier-ignore
  code.get(y).lane("f64x2.extract_lane", 0);
  return code;
}

/** top, the place of it that comes first, and rest = Σ exp(xᵢ − top) over the other places; `keep` does more with each share. */
function shift(lane: Lane, line: Instruction, keep = (): void => undefined): void {
  const { code, scalar } = lane.context;
  findExtreme(lane, line, -Infinity, "f64.max");
  code.i32(-1).set(lane.place).f64(0).set(lane.rest);
  lane.each(() => {
    lane.entry(operandsOf(line)[0]!, lane.at);
    code.tee(lane.x).get(lane.top).op("f64.eq").get(lane.place).i32(-1).op("i32.eq", "i32.and");
    code.when(() => code.get(lane.at).set(lane.place));
    code.get(lane.x).get(lane.top).call(scalar("share")).set(lane.x);
    keep();
    code.get(lane.rest).f64(0).get(lane.x).get(lane.at).get(lane.place).op("i32.eq", "select", "f64.add").set(lane.rest);
  });
}

export const softmax: LaneCode = (lane, line) => {
  const { code } = lane.context;
  // Shares stay doubles until they are divided, whatever the width of the entries.
  const shares = lane.doubles();
  shift(lane, line, () => {
    lane.placeAmongDoubles();
    code.get(lane.x).memory("f64.store", shares);
  });
  lane.each(() => {
    lane.store(line, lane.at, () => {
      lane.placeAmongDoubles();
      code.memory("f64.load", shares).f64(1).get(lane.rest).op("f64.add", "f64.div");
    });
  });
};

export const logSoftmax: LaneCode = (lane, line) => {
  const { code, scalar } = lane.context;
  shift(lane, line);
  code.get(lane.rest).call(scalar("log1p")).set(lane.rest);
  lane.each(() => {
    lane.entry(operandsOf(line)[0]!, lane.at);
    code.set(lane.x);
    lane.store(line, lane.at, () => {
      code.f64(0).get(lane.x).get(lane.top).op("f64.sub").get(lane.x).get(lane.top).op("f64.eq", "select");
      code.get(lane.rest).op("f64.sub");
    });
  });
};

export const logsumexp: LaneCode = (lane, line) => {
  const { code, scalar } = lane.context;
  shift(lane, line);
  lane.store(line, lane.to, () => {
    code.get(lane.top).get(lane.rest).call(scalar("log1p")).op("f64.add").get(lane.top);
    code.get(lane.top).op("f64.abs").f64(Infinity).op("f64.lt", "select");
  });
};

/** The place of the largest entry of the second operand. */
function findPlace(lane: Lane, line: Instruction): void {
  const { code } = lane.context;
  const shares = operandsOf(line)[1]!;
  code.get(lane.start).set(lane.place);
  lane.each(() => {
    lane.entry(shares, lane.at);
    lane.entry(shares, lane.place);
    code.op("f64.gt").when(() => code.get(lane.at).set(lane.place));
  });
}

export const relative: LaneCode = (lane, line) => {
  const { code } = lane.context;
  const [t] = operandsOf(line) as [Instruction];
  findPlace(lane, line);
  lane.each(() => {
    lane.store(line, lane.at, () => {
      code.f64(0);
      lane.entry(t, lane.at);
      lane.entry(t, lane.place);
      code.op("f64.sub").get(lane.at).get(lane.place).op("i32.eq", "select");
    });
  });
};

export const balance: LaneCode = (lane, line) => {
  const { code } = lane.context;
  const [t] = operandsOf(line) as [Instruction];
  findPlace(lane, line);
  code.f64(0).set(lane.rest);
  lane.each(() => {
    lane.entry(t, lane.at);
    code.set(lane.x);
    code.get(lane.rest).f64(0).get(lane.x).get(lane.at).get(lane.place).op("i32.eq", "select", "f64.add").set(lane.rest);
    lane.store(line, lane.at, () => code.get(lane.x));
  });
  lane.store(line, lane.place, () => code.get(lane.rest).op("f64.neg"));
};
