// Type or assemble a command, and see what it installs. The page brings the form in a template,
// and a table for those without JavaScript.
import { join, judge, lookUp, read, reasons } from "./what-installs-sets.js";

const row = (title, names, kind) =>
  `<dt>${title}<dd><ul>${names.map((name) => `<li class="${kind(name)}">${name}`).join("")}</ul>`;

class WhatInstalls extends HTMLElement {
  async connectedCallback() {
    const { set, start } = this.dataset;
    this.gone = new AbortController();
    if (!this.form) {
      const answer = await fetch(new URL(`../../data/sets/${set}.json`, import.meta.url));
      if (!answer.ok) return;
      this.data = await answer.json();
      const [template, table] = this.children;
      template.replaceWith(template.content);
      this.querySelector("details").append(table);
      this.className = "installs";
      this.form = this.querySelector("form");
      this.form.oninput = ({ target }) => this.changed(target.name === "typed");
      this.form.onsubmit = (event) => event.preventDefault();
      this.form.onclick = ({ target: { type, value } }) => void (type === "button" && this.go(value));
    }
    const linked = () => new URLSearchParams(location.hash.slice(1)).get("installs");
    const arrive = () => this.show(linked() ?? start);
    if (linked()) this.scrollIntoView();
    arrive();
    addEventListener("popstate", arrive, this.gone);
  }

  disconnectedCallback() {
    this.gone.abort();
    clearTimeout(this.wait);
  }

  changed(typing) {
    const { typed, command, lock, base, way, group } = this.form;
    clearTimeout(this.wait);
    if (typing) {
      this.wait = setTimeout(() => this.go(typed.value, true), 250);
      return;
    }
    const { options = [], tail } = read(typed.value, this.data);
    const also = options.filter((each) => this.data.also.includes(each));
    const groups = [...group].filter((box) => box.checked).map((box) => join(way.value, box.value));
    const words = [command.value, lock.value, base.value, ...also, ...groups];
    this.go(join(...words, command.value === "uv run" && tail));
  }

  // One entry in the history for each choice, and one for a whole line that is typed.
  go(text, typing) {
    const how = typing && this.typing ? "replaceState" : "pushState";
    this.typing = typing;
    // Material scrolls to `y` when one comes back.
    history[how]({ y: scrollY }, "", `#${new URLSearchParams({ installs: text })}`);
    this.show(text);
  }

  show(text) {
    const { form, data } = this;
    form.typed.value = text;
    this.tick(read(text, data));
    const { packages, refused, problem } = lookUp(text, data);
    const found = packages && judge(packages, data, JSON.parse(this.dataset.jobs));
    const other = refused ? `uv refuses: ${refused}.` : "Unknown: this combination was not run.";
    this.querySelector("[role=status]").textContent = found?.verdict ?? problem ?? other;
    this.querySelector("dl").innerHTML = found ? this.rows(packages, found) : "";
  }

  rows(packages, { missing, extra, size }) {
    const kind = (name) => (extra.includes(name) ? "extra" : "");
    return [
      `<dt>Packages<dd>${packages.length}, together ${Math.round(size / 1000)} MB`,
      missing.length ? row("Missing for production", missing, () => "missing") : "",
      ...reasons(packages, this.data).map(({ source, names }) =>
        row(source ? `Group ${source}` : "The project’s own", names, kind),
      ),
    ].join("");
  }

  tick({ command, locks, options }) {
    if (!command) return;
    const { form, data } = this;
    const named = options.map((each) => each.split(" ")).filter(([way]) => way.endsWith("group"));
    const chosen = {
      command,
      lock: locks[0] ?? "",
      base: options.find((each) => data.bases.includes(each)) ?? "",
      way: named[0]?.[0] ?? form.way.value,
    };
    for (const box of form) {
      if (box.name in chosen) box.checked = box.value === chosen[box.name];
      if (box.name === "group") box.checked = named.some(([, name]) => name === box.value);
    }
  }
}

customElements.define("what-installs", WhatInstalls);
