/** The WebAssembly instructions that are emitted, by the names of the specification, as the bytes they are encoded in. */

/** Vector instructions: a prefix, then the number in base 128. */
const simd = (code: number): readonly number[] => (code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7]);

export const opcodes = {
  "i32.add": [0x6a], "i32.sub": [0x6b], "i32.mul": [0x6c], "i32.div_u": [0x6e], "i32.or": [0x72], "i32.shl": [0x74], "i32.eq": [0x46],
  "i32.ne": [0x47], "i32.lt_u": [0x49],
  "f64.eq": [0x61], "f64.lt": [0x63], "f64.gt": [0x64],
  "f64.abs": [0x99], "f64.neg": [0x9a], "f64.sqrt": [0x9f], "f64.add": [0xa0], "f64.sub": [0xa1], "f64.mul": [0xa2], "f64.div": [0xa3],
  "f32.add": [0x92],
  "f64.min": [0xa4], "f64.max": [0xa5], "f64.promote_f32": [0xbb], "f32.demote_f64": [0xb6],
  "select": [0x1b], "return": [0x0f],
  "memory.copy": [0xfc, 0x0a, 0x00, 0x00], "memory.fill": [0xfc, 0x0b, 0x00],
  "f64x2.splat": simd(20),
  "f32x4.eq": simd(0x41), "f32x4.ne": simd(0x42), "f32x4.lt": simd(0x43), "f32x4.gt": simd(0x44), "f32x4.le": simd(0x45), "f32x4.ge": simd(0x46),
  "f64x2.eq": simd(0x47), "f64x2.ne": simd(0x48), "f64x2.lt": simd(0x49), "f64x2.gt": simd(0x4a), "f64x2.le": simd(0x4b), "f64x2.ge": simd(0x4c),
  "v128.and": simd(0x4e), "v128.andnot": simd(0x4f), "v128.or": simd(0x50), "v128.bitselect": simd(0x52),
  "v128.any_true": simd(0x53),
  "f32x4.demote_f64x2_zero": simd(0x5e), "f64x2.promote_low_f32x4": simd(0x5f),
  "i64x2.shl": simd(0xcb), "i64x2.shr_s": simd(0xcc), "i64x2.shr_u": simd(0xcd), "i64x2.add": simd(0xce), "i64x2.sub": simd(0xd1),
  "f32x4.abs": simd(0xe0), "f32x4.neg": simd(0xe1), "f32x4.sqrt": simd(0xe3), "f32x4.add": simd(0xe4), "f32x4.sub": simd(0xe5),
  "f32x4.mul": simd(0xe6), "f32x4.div": simd(0xe7), "f32x4.pmin": simd(0xea), "f32x4.pmax": simd(0xeb),
  "f64x2.abs": simd(0xec), "f64x2.neg": simd(0xed), "f64x2.sqrt": simd(0xef), "f64x2.add": simd(0xf0), "f64x2.sub": simd(0xf1),
  "f64x2.mul": simd(0xf2), "f64x2.div": simd(0xf3), "f64x2.max": simd(0xf5), "f64x2.pmin": simd(0xf6), "f64x2.pmax": simd(0xf7),
} as const satisfies Record<string, readonly number[]>; // prettier-ignore

export type Opcode = keyof typeof opcodes;

/** Loads and stores, with the power of two that their address is aligned to. */
export const memoryOpcodes = {
  "i32.load": { bytes: [0x28], align: 2 },
  "f32.load": { bytes: [0x2a], align: 2 },
  "f64.load": { bytes: [0x2b], align: 3 },
  "f32.store": { bytes: [0x38], align: 2 },
  "f64.store": { bytes: [0x39], align: 3 },
  "v128.load": { bytes: simd(0), align: 3 },
  "v128.load32_splat": { bytes: simd(9), align: 2 },
  "v128.load64_splat": { bytes: simd(10), align: 3 },
  "v128.store": { bytes: simd(11), align: 3 },
} as const;

export type MemoryOpcode = keyof typeof memoryOpcodes;

/** Instructions of one lane. */
export const laneOpcodes = {
  "f32x4.extract_lane": simd(31),
  "f32x4.replace_lane": simd(32),
  "f64x2.extract_lane": simd(33),
  "f64x2.replace_lane": simd(34),
} as const;

export type LaneOpcode = keyof typeof laneOpcodes;

/** Stores of one lane: the power of two of the address, and the lane. */
export const storeLane = { f32: { bytes: simd(0x5a), align: 2 }, f64: { bytes: simd(0x5b), align: 3 } } as const;

export const shuffle = simd(13);
export const vectorConstant = simd(12);

export const types = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

export type Type = keyof typeof types;
