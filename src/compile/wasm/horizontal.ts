/** Across the lanes of one vector: what lies in them, added up. */
import type { Local } from "./function.ts";
import type { Lanes } from "./lanes.ts";

/** The halves of a vector exchanged. */
export const swapped = (m: Lanes, x: Local): Local =>
  m.once("swap", x, () => m.code.get(x).get(x).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]));

/** The sum of the lanes, left on the stack as a number of the lanes' own width. */
export function horizontalSum(m: Lanes, x: Local): void {
  const { code, precision } = m;
  const pairs = m.do("add", x, swapped(m, x));
  if (precision === "f64") {
    code.get(pairs).lane("f64x2.extract_lane", 0);
    return;
  }
  const neighbours = m.once("turn", pairs, () =>
    code.get(pairs).get(pairs).shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]),
  );
  code.get(m.do("add", pairs, neighbours)).lane("f32x4.extract_lane", 0);
}
