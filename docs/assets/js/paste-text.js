// @ts-check
import { find } from "./dom.js";

/** Takes a text to the page that reads it, under the key that both know. Nothing is sent. */
class PasteText extends HTMLElement {
  connectedCallback() {
    const form = find(this, "form", HTMLFormElement);
    form.onsubmit = (event) => {
      event.preventDefault();
      const { value } = find(this, "textarea", HTMLTextAreaElement);
      sessionStorage.setItem(this.dataset.key ?? "", value);
      location.assign(form.action);
    };
  }
}

customElements.define("paste-text", PasteText);
