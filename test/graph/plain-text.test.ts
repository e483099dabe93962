/** Labels in sentences: whatever a label holds, the sentence stays one line that does nothing to a terminal. */
import { describe, expect, test } from "vitest";
import { plainText } from "../../src/graph/plain-text.ts";
import { SGD, value } from "../../src/index.ts";

describe("text that comes from people", () => {
  test.each([
    ["w₁·x + ñandú 🐍", "w₁·x + ñandú 🐍"],
    ["a\n\u001b[31mb\u007f", "a␊␛[31mb␡"],
    ["\u202egpj.exe\u2066\u200b\u009b", "�gpj.exe���"],
    ["\ud800x", "�x"],
    ["y".repeat(61), `${"y".repeat(59)}…`],
  ])("%j is shown as %j", (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  test("an error names a value so, too", () => {
    const hostile = value([1, 2, 3], "x\u001b[31m\u202e\nfake: all is well");
    expect(() => new SGD([hostile, hostile], { learningRate: 1 })).toThrow('SGD: "x␛[31m�␊fake: all is well" is in the list twice');
  });
});
