/** What functions are given, checked before anything changes: `x.sum(0)` and `x.sum({ dim: 0 })` would otherwise quietly sum everything. */
import { describe } from "../array/shape.ts";

/** @throws TypeError for what is no object, and for an option the function does not have. */
export function checkOptions(operation: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new TypeError(`${operation}: options are an object such as { ${names[0]!}: … }, got ${describe(options)}`);
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new TypeError(`${operation}: there is no option ${JSON.stringify(name)}; it takes ${names.join(", ")}`);
}

/** @throws TypeError for what lacks a method that is called later; `example` is what has them. */
export function checkMethods(operation: string, name: string, x: unknown, methods: readonly string[], example: string): void {
  const given = (x ?? {}) as Record<string, unknown>;
  const missing = methods.find((method) => typeof given[method] !== "function");
  if (missing === undefined) return;
  throw new TypeError(`${operation}: ${name} is one such as ${example}, with ${methods.join("() and ")}(), got ${describe(x)}`);
}

/** @throws TypeError for what is given and no function. */
export function checkFunction(operation: string, name: string, x: unknown): void {
  if (x !== undefined && typeof x !== "function") throw new TypeError(`${operation}: ${name} is a function, got ${describe(x)}`);
}

/** @throws TypeError for what is not [X, y]. */
export function checkPair(operation: string, data: unknown): void {
  if (!Array.isArray(data) || data.length !== 2) throw new TypeError(`${operation}: data is the pair [X, y], got ${describe(data)}`);
}
