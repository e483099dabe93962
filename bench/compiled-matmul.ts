/** The matrix product in singles, 64 … 256, beside what multiplications and additions of 128 bits can do at most on this machine. */
import { c } from "./process.ts";
import { cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { array, compile, value } = cadena;

/** A product inside a loop of compiled code: B ← B·A, with A so scaled that nothing grows. Time is per 2·n³ operations. */
function compiled(n: number): () => Round {
  const entries = Float64Array.from({ length: n * n }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * (3.4 / Math.sqrt(n)));
  const a = value(array(entries, [n, n]));
  const repeats = 16;
  const f = compile(
    (x) => {
      let y = x;
      for (let k = 0; k < repeats; k++) y = y.matmul(a);
      return y.sum();
    },
    [array(entries, [n, n])],
    { precision: "f32" },
  );
  const x = array(entries, [n, n]);
  const round = (): Round => {
    const calls = Math.max(1, Math.round(4e8 / (2 * n ** 3 * repeats)));
    const time = milliseconds(() => {
      for (let k = 0; k < calls; k++) f.value(x);
    });
    return { time: (time * 1e6) / (calls * repeats * 2 * n ** 3), checksum: 1 };
  };
  for (let k = 0; k < 5; k++) round();
  return round;
}

export const compiledMatmul: readonly Workload[] = [64, 128, 256].map((n) => ({
  id: `MATMUL-${n}`,
  title: `matrix product ${n} × ${n}, singles, one operation`,
  unit: "ns",
  tolerance: 0,
  contenders: (): Contender[] => [
    c("128-bit multiply and add, the most possible", "peak.c", ["-msse4.2"]),
    { name: "cadena, compiled, f32", round: compiled(n) },
  ],
}));
