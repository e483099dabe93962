/**
 * Room for the entries of computed arrays. V8 keeps 64 bytes inside an array; for more it asks the system, at 400 to 900 ns, which is
 * longer than it takes to fill a few dozen entries. So arrays of moderate size are cut, one behind the other, from a larger piece.
 *
 * A piece lives as long as any array cut from it. What a person keeps, parameters and copies handed out, is therefore not cut from one.
 */
const pieceBytes = 65_536;
const [own, largest] = [8, pieceBytes / 4 / 8];

let piece = new ArrayBuffer(pieceBytes);
let used = 0;

function ownPiece(n: number): Float64Array {
  try {
    return new Float64Array(n);
  } catch {
    throw new RangeError(`array: this host has no memory for ${n} entries, ${((8 * n) / 1e9).toPrecision(3)} GB`);
  }
}

/** `n` zeros that nobody else holds. */
export function zeroed(n: number): Float64Array {
  if (n <= own) return new Float64Array(n);
  if (n > largest) return ownPiece(n);
  const bytes = 8 * n;
  if (used + bytes > pieceBytes) {
    piece = new ArrayBuffer(pieceBytes);
    used = 0;
  }
  const entries = new Float64Array(piece, used, n);
  used += bytes;
  return entries;
}
