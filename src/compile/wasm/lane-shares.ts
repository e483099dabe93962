/**
 * Shares of a lane: softmax and its logarithms, shifted by the largest entry, whose own share is kept apart as in the eager kernels;
 * and the two that count from the largest share.
 */
import { nameOf, operandsOf, type Instruction } from "../program.ts";
import { decay, logarithmOfOneMore } from "./elementary.ts";
import { FunctionCode, type Local } from "./function.ts";
import type { Lane, LaneCode } from "./lane.ts";
import { Lanes, type HostCalls } from "./lanes.ts";
import { eachPair } from "./pair.ts";

/** log(1 + x) of a double. */
export function logarithmFunction(host: HostCalls): FunctionCode {
  const code = new FunctionCode(["f64"], ["f64"]);
  const m = new Lanes(code, "f64", host);
  const y = logarithmOfOneMore(m, m.once("x", 0, () => code.get(0).op("f64x2.splat"))); // prettier-ignore
  code.get(y).lane("f64x2.extract_lane", 0);
  return code;
}

/** What one walk over a lane finds for all that is computed of its shares. */
interface Shifted {
  readonly entries: Instruction;
  /** The largest entry, in both halves. */
  readonly top: Local;
  /** The address of exp(xᵢ − top) as doubles, whatever the width of the entries. */
  readonly shares: number;
}

/** softmax, logSoftmax and logsumexp of the same entries: their exponentials are computed once, two at a time. */
export function shares(lane: Lane, lines: readonly Instruction[]): void {
  const shifted = shift(lane, operandsOf(lines[0]!)[0]!, lines.some(isSoftmax));
  for (const line of lines) kinds[nameOf(line) as keyof typeof kinds](lane, line, shifted);
}

const isSoftmax = (line: Instruction): boolean => nameOf(line) === "softmax";

/** top, and rest = Σ exp(xᵢ − top) over all places but one of the top: equal entries are counted, not summed. */
function shift(lane: Lane, entries: Instruction, areKept: boolean): Shifted {
  const { context, n } = lane;
  const { code } = context;
  const [top, sum, tops] = [code.local("v128"), code.local("v128"), code.local("v128")];
  const shares = areKept ? context.room(16 * Math.ceil(n / 2)) : 0;
  largest(lane, entries, top);
  code.zeros().set(sum).zeros().set(tops);
  eachPair(lane, (pair, m) => {
    const x = pair.load(entries);
    const isTop = m.do("eq", x, top);
    const share = m.choose(isTop, m.constant(1), decay(m, m.do("sub", x, top)));
    pair.add(sum, m.without(share, isTop));
    pair.add(tops, m.op("v128.and", isTop, m.constant(1)));
    if (areKept) placeOfShares(lane).get(m.without(share, m.do("eq", top, m.constant(-Infinity)))).memory("v128.store", shares); // prettier-ignore
  });
  // A lane of −∞ has no shares.
  code.f64(0);
  both(lane, sum);
  both(lane, tops);
  code.f64(1).op("f64.sub", "f64.add").get(lane.top).f64(-Infinity).op("f64.eq", "select").set(lane.rest);
  return { entries, top, shares };
}

/** The largest entry, NaN where there is one. */
function largest(lane: Lane, entries: Instruction, top: Local): void {
  const { code } = lane.context;
  code.f64(-Infinity).op("f64x2.splat").set(top);
  eachPair(lane, (pair) => code.get(top).get(pair.load(entries)).op("f64x2.max").set(top)); // prettier-ignore
  code.get(top).lane("f64x2.extract_lane", 0).get(top).lane("f64x2.extract_lane", 1).op("f64.max").tee(lane.top).op("f64x2.splat").set(top); // prettier-ignore
}

/** Leaves the sum of both halves. */
const both = ({ context: { code } }: Lane, x: Local): FunctionCode =>
  code.get(x).lane("f64x2.extract_lane", 0).get(x).lane("f64x2.extract_lane", 1).op("f64.add");

/** Leaves the byte offset, among the shares, of the pair a loop is at: whatever lies between entries, shares lie side by side. */
function placeOfShares({ context: { code }, at, start, stride }: Lane): FunctionCode {
  return code.get(at).get(start).op("i32.sub").i32(stride / 4).op("i32.div_u").i32(2).op("i32.mul"); // prettier-ignore
}

type SharesCode = (lane: Lane, line: Instruction, shifted: Shifted) => void;

const softmax: SharesCode = (lane, line, { shares }) => {
  const { code } = lane.context;
  const sum = code.local("v128");
  code.f64(1).get(lane.rest).op("f64.add", "f64x2.splat").set(sum);
  eachPair(lane, (pair, m) => {
    const share = m.once("share", 0, () => placeOfShares(lane).memory("v128.load", shares));
    pair.store(line, m.do("div", share, sum));
  });
};

const logSoftmax: SharesCode = (lane, line, { entries, top }) => {
  const { code } = lane.context;
  const correction = code.local("v128");
  code.get(lane.rest).call(lane.context.log1p()).op("f64x2.splat").set(correction);
  eachPair(lane, (pair, m) => {
    const x = pair.load(entries);
    const below = m.without(m.do("sub", x, top), m.do("eq", x, top));
    const isNothing = m.do("eq", top, m.constant(-Infinity));
    pair.store(line, m.do("sub", m.choose(isNothing, top, below), correction));
  });
};

const logsumexp: SharesCode = (lane, line) => {
  const { code, log1p } = lane.context;
  lane.store(line, lane.to, () => {
    code.get(lane.top).get(lane.rest).call(log1p()).op("f64.add").get(lane.top);
    code.get(lane.top).op("f64.abs").f64(Infinity).op("f64.lt", "select");
  });
};

const kinds = { softmax, logSoftmax, logsumexp };

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
