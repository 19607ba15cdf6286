// @ts-check
import { find } from "../dom.js";
import { compiled, matches } from "./matcher.js";

/** @typedef {import("./matcher.js").Match} Match */

const KEY = "find-error";
const MOST = 5;
/** Milliseconds after the last key before the answers are looked up. */
const PAUSE = 150;

/** Finds the answers to a pasted log in the sections of this page. Nothing is sent. */
class FindError extends HTMLElement {
  connectedCallback() {
    const messages = compiled(JSON.parse(this.dataset.messages ?? "[]"));
    const form = find(this, "form", HTMLFormElement);
    const field = find(this, "textarea", HTMLTextAreaElement);
    const status = find(this, "[role=status]", HTMLElement);
    const answer = () => this.show(field.value, matches(field.value, messages));
    let timer = 0;
    field.oninput = () => {
      clearTimeout(timer);
      timer = setTimeout(answer, PAUSE);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      answer();
      status.focus();
    };
    find(form, "[name=clear]", HTMLButtonElement).onclick = () => {
      field.value = "";
      answer();
      field.focus();
    };
    const given = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (given) {
      field.value = given;
      answer();
    }
    this.classList.add("ready");
  }

  /**
   * @param {string} log
   * @param {Match[]} found
   */
  show(log, found) {
    const shown = found.slice(0, MOST);
    find(this, "[role=status]", HTMLElement).textContent = summary(log, shown.length);
    find(this, ".found", HTMLElement).replaceChildren(...shown.map(card));
  }
}

/**
 * @param {string} log
 * @param {number} count
 */
function summary(log, count) {
  if (!log.trim()) return "";
  if (!count)
    return "We know none of these messages. Search this guide for the words of the error.";
  return count === 1 ? "1 answer" : `${count} answers, the most likely one first`;
}

/** @param {Match} match */
function card({ answer, line, text }) {
  const card = document.createElement("section");
  const heading = document.getElementById(answer);
  const title = card.appendChild(document.createElement("h2"));
  const link = title.appendChild(document.createElement("a"));
  link.href = `#${answer}`;
  link.append(
    ...Array.from(heading?.childNodes ?? [])
      .filter(isTitle)
      .map(copy),
  );
  const quote = card.appendChild(document.createElement("p"));
  quote.className = "line";
  quote.append(`Line ${line + 1}: `);
  quote.appendChild(document.createElement("mark")).textContent = text.trim();
  card.append(...paragraphs(heading).map(copy));
  return card;
}

/** @param {Node} node */
const isTitle = (node) => !(node instanceof HTMLElement && node.matches(".headerlink"));

/** @param {Node} node */
const copy = (node) => node.cloneNode(true);

/**
 * Return the cause, the fix and the sources below a heading, without how we caused the error and
 * without other wordings.
 * @param {Element | null} heading
 */
function paragraphs(heading) {
  const all = [];
  let isAnswer = false;
  for (let next = heading?.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.matches("h2")) break;
    isAnswer ||= /^Cause:/.test(next.textContent ?? "");
    if (isAnswer) all.push(next);
  }
  return all.filter((each) => !each.matches(".older"));
}

customElements.define("find-error", FindError);
