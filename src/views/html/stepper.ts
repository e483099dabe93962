/**
 * What runs in the page: it moves from step to step by changing classes. It is one function with everything inside, because
 * `toHtml` writes the function's own text into the file; it can use nothing but the page and what it is given.
 */

/** What a step moves, by the ids of boxes and arrows in the drawings. */
export interface StepperStep {
  readonly way: "forward" | "backward";
  readonly box: string;
  readonly sender: string | null;
  readonly arrows: readonly string[];
  /** What the box's line of the gradient says until more arrives; null where it is final. */
  readonly partial: string | null;
}

export interface StepperData {
  readonly steps: readonly StepperStep[];
}

export interface Stepper {
  readonly step: () => number;
  readonly show: (step: number) => void;
  readonly stop: () => void;
  /** Listens no more; for a page that puts another drawing in its place. */
  readonly leave: () => void;
}

/** Makes the stepping view inside `page` work, starting at step `start`. */
export function stepper(page: HTMLElement, start = 0, onShow: (step: number) => void = () => undefined): Stepper {
  const { steps } = JSON.parse(page.querySelector("script.steps")?.textContent ?? "") as StepperData;
  const controller = new AbortController();
  const all = <E extends Element = HTMLElement>(selector: string): E[] => [...page.querySelectorAll<E>(selector)];
  const one = <E extends Element = HTMLElement>(selector: string): E | null => page.querySelector<E>(selector);
  const partsOf = (id: string): Element[] => all<Element>(`#w-${id}, #t-${id}`);
  const boxes = new Map<string, Element[]>(all<Element>(".node").map((node) => [node.id.slice(2), partsOf(node.id.slice(2))]));
  const arrows = new Map<string, Element[]>(all<Element>(".edge").map((edge) => [edge.id.slice(2), partsOf(edge.id.slice(2))]));
  const computed = new Map<string, number>();
  const received = new Map<string, number[]>();
  const entered = new Map<string, number>();
  const returned = new Map<string, number>();
  const finals = new Map<Element, string>();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let now = 0;
  let timer = 0;
  let isZoomed = false;

  for (const [k, step] of steps.entries()) {
    if (step.way === "forward") computed.set(step.box, k);
    else received.set(step.box, [...(received.get(step.box) ?? []), k]);
    for (const arrow of step.arrows) (step.way === "forward" ? entered : returned).set(arrow, k);
  }
  for (const line of all<Element>(".node .grad, .node .sum")) finals.set(line, line.textContent);

  const phaseOf = (at: number | undefined): string => (at === undefined || at < now ? "done" : at === now ? "active" : "todo");

  function mark(elements: readonly Element[], marks: Readonly<Record<string, boolean>>): void {
    for (const element of elements) for (const [name, on] of Object.entries(marks)) element.classList.toggle(name, on);
  }

  function markBox(id: string, elements: readonly Element[]): void {
    const step = steps[now]!;
    const phase = phaseOf(computed.get(id));
    const arrivals = (received.get(id) ?? []).filter((k) => k <= now);
    const receives = step.way === "backward" && step.box === id;
    mark(elements, {
      todo: phase === "todo",
      computes: phase === "active",
      "has-grad": arrivals.length > 0,
      receives,
      sends: step.way === "backward" && step.sender === id,
    });
    const partial = arrivals.length === 0 ? null : steps[arrivals[arrivals.length - 1]!]!.partial;
    for (const element of elements)
      for (const line of element.querySelectorAll(".grad, .sum")) {
        const text = partial ?? finals.get(line)!;
        if (line.textContent !== text && (line.parentElement?.querySelectorAll(".grad, .sum").length ?? 0) === 1) line.textContent = text;
      }
  }

  function markArrow(id: string, elements: readonly Element[]): void {
    const isBack = steps[now]!.way === "backward";
    const phase = isBack && returned.has(id) ? phaseOf(returned.get(id)) : isBack ? "rest" : phaseOf(entered.get(id));
    mark(elements, {
      ahead: !isBack && phase === "todo",
      enters: !isBack && phase === "active",
      entered: !isBack && phase === "done",
      waits: isBack && phase === "todo",
      returns: isBack && phase === "active",
      returned: isBack && phase === "done",
      rests: phase === "rest",
    });
  }

  function show(k: number): void {
    now = Math.min(Math.max(k, 0), steps.length - 1);
    if (steps.length === 0) return;
    page.classList.toggle("backward", steps[now]!.way === "backward");
    for (const [id, elements] of boxes) markBox(id, elements);
    for (const [id, elements] of arrows) markArrow(id, elements);
    for (const card of all(".step")) card.hidden = Number(card.dataset.step) !== now;
    for (const row of all("tr[data-step]")) {
      row.className = phaseOf(Number(row.dataset.step));
      if (row.className === "active") row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    }
    markTimeline();
    say(one(`.step[data-step="${now}"]`));
    scrollTable();
    reveal(steps[now]!.box);
    onShow(now);
  }

  /** Scrolls the table, not the page, until the row of the step can be seen. */
  function scrollTable(): void {
    const [rows, row] = [one(".rows"), one("tr.active")];
    if (!rows || !row) return;
    const [top, bottom] = [row.offsetTop - 30, row.offsetTop + row.offsetHeight];
    if (top < rows.scrollTop) rows.scrollTop = top;
    else if (bottom > rows.scrollTop + rows.clientHeight) rows.scrollTop = bottom - rows.clientHeight;
  }

  function markTimeline(): void {
    for (const tick of all(".tick")) {
      const k = Number(tick.dataset.go);
      mark([tick], { done: k < now, active: k === now });
      tick.tabIndex = k === now ? 0 : -1;
      if (k === now) tick.setAttribute("aria-current", "step");
      else tick.removeAttribute("aria-current");
    }
    const slider = one<HTMLInputElement>(".slider");
    if (slider) {
      slider.value = String(now + 1);
      slider.setAttribute("aria-valuetext", one(`.step[data-step="${now}"] .phase`)?.textContent ?? "");
    }
    for (const button of all<HTMLButtonElement>("[data-act=first], [data-act=previous]")) button.disabled = now === 0;
    for (const button of all<HTMLButtonElement>("[data-act=next], [data-act=last]")) button.disabled = now === steps.length - 1;
  }

  /** The sentence, for a screen reader; in words and numbers only. */
  function say(card: HTMLElement | null): void {
    const status = one("[role=status]");
    if (!status || !card) return;
    const numbers = [...card.querySelectorAll(".number")].map((box) => [...box.children].map((part) => part.textContent).join(" "));
    status.textContent = `${card.querySelector(".phase")?.textContent ?? ""}. ${card.querySelector(".sentence")?.textContent ?? ""} ${numbers.join("; ")}`;
  }

  /** Scrolls the drawing, not the page, until the box can be seen. */
  function reveal(id: string): void {
    for (const box of boxes.get(id) ?? []) {
      const canvas = box.closest<HTMLElement>(".canvas");
      if (!canvas || canvas.clientWidth === 0) continue;
      const [inner, outer] = [box.getBoundingClientRect(), canvas.getBoundingClientRect()];
      const [dx, dy] = [
        outside(inner.left, inner.right, outer.left, outer.right),
        outside(inner.top, inner.bottom, outer.top, outer.bottom),
      ];
      if (dx !== 0 || dy !== 0) canvas.scrollBy({ left: dx, top: dy, behavior: still.matches ? "auto" : "smooth" });
    }
  }

  const outside = (low: number, high: number, from: number, to: number): number =>
    low < from + 12 ? low - from - 12 : high > to - 12 ? Math.min(high - to + 12, low - from - 12) : 0;

  function stop(): void {
    clearInterval(timer);
    timer = 0;
    page.classList.remove("playing");
    one("[data-act=play]")?.setAttribute("aria-pressed", "false");
  }

  function play(): void {
    if (timer !== 0) {
      stop();
      return;
    }
    if (now === steps.length - 1) show(0);
    else show(now + 1);
    if (still.matches) return;
    page.classList.add("playing");
    one("[data-act=play]")?.setAttribute("aria-pressed", "true");
    timer = window.setInterval(() => {
      show(now + 1);
      if (now === steps.length - 1) stop();
    }, 1400);
  }

  const go = (k: number): void => {
    stop();
    show(k);
  };

  /** As large as fits, within what can be read; or by a factor, when somebody zooms. */
  function zoomed(factor: number): void {
    isZoomed = factor !== 0;
    for (const svg of all<SVGSVGElement>(".canvas > svg")) {
      const canvas = svg.parentElement!;
      const natural = svg.viewBox.baseVal.width;
      if (canvas.clientWidth === 0) continue;
      const scale = isZoomed ? (factor * svg.getBoundingClientRect().width) / natural : (canvas.clientWidth - 34) / natural;
      svg.style.width = `${natural * Math.min(Math.max(scale, isZoomed ? 0.1 : 0.85), isZoomed ? 8 : 1.45)}px`;
      svg.style.maxWidth = "none";
    }
  }

  function detail(id: string | null): void {
    const panel = one(".details");
    if (!panel) return;
    panel.hidden = id === null;
    for (const card of all(".detail")) card.hidden = card.dataset.box !== id;
    for (const [box, elements] of boxes) mark(elements, { chosen: box === id });
    if (id === null) return;
    panel.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  }

  function toggleTable(button: Element): void {
    const isOpen = page.classList.toggle("table-open");
    button.setAttribute("aria-expanded", String(isOpen));
  }

  const acts: Readonly<Record<string, (button: Element) => void>> = {
    first: () => go(0),
    previous: () => go(now - 1),
    next: () => go(now + 1),
    last: () => go(steps.length - 1),
    play,
    larger: () => zoomed(1.25),
    smaller: () => zoomed(0.8),
    fit: () => zoomed(0),
    close: () => detail(null),
    table: toggleTable,
  };

  function click({ target }: Event): void {
    if (!(target instanceof Element)) return;
    const button = target.closest<HTMLElement>("[data-act], [data-go]");
    if (button?.dataset.go !== undefined) {
      go(Number(button.dataset.go));
      return;
    }
    if (button?.dataset.act !== undefined) return acts[button.dataset.act]?.(button);
    const row = target.closest<HTMLElement>("tr[data-step]");
    if (row) {
      go(Number(row.dataset.step));
      return;
    }
    const edge = target.closest(".edge")?.id.slice(2);
    const at = edge === undefined ? undefined : (returned.get(edge) ?? entered.get(edge));
    if (at !== undefined) {
      go(at);
      return;
    }
    const box = target.closest(".node")?.id.slice(2);
    if (box !== undefined) detail(box);
  }

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(now - 1),
    ArrowRight: () => go(now + 1),
    Home: () => go(0),
    End: () => go(steps.length - 1),
    " ": play,
    Escape: () => detail(null),
  };

  function press(event: KeyboardEvent): void {
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || !(target instanceof Element)) return;
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === " " && target.closest("button, summary, a") && !target.closest(".tick")) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
    if (target.closest(".tick")) one(".tick.active")?.focus();
  }

  function search(input: HTMLInputElement, jump: boolean): void {
    const sought = input.value.trim().toLowerCase();
    const found = [...boxes].filter(([, [first]]) => sought !== "" && [...(first?.querySelectorAll(".name, .op") ?? [])].some((line) => line.textContent.toLowerCase().includes(sought))); // prettier-ignore
    const ids = new Set(found.map(([id]) => id));
    page.classList.toggle("searching", sought !== "");
    for (const [id, elements] of boxes) mark(elements, { found: ids.has(id) });
    const output = one("output.found");
    if (output) output.textContent = sought === "" ? "" : `${ids.size} ${output.dataset.word ?? ""}`;
    if (found.length === 0 || !jump) return;
    const chosen = found.findIndex(([, [first]]) => first?.classList.contains("chosen"));
    const [next] = found[(chosen + 1) % found.length]!;
    reveal(next);
    detail(next);
  }

  function wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomed(event.deltaY < 0 ? 1.1 : 0.9);
  }

  function scrub(event: PointerEvent): void {
    if (event.buttons === 0) return;
    const tick = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>(".tick");
    if (tick && page.contains(tick) && Number(tick.dataset.go) !== now) go(Number(tick.dataset.go));
  }

  const { signal } = controller;
  for (const part of all("[data-share]")) part.style.flexGrow = part.dataset.share ?? "1";
  page.addEventListener("click", click, { signal });
  document.addEventListener("keydown", press, { signal });
  one(".timeline")?.addEventListener("pointermove", (event) => scrub(event), { signal });
  one<HTMLInputElement>(".slider")?.addEventListener("input", ({ target }) => go(Number((target as HTMLInputElement).value) - 1), {
    signal,
  });
  const field = one<HTMLInputElement>(".search input");
  field?.addEventListener("input", () => search(field, false), { signal });
  field?.addEventListener("keydown", (event) => event.key === "Enter" && search(field, true), { signal });
  for (const canvas of all(".canvas")) canvas.addEventListener("wheel", wheel, { signal, passive: false });
  window.addEventListener("resize", () => isZoomed || zoomed(0), { signal });
  page.classList.add("ready");
  zoomed(0);
  show(start);
  return {
    step: () => now,
    show: go,
    stop,
    leave: () => {
      stop();
      controller.abort();
    },
  };
}
