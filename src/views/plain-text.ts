/** Text that comes from people, made fit to be shown: as typed, but on one line, without control or direction-changing characters. */

const longest = 60;

/* eslint-disable no-control-regex -- control characters are what is looked for */
/** Control characters become their pictures (␊ for a line feed), invisible and direction-changing ones and torn surrogates �. */
export function plainText(text: string): string {
  const shown = text
    .replace(/[\u0000-\u001f]/g, (c) => String.fromCodePoint(0x2400 + c.codePointAt(0)!))
    .replace(/\u007f/g, "␡")
    .replace(/[\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff]/g, "\ufffd")
    .replace(/\p{Surrogate}/gu, "\ufffd");
  const letters = Array.from(shown);
  return letters.length <= longest ? shown : `${letters.slice(0, longest - 1).join("")}…`;
}
/* eslint-enable no-control-regex */

/** How many cells of a fixed-pitch font a text takes: two for East Asian wide letters and emoji, none for combining marks. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const letter of text) cells += /\p{M}/u.test(letter) ? 0 : isWide(letter) ? 2 : 1;
  return cells;
}

const isWide = (letter: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(letter) ||
  letter.codePointAt(0)! >= 0x1f000;
