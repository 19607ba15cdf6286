// @ts-check
import { find } from "./dom.js";
import { complete, fromHash, holds, sentence, toHash } from "./pattern-chooser-answer.js";

/** Hides what does not follow from the answers. Questions, options and rules are in the page. */
class PatternChooser extends HTMLElement {
  form = find(this, "form", HTMLFormElement);
  inputs = [...this.form.querySelectorAll("input")];
  questions = [...this.form.querySelectorAll("fieldset")].map((question) =>
    this.inputs.filter((input) => question.contains(input)).map(({ value }) => value),
  );

  restore = () => this.show(complete(this.questions, fromHash(location.hash)));

  connectedCallback() {
    this.form.onchange = () => this.keep(this.checked());
    this.form.onreset = (event) => {
      event.preventDefault();
      this.keep(complete(this.questions, []));
      find(this, ":checked", HTMLInputElement).focus();
    };
    const copy = find(this, "[name=copy]", HTMLButtonElement);
    copy.onclick = () => this.copy(copy);
    find(this, "[name=why]", HTMLButtonElement).onclick = () => this.goToReasons();
    addEventListener("popstate", this.restore);
    // A reader may have answered before the script ran.
    const early = !location.hash && toHash(this.questions, this.checked());
    if (early) this.keep(this.checked());
    else this.restore();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.restore);
  }

  checked = () => this.inputs.filter((input) => input.checked).map(({ value }) => value);

  /**
   * Show what follows and add it to the history, with how far the page was scrolled.
   * @param {string[]} names
   */
  keep(names) {
    const url = location.pathname + location.search + toHash(this.questions, names);
    history.pushState({ x: scrollX, y: scrollY }, "", url);
    this.show(names);
  }

  /** @param {string[]} names */
  show(names) {
    for (const input of this.inputs) input.checked = names.includes(input.value);
    /** @type {NodeListOf<HTMLElement>} */
    const conditional = this.querySelectorAll("[data-when]");
    for (const each of conditional) {
      each.toggleAttribute("data-off", !holds(each.dataset.when ?? "", names));
    }
    /** @type {NodeListOf<HTMLElement>} */
    const taken = this.querySelectorAll("section:not([data-off])");
    const text = sentence([...taken].map(({ dataset }) => dataset.short ?? ""));
    const output = find(this, "output", HTMLElement);
    if (output.textContent !== text) output.textContent = text;
    const kit = find(this, ".answer a", HTMLAnchorElement);
    kit.hash = toHash(this.questions, names);
  }

  /** @param {HTMLButtonElement} button */
  async copy(button) {
    const text = button.textContent;
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = text), 2000);
  }

  goToReasons() {
    const heading = find(this, "section:not([data-off]) h2", HTMLElement);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView();
  }
}

customElements.define("pattern-chooser", PatternChooser);
