import { complete, fromHash, holds, sentence, toHash } from "./pattern-chooser-answer.js";

/** Hides what does not follow from the answers. Questions, options and rules are in the page. */
class PatternChooser extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.questions = [...this.form.querySelectorAll("fieldset")].map((each) =>
      [...each.querySelectorAll("input")].map(({ value }) => value),
    );
    const chosen = () => [...new FormData(this.form).values()];
    this.form.onchange = () => this.keep(chosen());
    this.form.onreset = (event) => {
      event.preventDefault();
      this.keep(complete(this.questions, []));
      this.form.querySelector(":checked").focus();
    };
    this.form.elements.copy.onclick = ({ target }) => this.copy(target);
    this.querySelector("[name=why]").onclick = () => this.goOn();
    this.read = () => this.show(complete(this.questions, fromHash(location.hash)));
    addEventListener("popstate", this.read);
    // Whoever was faster than the script has answered already.
    const early = !location.hash && toHash(this.questions, chosen());
    if (early) this.keep(chosen());
    else this.read();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.read);
  }

  /** Show it and make it a place to come back to, with how far the page was scrolled. */
  keep(given) {
    const place = location.pathname + location.search + toHash(this.questions, given);
    history.pushState({ x: scrollX, y: scrollY }, "", place);
    this.show(given);
  }

  show(given) {
    for (const input of this.form.querySelectorAll("input")) {
      input.checked = given.includes(input.value);
    }
    for (const each of this.querySelectorAll("[data-when]")) {
      each.toggleAttribute("data-off", !holds(each.dataset.when, given));
    }
    const taken = this.querySelectorAll("section:not([data-off])");
    const said = sentence([...taken].map((each) => each.dataset.short));
    const output = this.querySelector("output");
    if (output.textContent !== said) output.textContent = said;
  }

  async copy(button) {
    const text = button.textContent;
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = text), 2000);
  }

  goOn() {
    const heading = this.querySelector("section:not([data-off]) h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView();
  }
}

customElements.define("pattern-chooser", PatternChooser);
