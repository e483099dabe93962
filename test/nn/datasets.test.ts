import { describe, expect, test } from "vitest";
import { datasets, numpyRandom } from "../../src/index.ts";
import "../closeness.ts";

describe("data sets", () => {
  test("truth tables have the document's rows, (4, 2) and (4, 1)", () => {
    expect(datasets.or().map((x) => x.toArray())).toEqual([[[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [1]]]); // prettier-ignore
    expect(datasets.and()[1].toArray()).toEqual([[0], [0], [0], [1]]);
    expect(datasets.xor()[1].toArray()).toEqual([[0], [1], [1], [0]]);
  });

  test("moons are scikit-learn's, draw for draw", () => {
    // NumPy: np.random.seed(1337) and the steps of sklearn.datasets.make_moons(6, noise=0.1)
    const [X, y] = datasets.moons(6, { noise: 0.1, random: numpyRandom(1337) });
    expect(X).toBeClose(
      [
        [-0.1722627690255963, 0.59618319872606], [-1.0919946290642557, -0.1096584897551003], [0.1335572972333839, 0.9242039936769164],
        [1.011049866427426, -0.010361361025905477], [0.774440688535025, -0.5690818124396763], [1.7717828318663016, 0.5359753244226229],
      ],
      { scale: 1 },
    ); // prettier-ignore
    expect(y.toArray()).toEqual([[1], [0], [0], [0], [1], [1]]);
  });

  test.each([
    ["moons", datasets.moons, 2],
    ["circles", datasets.circles, 2],
    ["spiral", datasets.spiral, 2],
    ["blobs", datasets.blobs, 4],
  ] as const)("%s are the same for the same seed, of the size asked, with every class", (name, made, columns) => {
    const [X, y] = made(31, { random: numpyRandom(5) });
    const again = made(31, { random: numpyRandom(5) });
    expect(again.map((x) => x.toArray())).toEqual([X.toArray(), y.toArray()]);
    expect(made(31, { random: numpyRandom(6) })[0].toArray()).not.toEqual(X.toArray());
    expect([X.shape, y.shape[0]]).toEqual([[31, columns], 31]);
    const counts = [...new Set(y.values)].sort().map((c) => y.values.filter((label) => label === c).length);
    expect(counts).toEqual(name === "blobs" ? [11, 10, 10] : [15, 16]);
    expect(() => made(-1)).toThrow(`${name}: -1 is not a size`);
    expect(() => made(10, { nois: 1 } as never)).toThrow(`${name}: there is no option "nois"`);
    expect(() => made(10, { random: Math.random as never })).toThrow(`${name}: random is a stream such as numpyRandom(0), got a function`);
    expect(() => made(10, { noise: -1 })).toThrow(`${name}: noise is a finite number from 0, got -1`);
  });

  test("without noise the points lie on their curves", () => {
    const [X, y] = datasets.circles(20, { noise: 0 });
    const radii = y.values.map((label, i) => Math.hypot(X.at(i, 0), X.at(i, 1)) - (label === 0 ? 1 : 0.5));
    expect(Math.max(...radii.map(Math.abs))).toBeLessThan(1e-15);
  });
});
