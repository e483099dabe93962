/**
 * The functions against mpmath: value, gradient and second derivatives within 64 units of 2⁻⁵² at ordinary inputs and within 10⁴ in
 * the tails. How the numbers were made: test/golden/make.py.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as cadena from "../../src/index.ts";
import { gradient, hvp, value, type Value } from "../../src/index.ts";
import { tolerance, type Closeness } from "../closeness.ts";

type Entry = number | "NaN" | "Infinity" | "-Infinity";
type Entries = Entry | readonly Entry[];

interface Case {
  readonly f: string;
  readonly x: readonly number[];
  readonly y: Entries;
  readonly options?: Readonly<Record<string, number | string>>;
  readonly tail?: true;
}
interface PointwiseCase extends Case {
  readonly d: readonly Entry[];
  readonly dd: readonly (readonly Entry[])[];
}
interface ArrayCase extends Case {
  readonly g: Entries;
  readonly vjp: readonly Entry[];
  readonly u: readonly number[];
  readonly hvp: readonly Entry[];
  readonly hvpScale: readonly Entry[];
}

const { pointwise, arrays } = JSON.parse(readFileSync(new URL("../golden/golden.json", import.meta.url), "utf8")) as {
  pointwise: readonly PointwiseCase[];
  arrays: readonly ArrayCase[];
};

const number = (x: Entry): number => Number(x);
const numbers = (x: Entries): number | number[] => (Array.isArray(x) ? (x as readonly Entry[]).map(number) : number(x as Entry));

type AnyFunction = (...args: unknown[]) => Value;
const functionNamed = (name: string): AnyFunction => (cadena as unknown as Record<string, AnyFunction>)[name]!;

const optionsOf = ({ options }: Case): unknown[] =>
  options ? [Object.fromEntries(Object.entries(options).map(([key, x]) => [key, x === "Infinity" ? Infinity : x]))] : [];

const closeness = ({ tail }: Case, scale = 0): Closeness => ({ units: tail ? tolerance.tail : tolerance.ordinary, scale });

const titled = <C extends Case>(cases: readonly C[]): [string, C][] =>
  cases.map((c) => [`${c.f}(${c.x.join(", ")})${c.options ? ` ${JSON.stringify(c.options)}` : ""}`, c]);

describe("against mpmath, entry by entry", () => {
  test.each(titled(pointwise))("%s", (_, c) => {
    const xs = c.x.map((x) => value(x));
    const y = functionNamed(c.f)(...xs, ...optionsOf(c));
    expect.soft(y, "value").toBeClose(numbers(c.y), closeness(c));
    const slopes = gradient(y, xs);
    for (const [i, d] of c.d.entries()) expect.soft(slopes[i], `∂/∂${i}`).toBeClose(number(d), closeness(c));
    for (const [i, row] of c.dd.entries())
      for (const [j, dd] of gradient(slopes[i]!, xs).slice(0, row.length).entries())
        expect.soft(dd, `∂²/∂${i}∂${j}`).toBeClose(number(row[j]!), closeness(c));
    if (xs.length > 1) return;
    const [forward] = hvp((x) => functionNamed(c.f)(x, ...optionsOf(c)), xs, [1]);
    expect.soft(forward, "forward over reverse").toBeClose(number(c.dd[0]![0]!), closeness(c));
  });
});

describe("against mpmath, whole arrays", () => {
  test.each(titled(arrays))("%s", (_, c) => {
    const x = value(c.x);
    const y = functionNamed(c.f)(x, ...optionsOf(c));
    expect.soft(y, "value").toBeClose(numbers(c.y), closeness(c));
    const seed = numbers(c.g);
    const [vjp] = gradient(y, [x], seed);
    expect.soft(vjp, "vjp").toBeClose(c.vjp.map(number), closeness(c));
    const [hvp] = gradient(vjp, [x], c.u);
    for (const [i, h] of c.hvp.entries())
      expect
        .soft(hvp.data.at(i), `hvp ${i}`)
        .toBeClose(number(h), closeness(c, Math.min(Math.abs(number(c.hvpScale[i]!)), Number.MAX_VALUE)));
  });
});
