/** One chain y ← (y + x)/2 of as many nodes as the argument says; prints nanoseconds and bytes a node, and ∂y/∂x. */
import { cadena } from "./workload.ts";

const nodes = Number(process.argv[2]);
const x = cadena.value(1.5);
const before = process.memoryUsage().rss;
const start = performance.now();
let y = x;
for (let k = 0; k < nodes / 2; k++) y = y.add(x).mul(0.5);
y.backward();
const nanoseconds = ((performance.now() - start) * 1e6) / nodes;
console.log(JSON.stringify({ nanoseconds, bytes: (process.memoryUsage().rss - before) / nodes, gradient: x.grad }));
