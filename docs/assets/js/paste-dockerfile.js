// @ts-check
import { find } from "./dom.js";

/** Takes a Dockerfile to the page that checks it. Nothing is sent. */
class PasteDockerfile extends HTMLElement {
  connectedCallback() {
    const form = find(this, "form", HTMLFormElement);
    form.onsubmit = (event) => {
      event.preventDefault();
      sessionStorage.setItem("check-dockerfile", find(this, "textarea", HTMLTextAreaElement).value);
      location.assign(form.action);
    };
  }
}

customElements.define("paste-dockerfile", PasteDockerfile);
