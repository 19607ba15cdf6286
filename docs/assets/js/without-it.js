// @ts-check
// Beside each row of the annotated file above, a button shows what happens without its lines.

class WithoutIt extends HTMLElement {
  connectedCallback() {
    const file = this.parentElement?.previousElementSibling;
    if (!file?.matches(".annotated")) return;
    const entries = Array.from(this.querySelectorAll("div[data-line]"));
    let line = 1;
    for (const note of Array.from(file.querySelectorAll(".note"))) {
      const row = note.nextElementSibling;
      if (!row) continue;
      const next = line + count(note) + count(row);
      const own = entries.filter((each) =>
        isBetween(Number(each.getAttribute("data-line")), line, next),
      );
      if (own.length) note.append(" ", button(row, own));
      line = next;
    }
  }
}

/** @param {Element} part */
const count = (part) => (part.textContent?.match(/\n/g) ?? []).length;

/** @param {number} line @param {number} first @param {number} end */
const isBetween = (line, first, end) => line >= first && line < end;

/**
 * @param {Element} row
 * @param {Element[]} entries
 */
function button(row, entries) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "without-it";
  button.textContent = "Without it";
  button.setAttribute("aria-expanded", "false");
  /** @type {HTMLElement | undefined} */
  let panel;
  button.addEventListener("click", () => {
    if (!panel) {
      panel = document.createElement("span");
      panel.className = "without-panel";
      const list = document.createElement("dl");
      list.append(...entries.map((each) => each.cloneNode(true)));
      panel.append(list);
      row.after(panel);
    } else {
      panel.hidden = !panel.hidden;
    }
    button.setAttribute("aria-expanded", String(!panel.hidden));
  });
  return button;
}

customElements.define("without-it", WithoutIt);
