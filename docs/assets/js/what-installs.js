// <what-installs>: type or assemble a command and see what it installs. The page brings the form in
// a template, and a table for those without JavaScript.
import { join, judge, lookUp, read, reasons } from "./what-installs-sets.js";

const made = (tag, textContent = "", className = "") =>
  Object.assign(document.createElement(tag), { textContent, className });

function row(title, names, kind) {
  const cell = made("dd");
  cell.append(made("ul"));
  cell.firstChild.append(...names.map((name) => made("li", name, kind(name))));
  return [made("dt", title), cell];
}

class WhatInstalls extends HTMLElement {
  async connectedCallback() {
    this.gone = new AbortController();
    if (!this.form) {
      const answer = await fetch(new URL(`../../data/sets/${this.dataset.set}.json`, import.meta.url));
      if (!answer.ok) return;
      this.data = await answer.json();
      this.jobs = JSON.parse(this.dataset.jobs);
      const table = this.querySelector(".scroll");
      this.prepend(this.querySelector("template").content);
      this.querySelector("details").append(table);
      this.form = this.querySelector("form");
      this.form.oninput = ({ target }) => this.changed(target.name === "typed");
      this.form.onsubmit = (event) => event.preventDefault();
      this.form.onclick = ({ target }) => target.type === "button" && this.go(target.value);
    }
    const linked = () => new URLSearchParams(location.hash.slice(1)).get("installs");
    const arrive = () => this.show(linked() ?? this.dataset.start);
    if (linked()) this.scrollIntoView();
    arrive();
    addEventListener("popstate", arrive, this.gone);
  }

  disconnectedCallback() {
    this.gone.abort();
    clearTimeout(this.wait);
  }

  changed(typing) {
    clearTimeout(this.wait);
    if (typing) {
      this.wait = setTimeout(() => this.go(this.form.typed.value, true), 250);
      return;
    }
    const { typed, command, lock, base, way, group } = this.form;
    const { options = [], tail } = read(typed.value, this.data);
    const also = options.filter((each) => this.data.also.includes(each));
    const groups = [...group].filter((box) => box.checked).map((box) => join(way.value, box.value));
    const words = [command.value, lock.value, base.value, ...also, ...groups];
    this.go(join(...words, command.value === "uv run" && tail));
  }

  // One entry in the history for each choice, and one for a whole line that is typed.
  go(text, typing = false) {
    const how = typing && this.typing ? "replaceState" : "pushState";
    this.typing = typing;
    // Material scrolls to `y` when one comes back.
    history[how]({ y: scrollY }, "", `#${new URLSearchParams({ installs: text })}`);
    this.show(text);
  }

  show(text) {
    const { form, data } = this;
    if (form.typed.value !== text) form.typed.value = text;
    const typed = read(text, data);
    if (!typed.problem) this.tick(typed);
    const { packages, refused, problem } = lookUp(text, data);
    const found = packages && judge(packages, data, this.jobs);
    const other = refused ? `uv refuses: ${refused}.` : "Unknown: this combination was not run.";
    this.querySelector("[role=status]").textContent = found?.verdict ?? problem ?? other;
    const rows = this.querySelector("dl");
    rows.replaceChildren();
    if (!found) return;
    const count = `${packages.length} package${packages.length === 1 ? "" : "s"}`;
    rows.append(made("dt", "Installed"), made("dd", `${count}, ${(found.size / 1000).toFixed(1)} MB`));
    if (found.missing.length) rows.append(...row("Missing for production", found.missing, () => "missing"));
    for (const { source, names } of reasons(packages, data)) {
      const title = source ? `Group ${source}` : source === "" ? "The project’s own" : "Others";
      rows.append(...row(title, names, (name) => (found.extra.includes(name) ? "extra" : "")));
    }
  }

  tick({ command, locks, options }) {
    const { form, data } = this;
    const named = options.map((each) => each.split(" ")).filter(([way]) => data.ways.includes(way));
    form.command.value = command;
    form.lock.value = locks[0] ?? "";
    form.base.value = options.find((each) => data.bases.includes(each)) ?? "";
    if (named.length) form.way.value = named[0][0];
    for (const box of form.group) box.checked = named.some(([, name]) => name === box.value);
  }
}

customElements.define("what-installs", WhatInstalls);
