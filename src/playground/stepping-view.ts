/**
 * The stepping view in the page, drawn again whenever the program changes. Drawings are made one at a time: while one is being
 * made, only the newest wish is kept, so dragging a slider never queues up.
 */
import type { Value } from "../graph/value.ts";
import { stageOf, type Stage } from "../views/html/stage.ts";
import { stepper, type Stepper } from "../views/html/stepper.ts";
import type { Language } from "../graph/language.ts";

export class SteppingView {
  readonly #place: HTMLElement;
  readonly #headline: HTMLElement;
  #stepper: Stepper | undefined;
  #steps = 0;
  #wanted: { readonly root: Value; readonly language: Language } | undefined;
  #drawing: Promise<void> | undefined;

  constructor(place: HTMLElement, headline: HTMLElement) {
    this.#place = place;
    this.#headline = headline;
  }

  /** Resolves when this root, or a newer one, is on the page. */
  show(root: Value, language: Language): Promise<void> {
    this.#wanted = { root, language };
    this.#drawing ??= this.#draw().finally(() => {
      this.#drawing = undefined;
    });
    return this.#drawing;
  }

  /** Listens no more. */
  leave(): void {
    this.#wanted = undefined;
    this.#stepper?.leave();
    this.#stepper = undefined;
  }

  async #draw(): Promise<void> {
    while (this.#wanted !== undefined) {
      const { root, language } = this.#wanted;
      this.#wanted = undefined;
      this.#put(await stageOf(root, { language }));
    }
  }

  /** In the place of the last one, at the same step where there are as many. */
  #put({ markup, headline, data }: Stage): void {
    const start = data.steps.length === this.#steps ? (this.#stepper?.step() ?? 0) : 0;
    const focused = document.activeElement?.getAttribute("data-act");
    this.#stepper?.leave();
    this.#place.innerHTML = markup.source;
    this.#headline.innerHTML = headline.source;
    this.#place.removeAttribute("aria-busy");
    this.#stepper = stepper(this.#place.querySelector<HTMLElement>(".stepper")!, start);
    this.#steps = data.steps.length;
    if (focused !== undefined && focused !== null) this.#place.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
  }
}
