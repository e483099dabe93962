/**
 * Functions of a lane, the entries along an axis: softmax and its logarithms, shifted by the largest entry, whose own share is kept
 * apart as in the eager kernels; largest and smallest; and the two that count from the largest share.
 */
import type { Reduced } from "../../array/reduce.ts";
import type { StructuralName } from "../../ops/vocabulary.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { lanesOf as runOf } from "../simplify.ts";
import { widthOf, type KernelContext } from "./context.ts";
import { exponential, logarithmOfOneMore } from "./elementary.ts";
import { FunctionCode, type Local } from "./function.ts";
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

/** What writing one lane needs. */
interface Lane {
  /** Byte offset of the first entry, of the entry a loop is at, and of the place of the largest entry. */
  readonly start: Local;
  readonly at: Local;
  readonly place: Local;
  /** Where the result of a reduction goes. */
  readonly to: Local;
  readonly top: Local;
  readonly rest: Local;
  readonly x: Local;
  readonly context: KernelContext;
  /** Repeats for every entry. */
  each(body: () => void): void;
  /** Leaves the entry of a line at an offset on the stack, as a double. */
  entry(line: Instruction, offset: Local): void;
  /** Stores what `value` leaves. */
  store(line: Instruction, offset: Local, value: () => void): void;
}

export function lanes(context: KernelContext, line: Instruction): void {
  const { code } = context;
  const { bytes } = widthOf(context);
  const { primitive } = line.definition as { primitive: { name: StructuralName; options: Partial<Reduced> & { axis?: number } } };
  const [first] = operandsOf(line) as [Instruction];
  const { outer, n, inner } = runOf(first.shape, primitive.options.axes ?? [primitive.options.axis!])!;
  const [row, column] = [code.local("i32"), code.local("i32")];
  const lane = laneOf(context, n, inner * bytes);
  code.i32(0).set(lane.to).i32(0).set(row);
  code.count(row, outer * n * inner * bytes, n * inner * bytes, () => {
    code.count(column, inner * bytes, bytes, () => {
      code.get(row).get(column).op("i32.add").set(lane.start);
      kinds[primitive.name]!(lane, line);
      code.get(lane.to).i32(bytes).op("i32.add").set(lane.to);
    });
  });
}

function laneOf(context: KernelContext, n: number, stride: number): Lane {
  const { code, precision } = context;
  const [start, at, place, to, end] = Array.from({ length: 5 }, () => code.local("i32")) as [Local, Local, Local, Local, Local];
  const [top, rest, x] = Array.from({ length: 3 }, () => code.local("f64")) as [Local, Local, Local];
  return {
    start, at, place, to, top, rest, x, context,
    each: (body) => {
      if (n === 0) return;
      code.get(start).tee(at).i32(n * stride).op("i32.add").set(end);
      code.loop(() => {
        body();
        code.get(at).i32(stride).op("i32.add").tee(at).get(end).op("i32.ne");
      });
    },
    entry: (line, offset) => {
      code.get(offset).memory(precision === "f64" ? "f64.load" : "f32.load", context.addressOf(line));
      if (precision === "f32") code.op("f64.promote_f32");
    },
    store: (line, offset, value) => {
      code.get(offset);
      value();
      if (precision === "f32") code.op("f32.demote_f64");
      code.memory(precision === "f64" ? "f64.store" : "f32.store", context.addressOf(line));
    },
  }; // prettier-ignore
}

type LaneCode = (lane: Lane, line: Instruction) => void;

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

const extreme =
  (from: number, op: "f64.max" | "f64.min"): LaneCode =>
  (lane, line) => {
    findExtreme(lane, line, from, op);
    lane.store(line, lane.to, () => lane.context.code.get(lane.top));
  };

/** top, the place of it that comes first, and rest = Σ exp(xᵢ − top) over the other places. */
function shift(lane: Lane, line: Instruction): void {
  const { code, scalar } = lane.context;
  findExtreme(lane, line, -Infinity, "f64.max");
  code.i32(-1).set(lane.place).f64(0).set(lane.rest);
  lane.each(() => {
    lane.entry(operandsOf(line)[0]!, lane.at);
    code.tee(lane.x).get(lane.top).op("f64.eq").get(lane.place).i32(-1).op("i32.eq", "i32.and");
    code.when(() => code.get(lane.at).set(lane.place));
    code.get(lane.x).get(lane.top).call(scalar("share")).set(lane.x);
    code.get(lane.rest).f64(0).get(lane.x).get(lane.at).get(lane.place).op("i32.eq", "select", "f64.add").set(lane.rest);
  });
}

const softmax: LaneCode = (lane, line) => {
  const { code } = lane.context;
  // Shares stay doubles until they are divided, so the numerators are computed a second time rather than rounded in memory.
  shift(lane, line);
  lane.each(() => {
    lane.store(line, lane.at, () => {
      lane.entry(operandsOf(line)[0]!, lane.at);
      code.get(lane.top).call(lane.context.scalar("share")).f64(1).get(lane.rest).op("f64.add", "f64.div");
    });
  });
};

const logSoftmax: LaneCode = (lane, line) => {
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

const logsumexp: LaneCode = (lane, line) => {
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

const relative: LaneCode = (lane, line) => {
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

const balance: LaneCode = (lane, line) => {
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

const kinds: Partial<Record<StructuralName, LaneCode>> = {
  max: extreme(-Infinity, "f64.max"),
  min: extreme(Infinity, "f64.min"),
  softmax,
  logSoftmax,
  logsumexp,
  relative,
  balance,
};
