/** The matrix product in singles, 64 … 256, beside what multiplications and additions of 128 bits can do at most on this machine. */
import { c } from "./process.ts";
import { bestOf, cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { array, compile, value } = cadena;

/** Products inside compiled code: B ← B·A again and again. Time is per 2·n³ operations, the best of ten as C reports it. */
function compiled(n: number, repeats: number): () => Round {
  const entries = Float64Array.from({ length: n * n }, (_, i) => (((i * 7919) % 1009) / 1009 - 0.5) * (3.4 / Math.sqrt(n)));
  const a = value(array(entries, [n, n]));
  const f = compile(
    (x) => {
      let y = x;
      for (let k = 0; k < repeats; k++) y = y.matmul(a);
      return y.square().sum();
    },
    [array(entries, [n, n])],
    { precision: "f32" },
  );
  const x = array(entries, [n, n]);
  const run = (): Round => {
    const calls = Math.max(1, Math.round(4e7 / (2 * n ** 3 * repeats)));
    let checksum = 0;
    const time = milliseconds(() => {
      for (let k = 0; k < calls; k++) checksum = f.value(x) as number;
    });
    return { time: (time * 1e6) / (calls * repeats * 2 * n ** 3), checksum };
  };
  for (let k = 0; k < 20; k++) run();
  return () => bestOf(10, run);
}

export const compiledMatmul: readonly Workload[] = [64, 128, 256].map((n) => ({
  id: `MATMUL-${n}`,
  title: `matrix product ${n} × ${n}, singles, one operation`,
  unit: "ns",
  tolerance: 1e-4,
  contenders: (): Contender[] => [
    // It computes nothing that could agree: only the pace is asked for.
    { ...c("128-bit multiply and add, the most possible", "peak.c", ["-mavx"]), within: Infinity },
    { name: "cadena, compiled, f32", round: compiled(n, 8192 / n) },
    c("three loops in C, gcc -O3, SSE4.2", "matmul.c", ["-msse4.2"], String(n), String(8192 / n)),
  ],
}));
