/** The gallery shows what the library draws; `npx tsx docs/gallery.ts` draws it again. */
import { describe, expect, test } from "vitest";
import { gallery, galleryPage, pictures } from "../../docs/gallery.ts";

describe.each(gallery)("docs/gallery/$name", (exhibit) => {
  test("is current, as DOT and as SVG", async () => {
    for (const [file, content] of await pictures(exhibit)) await expect(content).toMatchFileSnapshot(`../../docs/gallery/${file}`);
  });
});

test("its page shows every picture", async () => {
  await expect(galleryPage()).toMatchFileSnapshot("../../docs/gallery/README.md");
});
