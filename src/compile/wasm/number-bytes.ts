/** Numbers as the bytes that they are in a WebAssembly module: whole ones in base 128, as short as they can be, doubles in eight. */

/** A whole number in base 128, the last digit without the high bit. */
export function unsigned(n: number): number[] {
  const bytes: number[] = [];
  appendUnsigned(bytes, n);
  return bytes;
}

/** The same at the end of a list. */
export function appendUnsigned(bytes: number[], n: number): void {
  let rest = n;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

/** A 32-bit integer with its sign, in base 128, at the end of a list. */
export function appendSigned(bytes: number[], n: number): void {
  let rest = n | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest & 127);
}

const scratch = new Uint8Array(8);
const scratchDouble = new DataView(scratch.buffer);

/** The eight bytes of a double. */
export function doubleBytes(x: number): number[] {
  scratchDouble.setFloat64(0, x, true);
  return [...scratch];
}
