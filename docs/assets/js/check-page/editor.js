// @ts-check
// A textarea with numbered lines, some of which are marked.

import { find } from "../dom.js";

// Browsers need seconds to show more lines, and no Dockerfile has that many.
const MAX_LINES = 20_000;

export class Editor {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.field = find(element, "textarea", HTMLTextAreaElement);
    this.numbers = find(element, ".numbers", HTMLElement);
    this.marks = find(element, ".marks", HTMLElement);
    this.field.addEventListener("scroll", () => this.follow());
  }

  get text() {
    return this.field.value;
  }

  set text(text) {
    const lines = text.split("\n");
    const shown = lines.length > MAX_LINES ? lines.slice(0, MAX_LINES).join("\n") : text;
    if (this.field.value !== shown) this.field.value = shown;
    this.number();
  }

  number() {
    const lines = this.text.split("\n").length;
    if (this.numbers.childElementCount !== 0 || this.numbers.dataset.lines !== `${lines}`) {
      this.numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
      this.numbers.dataset.lines = `${lines}`;
    }
    this.follow();
  }

  /**
   * Mark lines. Of several findings on the same lines, the first counts, which is the worst.
   * @param {{ line: number, lastLine: number, severity: string }[]} findings
   * @param {number[]} changed The lines that fixes changed.
   */
  mark(findings, changed) {
    const byLines = new Map(
      findings.toReversed().map((each) => [`${each.line}-${each.lastLine}`, each]),
    );
    const lit = changed.map((line) => ({ line, lastLine: line, severity: "changed" }));
    this.marks.innerHTML = [...byLines.values(), ...lit]
      .map(
        ({ line, lastLine, severity }) =>
          `<i class="${severity}" style="--line:${line};--count:${lastLine - line + 1}"></i>`,
      )
      .join("");
    this.follow();
  }

  follow() {
    const top = `translateY(${-this.field.scrollTop}px)`;
    this.numbers.style.transform = top;
    this.marks.style.transform = top;
  }

  /**
   * Select lines and show them.
   * @param {number} line
   * @param {number} lastLine
   */
  select(line, lastLine) {
    const lines = this.text.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = lines.slice(0, lastLine).join("\n").length;
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(start, end);
    const height = Number.parseFloat(getComputedStyle(this.field).lineHeight);
    this.field.scrollTop = Math.max(0, (line - 4) * height);
    this.field.scrollIntoView({ block: "nearest" });
  }
}
