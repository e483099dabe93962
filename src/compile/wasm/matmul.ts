/**
 * The matrix product from one micro-kernel: four rows by two vectors of the result stay in eight registers while the loop runs
 * down the inner size; of the left factor one number at a time is spread over the lanes, so it may as well lie transposed.
 */
import { sizeOf } from "../../array/shape.ts";
import { leftFactorOf } from "../plan.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import type { Local } from "./function.ts";

interface Factors {
  readonly n: number;
  readonly k: number;
  readonly m: number;
  /** How many matrices lie one after another. */
  readonly stack: number;
  readonly left: { readonly address: number; readonly rowStep: number; readonly innerStep: number };
  readonly right: number;
  readonly out: number;
}

interface Pointers {
  /** Byte offsets of the matrix of the stack, in the left factor, the right factor and the result. */
  readonly stackLeft: Local;
  readonly stackRight: Local;
  readonly stackOut: Local;
  readonly row: Local;
  readonly column: Local;
  readonly left: Local;
  readonly right: Local;
  readonly end: Local;
}

const tileRows = 4;
const tileVectors = 2;
/** Up to this inner size there is no loop. */
const mostUnrolled = 16;

export function matmul(context: KernelContext, line: Instruction): void {
  const factors = factorsOf(context, line);
  const { code } = context;
  const local = (): Local => code.local("i32");
  const at: Pointers = {
    stackLeft: local(), stackRight: local(), stackOut: local(), row: local(), column: local(), left: local(), right: local(), end: local(),
  }; // prettier-ignore
  const { n, k, m, stack } = factors;
  const { bytes } = widthOf(context);
  const one = (): void => rows(context, factors, at);
  if (stack === 1) {
    one();
    return;
  }
  code.i32(0).set(at.stackLeft).i32(0).set(at.stackRight);
  code.count(at.stackOut, stack * n * m * bytes, n * m * bytes, () => {
    one();
    code.get(at.stackLeft).i32(n * k * bytes).op("i32.add").set(at.stackLeft); // prettier-ignore
    code.get(at.stackRight).i32(k * m * bytes).op("i32.add").set(at.stackRight); // prettier-ignore
  });
}

function factorsOf(context: KernelContext, line: Instruction): Factors {
  const [a, b] = operandsOf(line) as [Instruction, Instruction];
  const [n, k, m] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const { from, isTransposed } = leftFactorOf(a);
  const { bytes } = widthOf(context);
  const [rowStep, innerStep] = isTransposed ? [bytes, n * bytes] : [k * bytes, bytes];
  const left = { address: context.addressOf(from), rowStep, innerStep };
  return { n, k, m, stack: sizeOf(a.shape.slice(0, -2)), left, right: context.addressOf(b), out: context.addressOf(line) };
}

/** Blocks of four rows, then what is left of them. */
function rows(context: KernelContext, factors: Factors, at: Pointers): void {
  const { n } = factors;
  const whole = n - (n % tileRows);
  const { code } = context;
  if (whole > 0) code.count(at.row, whole, tileRows, () => columns(context, factors, at, tileRows));
  if (whole < n) {
    code.i32(whole).set(at.row);
    columns(context, factors, at, n - whole);
  }
}

/** Strips of two vectors, then what is left: fewer vectors, the last perhaps not full. */
function columns(context: KernelContext, factors: Factors, at: Pointers, height: number): void {
  const { m } = factors;
  const { lanes, bytes } = widthOf(context);
  const strip = lanes * tileVectors;
  const whole = m - (m % strip);
  const { code } = context;
  if (whole > 0) code.count(at.column, whole * bytes, strip * bytes, () => tile(context, factors, at, height, strip));
  if (whole < m) {
    code.i32(whole * bytes).set(at.column);
    tile(context, factors, at, height, m - whole);
  }
}

/** One tile of the result: `height` rows by `width` columns. */
function tile(context: KernelContext, { k, m, stack, left, right, out }: Factors, at: Pointers, height: number, width: number): void {
  const { code, precision } = context;
  const { lanes, bytes } = widthOf(context);
  const vectors = Math.ceil(width / lanes);
  const sums = Array.from({ length: height }, () => Array.from({ length: vectors }, () => code.local("v128")));
  for (const sum of sums.flat()) code.v128(new Array<number>(16).fill(0)).set(sum);
  const type = precision === "f64" ? "f64x2" : "f32x4";
  const strips = Array.from({ length: vectors }, () => code.local("v128"));
  const spread = code.local("v128");
  const step = (innerOffset: number, rightOffset: number): void => {
    for (const [v, strip] of strips.entries()) code.get(at.right).memory("v128.load", right + rightOffset + v * 16).set(strip); // prettier-ignore
    for (const [r, row] of sums.entries()) {
      code.get(at.left).memory(splatOf(precision), left.address + innerOffset + r * left.rowStep).set(spread); // prettier-ignore
      for (const [v, sum] of row.entries()) code.get(sum).get(spread).get(strips[v]!).op(`${type}.mul`, `${type}.add`).set(sum); // prettier-ignore
    }
  };
  code.get(at.row).i32(left.rowStep).op("i32.mul").set(at.left); // prettier-ignore
  code.get(at.column).set(at.right);
  if (stack > 1) {
    code.get(at.left).get(at.stackLeft).op("i32.add").set(at.left);
    code.get(at.right).get(at.stackRight).op("i32.add").set(at.right);
  }
  const together = k <= mostUnrolled ? k : ([8, 7, 6, 5, 4].find((n) => k % n === 0) ?? 4);
  const whole = k - (k % together);
  const steps = (count: number): void => {
    for (let l = 0; l < count; l++) step(l * left.innerStep, l * m * bytes);
  };
  if (whole > together) {
    code.get(at.right).i32(whole * m * bytes).op("i32.add").set(at.end); // prettier-ignore
    code.loop(() => {
      steps(together);
      code.get(at.left).i32(together * left.innerStep).op("i32.add").set(at.left); // prettier-ignore
      code.get(at.right).i32(together * m * bytes).op("i32.add").tee(at.right).get(at.end).op("i32.ne"); // prettier-ignore
    });
    steps(k - whole);
  } else steps(k);
  code.get(at.row).i32(m * bytes).op("i32.mul").get(at.column).op("i32.add"); // prettier-ignore
  if (stack > 1) code.get(at.stackOut).op("i32.add");
  code.set(at.left);
  for (const [r, row] of sums.entries())
    for (const [v, sum] of row.entries()) storeVector(context, at.left, out + r * m * bytes + v * 16, sum, width - v * lanes);
}

/** Stores as many lanes of a vector as belong to the result. */
export function storeVector(context: KernelContext, base: Local, offset: number, x: Local, count: number): void {
  const { code, precision } = context;
  const { lanes, bytes } = widthOf(context);
  if (count >= lanes) {
    code.get(base).get(x).memory("v128.store", offset);
    return;
  }
  for (let lane = 0; lane < count; lane++)
    code
      .get(base)
      .get(x)
      .storeLane(precision, offset + lane * bytes, lane);
}
