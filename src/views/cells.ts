/** The width of text in a fixed-pitch font. */

/** How many cells of a fixed-pitch font a text takes: two for East Asian wide letters and emoji, none for combining marks. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const letter of text) cells += /\p{M}/u.test(letter) ? 0 : isWide(letter) ? 2 : 1;
  return cells;
}

const isWide = (letter: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(letter) ||
  letter.codePointAt(0)! >= 0x1f000;
