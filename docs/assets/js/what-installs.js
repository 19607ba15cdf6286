// @ts-check
// Type or assemble a command, and see what it installs. The page brings the form in a template,
// and a table for readers without JavaScript.
import { find } from "./dom.js";
import { size } from "./format.js";
import { join, judge, lookUp, read, reasons } from "./what-installs-sets.js";

/** @type {(title: string, names: string[], kind: (name: string) => string) => string} */
const row = (title, names, kind) =>
  `<dt>${title}<dd><ul>${names.map((name) => `<li class="${kind(name)}">${name}`).join("")}</ul>`;

const linked = () => new URLSearchParams(location.hash.slice(1)).get("installs");

class WhatInstalls extends HTMLElement {
  /** @type {SetsRecording | undefined} */
  recording;
  timer = 0;
  typing = false;

  async connectedCallback() {
    if (!this.recording) {
      const { set } = this.dataset;
      const answer = await fetch(new URL(`../../data/sets/${set}.json`, import.meta.url));
      if (!answer.ok || !this.isConnected) return;
      this.recording = await answer.json();
      this.prepare();
    }
    if (linked()) this.scrollIntoView();
    this.arrive();
    addEventListener("popstate", this.arrive);
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.arrive);
    clearTimeout(this.timer);
  }

  arrive = () => this.show(linked() ?? this.dataset.start ?? "");

  get data() {
    if (!this.recording) throw new Error("The recording was not loaded");
    return this.recording;
  }

  get form() {
    return find(this, "form", HTMLFormElement);
  }

  get typed() {
    return find(this, "[name=typed]", HTMLInputElement);
  }

  /** Put the form in the place of its template, and fold the table. */
  prepare() {
    const template = find(this, "template", HTMLTemplateElement);
    const table = template.nextElementSibling ?? "";
    template.replaceWith(template.content);
    find(this, "details", HTMLDetailsElement).append(table);
    this.className = "installs";
    const { form, typed } = this;
    form.oninput = ({ target }) => {
      clearTimeout(this.timer);
      if (target === typed) this.timer = setTimeout(() => this.go(typed.value, true), 250);
      else this.assemble();
    };
    form.onsubmit = (event) => event.preventDefault();
    form.onclick = ({ target }) => {
      if (target instanceof HTMLButtonElement) this.go(target.value);
    };
  }

  /** Go to the command that is ticked, with what else was typed. */
  assemble() {
    const { options = [], tail } = read(this.typed.value, this.data);
    const ticked = new FormData(this.form);
    const [command, lock, base, way] = ["command", "lock", "base", "way"].map((name) =>
      String(ticked.get(name)),
    );
    const also = options.filter((each) => this.data.also.includes(each));
    const groups = ticked.getAll("group").map((group) => `${way} ${group}`);
    this.go(join(command, lock, base, ...also, ...groups, command === "uv run" && tail));
  }

  /**
   * Show a command, with an entry in the history for each choice, and one for what is typed.
   * @param {string} text
   */
  go(text, typing = false) {
    // Material scrolls to `y` when a reader comes back.
    const change = typing && this.typing ? "replaceState" : "pushState";
    history[change]({ y: scrollY }, "", `#${new URLSearchParams({ installs: text })}`);
    this.typing = typing;
    this.show(text);
  }

  /** @param {string} text */
  show(text) {
    const { data, typed } = this;
    typed.value = text;
    const command = read(text, data);
    if (command.command) this.tick(command);
    const { packages, refused, problem } = lookUp(text, data);
    const judged = packages && judge(packages, data, JSON.parse(this.dataset.jobs ?? ""));
    const unknown = "Unknown: this combination was not run.";
    find(this, "[role=status]", HTMLElement).textContent =
      judged?.verdict ?? problem ?? (refused ? `uv refuses: ${refused}.` : unknown);
    find(this, "dl", HTMLElement).innerHTML = judged ? this.rows(packages, judged) : "";
  }

  /**
   * @param {string[]} packages
   * @param {ReturnType<typeof judge>} judged
   */
  rows(packages, { missing, extra, bytes }) {
    /** @param {string} name */
    const kind = (name) => (extra.includes(name) ? "extra" : "");
    return [
      `<dt>Packages<dd>${packages.length}, together ${size(bytes)}`,
      missing.length ? row("Missing for production", missing, () => "missing") : "",
      ...reasons(packages, this.data).map(({ source, names }) =>
        row(source ? `Group ${source}` : "The project’s own", names, kind),
      ),
    ].join("");
  }

  /**
   * Tick in the form what was typed.
   * @param {Command} command
   */
  tick({ command, locks, options }) {
    const groups = options.map((each) => each.split(" ")).filter(([way]) => way.endsWith("group"));
    /** @type {{ [name: string]: string | undefined }} */
    const radios = {
      command,
      lock: locks[0] ?? "",
      base: options.find((each) => this.data.bases.includes(each)) ?? "",
      way: groups[0]?.[0],
    };
    for (const box of this.form.querySelectorAll("input")) {
      const value = radios[box.name];
      if (value !== undefined) box.checked = box.value === value;
      if (box.name === "group") box.checked = groups.some(([, name]) => name === box.value);
    }
  }
}

customElements.define("what-installs", WhatInstalls);
