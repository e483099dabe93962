/**
 * Networks with their right derivation, for the suites of the checker: random weights, every step as formulas, in the order in
 * which they are derived.
 */
import { constant, numpyRandom, parseFormula, value, type Random, type Value } from "../../src/index.ts";

export interface Network {
  readonly name: string;
  /** The loss at a point of this stream. */
  readonly loss: (random: Random) => Value;
  /** The right derivation, a statement a line. */
  readonly derivation: readonly string[];
}

type Size = readonly [rows: number, columns: number] | readonly [];

const drawn = (random: Random, size: Size): number | number[][] =>
  size.length === 0 ? random.normal() : Array.from({ length: size[0] }, () => Array.from({ length: size[1] }, () => random.normal()));

/** A loss from its formula: leaves and data by size, drawn from the stream. */
function network(name: string, forward: string, leaves: Record<string, Size>, data: Record<string, Size | "probability" | "one-hot">, derivation: string): Network {
  const loss = (random: Random): Value => {
    const bindings = new Map<string, Value>();
    for (const [label, size] of Object.entries(leaves)) bindings.set(label, value(drawn(random, size), label));
    for (const [label, size] of Object.entries(data)) {
      const numbers = size === "probability" ? [[0], [1], [1], [0]] : size === "one-hot" ? [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]] : drawn(random, size);
      bindings.set(label, constant(numbers, label));
    }
    return parseFormula(forward).evaluate(bindings).result;
  };
  return { name, loss, derivation: derivation.trim().split("\n").map((line) => line.trim()) };
} // prettier-ignore

export const networks: readonly Network[] = [
  network(
    "one neuron",
    "z = w*x + b; a = sigmoid(z); L = 0.5*(y - a)^2",
    { w: [], b: [] },
    { x: [], y: [] },
    `da = a - y
     dz = da * a*(1 - a)
     dw = dz * x
     db = dz`,
  ),
  network(
    "2-3-1",
    "z1 = X@W1 + b1; a1 = relu(z1); z2 = a1@W2 + b2; a2 = sigmoid(z2); L = mean(0.5*(y - a2)^2)",
    { W1: [2, 3], b1: [1, 3], W2: [3, 1], b2: [1, 1] },
    { X: [4, 2], y: "probability" },
    `da2 = (a2 - y)/4
     dz2 = da2 * a2*(1 - a2)
     dW2 = a1.T @ dz2
     db2 = sum(dz2, axis=0, keepdims=True)
     da1 = dz2 @ W2.T
     dz1 = da1 * (z1 > 0)
     dW1 = X.T @ dz1
     db1 = sum(dz1, axis=0, keepdims=True)`,
  ),
  network(
    "softmax cross-entropy",
    "z1 = X@W1 + b1; h = tanh(z1); s = h@W2 + b2; p = softmax(s); L = -sum(Y*log(p))/4",
    { W1: [2, 5], b1: [1, 5], W2: [5, 3], b2: [1, 3] },
    { X: [4, 2], Y: "one-hot" },
    `dp = -Y/p/4
     ds = p*(dp - sum(dp*p, axis=1, keepdims=True))
     dW2 = h.T @ ds
     db2 = sum(ds, axis=0, keepdims=True)
     dh = ds @ W2.T
     dz1 = dh * (1 - h^2)
     dW1 = X.T @ dz1
     db1 = sum(dz1, axis=0, keepdims=True)`,
  ),
  network(
    "tanh-tanh regression",
    "z1 = X@W1 + b1; a1 = tanh(z1); z2 = a1@W2 + b2; a2 = tanh(z2); R = 0.01*sum(W2^2); L = mean((a2 - y)^2) + R",
    { W1: [3, 4], b1: [1, 4], W2: [4, 2], b2: [1, 2] },
    { X: [5, 3], y: [5, 2] },
    `da2 = 2*(a2 - y)/10
     dz2 = da2 * (1 - a2^2)
     dW2 = a1.T @ dz2 + 0.02*W2
     db2 = sum(dz2, axis=0, keepdims=True)
     da1 = dz2 @ W2.T
     dz1 = da1 * (1 - a1^2)
     dW1 = X.T @ dz1
     db1 = sum(dz1, axis=0, keepdims=True)`,
  ),
  network(
    "recurrent cell over three steps",
    `z1 = x1@Wx + h0@Wh + b; h1 = tanh(z1); z2 = x2@Wx + h1@Wh + b; h2 = tanh(z2); z3 = x3@Wx + h2@Wh + b; h3 = tanh(z3)
     o = h3@Wo; L = 0.5*sum((o - y)^2)`,
    { Wx: [2, 3], Wh: [3, 3], b: [1, 3], Wo: [3, 2] },
    { x1: [4, 2], x2: [4, 2], x3: [4, 2], h0: [4, 3], y: [4, 2] },
    `do = o - y
     dWo = h3.T @ do
     dh3 = do @ Wo.T
     dz3 = dh3 * (1 - h3^2)
     dh2 = dz3 @ Wh.T
     dz2 = dh2 * (1 - h2^2)
     dh1 = dz2 @ Wh.T
     dz1 = dh1 * (1 - h1^2)
     dWx = x1.T @ dz1 + x2.T @ dz2 + x3.T @ dz3
     dWh = h0.T @ dz1 + h1.T @ dz2 + h2.T @ dz3
     db = sum(dz1 + dz2 + dz3, axis=0, keepdims=True)`,
  ),
  network(
    "examples in columns",
    `Z1 = W1@X.T + b1; A1 = tanh(Z1); Z2 = W2@A1 + b2; A2 = sigmoid(Z2)
     L = -sum(Y.T*log(A2) + (1 - Y.T)*log(1 - A2))/4`,
    { W1: [6, 2], b1: [6, 1], W2: [1, 6], b2: [1, 1] },
    { X: [4, 2], Y: "probability" },
    `dZ2 = A2 - Y.T
     dW2 = 1/m * dZ2 @ A1.T
     db2 = 1/m * sum(dZ2, axis=1, keepdims=True)
     dZ1 = W2.T @ dZ2 * (1 - A1^2)
     dW1 = 1/m * dZ1 @ X
     db1 = 1/m * sum(dZ1, axis=1, keepdims=True)`,
  ),
  network(
    "one head of attention",
    "Q = X@Wq; K = X@Wk; V = X@Wv; S = Q@K.T/sqrt(2); A = softmax(S, axis=1); O = A@V; L = 0.5*sum((O - T)^2)",
    { Wq: [4, 2], Wk: [4, 2], Wv: [4, 2] },
    { X: [3, 4], T: [3, 2] },
    `dO = O - T
     dA = dO @ V.T
     dV = A.T @ dO
     dS = A*(dA - sum(dA*A, axis=1, keepdims=True))
     dQ = dS @ K/sqrt(2)
     dK = dS.T @ Q/sqrt(2)
     dWq = X.T @ dQ
     dWk = X.T @ dK
     dWv = X.T @ dV`,
  ),
  network(
    "layer normalisation",
    `u = X@W; mu = mean(u, axis=1, keepdims=True); c = u - mu; v = mean(c^2, axis=1, keepdims=True); r = 1/sqrt(v + 0.001); n = c*r
     t = g*n + k; L = mean(0.5*(t - y)^2)`,
    { W: [3, 4], g: [1, 4], k: [1, 4] },
    { X: [5, 3], y: [5, 4] },
    `dt = (t - y)/20
     dk = sum(dt, axis=0, keepdims=True)
     dg = sum(dt*n, axis=0, keepdims=True)
     dn = dt * g
     dr = sum(dn*c, axis=1, keepdims=True)
     dv = dr * -0.5*(v + 0.001)^(-1.5)
     dc = dn*r + dv*2*c/4
     dmu = sum(-dc, axis=1, keepdims=True)
     du = dc + dmu/4
     dW = X.T @ du`,
  ),
];

export const networkNamed = (name: string): Network => networks.find((each) => each.name === name)!;

/** The derivation with some statements replaced. */
export function spoiled({ derivation }: Network, ...replacements: readonly string[]): string {
  const nameOf = (statement: string) => statement.split("=")[0]!.trim();
  const byName = new Map(replacements.map((statement) => [nameOf(statement), statement]));
  return derivation.map((statement) => byName.get(nameOf(statement)) ?? statement).join("\n");
}

export const seeded = (seed: number): Random => numpyRandom(seed);
