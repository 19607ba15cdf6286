// @ts-check
import { copyText, save } from "../check-page/copy-and-save.js";
import { folderName, ofFolder, onDrop, readFiles, readFolder } from "../check-page/reading.js";
import { find } from "../dom.js";
import { fromHash, toHash } from "../kit/address.js";
import { defaults, NAMES, QUESTIONS } from "../kit/answers.js";
import { mergedText, README } from "../kit/files/readme.js";
import { kitPath } from "../kit/files.js";
import { fromChooser, toChooser } from "./chooser-answers.js";
import { fileText, fileTree, noticeView, refusalView } from "./files-view.js";
import { fieldText, fieldValue, nameFields, origin, questionFields, readingView } from "./form.js";
import { patternTitle, summary, viewOf } from "./view.js";

/** @typedef {typeof import("../kit/own-project.js")} OwnProject */
/** @typedef {import("./view.js").View} View */
/** @typedef {{ answers: Partial<KitAnswers>, names: Partial<KitNames> }} Chosen */
/** @typedef {{ texts: Record<string, string>, paths?: string[], folder?: string }} Given */

const ROOT = new URL("../../../", import.meta.url);
const SOURCES = new URL("downloads/kit-sources.json", ROOT);
// What the page that checks a Dockerfile leaves here for this page.
const PROJECT = "kit-project";
const DELAY = 300;
const TITLES = new Map(QUESTIONS.map(({ id, title }) => [/** @type {string} */ (id), title]));
const PYTHONS = (QUESTIONS.find(({ id }) => id === "python")?.options ?? []).map(({ id }) => id);
const FIRST = "Dockerfile";

/** @param {string} id @returns {id is keyof KitAnswers} */
const isQuestion = (id) => TITLES.has(id);
/** @param {string} id @returns {id is keyof KitNames} */
const isName = (id) => NAMES.some((name) => name.id === id);

class MakeKit extends HTMLElement {
  form = find(this, "form", HTMLFormElement);
  /** @type {import("../kit/address.js").Release} */
  release = JSON.parse(this.dataset.release ?? "");
  /** @type {Chosen} */
  chosen = defaults();
  /** @type {Given} */
  given = { texts: {} };
  /** @type {import("../kit/read/evidence.js").Fact[]} */
  facts = [];
  /** @type {KitSources | undefined} */
  sources;
  /** @type {View | undefined} */
  view;
  /** @type {View | undefined} The last one with files, with which the next one is compared. */
  earlier;
  /** @type {OwnProject | undefined} */
  own;
  /** @type {KitProject | undefined} */
  project;
  file = FIRST;
  timer = 0;
  // On a phone, the line at the bottom goes when the files are in sight.
  near = new IntersectionObserver(([{ isIntersecting }]) =>
    this.classList.toggle("at-files", isIntersecting),
  );

  async connectedCallback() {
    if (this.sources) return;
    find(this, ".questions", HTMLElement).innerHTML = questionFields();
    find(this, ".names", HTMLElement).innerHTML = nameFields();
    this.listen();
    const answer = await fetch(SOURCES);
    this.sources = await answer.json();
    this.restore();
    this.classList.add("ready");
    const project = sessionStorage.getItem(PROJECT);
    sessionStorage.removeItem(PROJECT);
    const pasted = this.pasted.value;
    if (project !== null) await this.take(JSON.parse(project));
    // A reader may have pasted before the script ran.
    else if (pasted.trim() !== "") {
      await this.take({ texts: { "pyproject.toml": pasted } }, true);
    }
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.near.disconnect();
    removeEventListener("popstate", this.restore);
  }

  get pasted() {
    return find(this, "textarea", HTMLTextAreaElement);
  }

  listen() {
    this.form.onsubmit = (event) => event.preventDefault();
    this.near.observe(find(this, ".result", HTMLElement));
    addEventListener("popstate", this.restore);
    this.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) this.press(button);
    });
    this.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) this.choose(target);
    });
    this.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLTextAreaElement) this.later();
      else if (target instanceof HTMLInputElement && target.closest(".name")) this.name(target);
    });
    onDrop(this, async ({ isFolder, folder, files }) => {
      if (isFolder) await this.takeFolder(files, folder);
      else if (files.length) await this.takeFiles(files);
    });
  }

  /** Show the kit that the address names. */
  restore = () => {
    const chosen = fromChooser(location.hash);
    const { answers, names, changes } = fromHash(chosen ? "" : location.hash, this.release);
    this.chosen = { answers: { ...answers, ...chosen }, names };
    const notice = find(this, ".notice", HTMLElement);
    notice.hidden = changes.length === 0;
    notice.textContent = changes.join(" ");
    this.fill();
    this.show();
  };

  /** Write the answers and names into the form. */
  fill() {
    const { answers, names } = this.chosen;
    for (const input of this.form.querySelectorAll("input")) {
      const { name } = input;
      if (isQuestion(name)) input.checked = answers[name] === input.value;
      else if (isName(name)) input.value = fieldText(names[name] ?? "");
    }
  }

  /** @param {HTMLInputElement} input */
  async choose({ name, value, files }) {
    if (name === "file") this.showFile(value);
    else if (isQuestion(name)) {
      this.facts = this.facts.filter(({ id }) => id !== name);
      this.chosen = { ...this.chosen, answers: { ...this.chosen.answers, [name]: value } };
      this.keep("pushState");
    } else if (!files?.length) return;
    else if (name === "folder") await this.takeFolder(ofFolder(files), folderName(files));
    else await this.takeFiles([...files].map((file) => ({ path: file.name, file })));
  }

  /** @param {HTMLInputElement} input */
  name({ name, value }) {
    this.facts = this.facts.filter(({ id }) => id !== name);
    const names = { ...this.chosen.names, [name]: fieldValue(name, value) };
    this.chosen = { ...this.chosen, names };
    this.keep("replaceState");
  }

  /** Show the kit and keep it in the address. @param {"pushState" | "replaceState"} how */
  keep(how) {
    this.show();
    if (!this.view) return;
    const { answers, names } = this.view;
    const url = location.pathname + location.search + toHash(answers, names, this.release);
    history[how]({ x: scrollX, y: scrollY }, "", url);
  }

  show() {
    if (!this.sources) return;
    const own = { texts: this.projectTexts, merge: this.own?.merge, project: this.project };
    const view = viewOf(this.chosen, own, this.sources, this.earlier);
    this.view = view;
    if (view.files.length > 0) this.earlier = view;
    this.showForm(view);
    find(this, "[role=status]", HTMLElement).textContent = summary(view);
    const title = find(this, ".pattern", HTMLAnchorElement);
    title.textContent = patternTitle(view);
    title.href = `${ROOT.pathname}patterns/pattern-${view.pattern}/`;
    find(this, ".refusals", HTMLElement).innerHTML =
      refusalView(view, ROOT.pathname) + noticeView(view, ROOT.pathname);
    find(this, ".why", HTMLAnchorElement).href =
      `${ROOT.pathname}choose/${toChooser(view.answers)}`;
    for (const part of this.querySelectorAll(".made, .tools")) {
      part.toggleAttribute("hidden", view.files.length === 0);
    }
    if (view.files.length > 0) this.showFile(this.file);
  }

  /** @param {View} view */
  showForm({ used, problems }) {
    for (const field of this.form.querySelectorAll(".name")) {
      const id = field instanceof HTMLElement ? (field.dataset.field ?? "") : "";
      field.toggleAttribute("hidden", !used.has(id));
      const problem = problems.find(({ name }) => name === id);
      find(field, "input", HTMLInputElement).ariaInvalid = `${problem !== undefined}`;
      field.classList.toggle("wrong", problem !== undefined);
    }
    for (const field of this.form.querySelectorAll("[data-field]")) {
      const id = field instanceof HTMLElement ? field.dataset.field : "";
      const fact = this.facts.find((each) => each.id === id);
      find(field, ".from", HTMLElement).innerHTML = fact ? origin(fact) : "";
    }
  }

  /** @param {string} path */
  showFile(path) {
    const files = this.view?.files ?? [];
    const file =
      files.find((each) => each.path === path) ??
      files.find((each) => each.path.split("/").at(-1) === path.split("/").at(-1)) ??
      files.find((each) => each.path === FIRST) ??
      files[0];
    if (!file || !this.view) return;
    this.file = file.path;
    const tree = find(this, ".tree", HTMLElement);
    const hadFocus = tree.contains(document.activeElement);
    tree.innerHTML = fileTree(this.view, file.path);
    if (hadFocus) find(tree, ":checked", HTMLInputElement).focus();
    find(this, ".text", HTMLElement).innerHTML = fileText(file);
    const [first] = this.querySelectorAll(".text :is(.lit, .gi)");
    const pane = find(this, ".text pre", HTMLElement);
    if (first instanceof HTMLElement) pane.scrollTop = first.offsetTop - pane.clientHeight / 3;
  }

  /** Show a file, and bring it into sight. @param {string} path */
  seeFile(path) {
    this.showFile(path);
    const result = find(this, ".result", HTMLElement);
    result.scrollIntoView({ block: "start" });
    find(this, ".text pre", HTMLElement).focus({ preventScroll: true });
  }

  // --- the reader's project ---

  /** The start of the paths of the project, such as "backend/". */
  get inside() {
    const { texts, paths } = this.given;
    const root = this.own?.projectRoot(paths ?? Object.keys(texts)) ?? "";
    return root === "" ? "" : `${root}/`;
  }

  /** The given files, by their path from the root of the project. */
  get projectTexts() {
    const { texts } = this.given;
    const names = this.inProject(Object.keys(texts));
    return Object.fromEntries(names.map((name) => [name, texts[this.inside + name]]));
  }

  /** Return paths from the root of the project. @param {string[]} paths */
  inProject(paths) {
    const { inside } = this;
    return paths.filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length));
  }

  async load() {
    this.own ??= await import("../kit/own-project.js");
    return this.own;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const pyproject = { [`${this.inside}pyproject.toml`]: this.pasted.value };
      this.take({ ...this.given, texts: { ...this.given.texts, ...pyproject } }, true);
    }, DELAY);
  }

  /** @param {import("../check-page/reading.js").ChosenFile[]} files @param {string} folder */
  async takeFolder(files, folder) {
    const { projectFiles } = await this.load();
    const { texts, paths } = await readFolder(files, projectFiles);
    await this.take({ texts, paths, folder });
  }

  /** @param {import("../check-page/reading.js").ChosenFile[]} files */
  async takeFiles(files) {
    const texts = await readFiles(files, (path) => path);
    await this.take({ ...this.given, texts: { ...this.given.texts, ...texts } });
  }

  /**
   * Read a project, and fill in what it says. A reader may still be typing a pasted text.
   * @param {Given} given
   */
  async take(given, isPasted = false) {
    const { givenProject, readProject } = await this.load();
    this.given = given;
    if (!isPasted) this.pasted.value = this.projectTexts["pyproject.toml"] ?? "";
    const reading = readProject(given, PYTHONS);
    const { facts, notes } = reading;
    this.facts = facts;
    const paths = given.paths && this.inProject(given.paths);
    this.project = givenProject({ texts: this.projectTexts, paths }, reading, ROOT.href);
    const read = Object.fromEntries(facts.map(({ id, value }) => [id, value]));
    const { answers, names } = this.chosen;
    this.chosen = {
      answers: { ...answers, ...read },
      names: {
        ...names,
        ...Object.fromEntries(NAMES.flatMap(({ id }) => (id in read ? [[id, read[id]]] : []))),
      },
    };
    const isEmpty = Object.values(given.texts).every((text) => text.trim() === "");
    const shown = find(this, ".reading", HTMLElement);
    shown.hidden = isEmpty;
    shown.innerHTML = isEmpty
      ? ""
      : readingView({ facts, notes }, given.paths !== undefined, ROOT.pathname);
    this.keep("replaceState");
    this.fill();
  }

  // --- buttons ---

  /** @param {HTMLButtonElement} button */
  press(button) {
    /** @type {Record<string, () => unknown>} */
    const actions = {
      copyFile: () => copyText(button, this.shown?.text ?? ""),
      copyLink: () => copyText(button, location.href),
      download: () => this.download(),
      clear: () => this.clear(),
      next: () => this.seeFile(README),
      see: () => this.seeFile(this.file),
      answer: () => this.answer(button.dataset.question ?? "", button.value),
    };
    actions[button.name]?.();
  }

  get shown() {
    return this.view?.files.find(({ path }) => path === this.file);
  }

  clear() {
    this.given = { texts: {} };
    this.project = undefined;
    this.chosen = defaults();
    this.facts = [];
    this.pasted.value = "";
    const reading = find(this, ".reading", HTMLElement);
    reading.hidden = true;
    reading.innerHTML = "";
    this.keep("pushState");
    this.fill();
    this.pasted.focus({ preventScroll: true });
  }

  /** Give the answer that a refusal offers. Its button goes, so the question gets the focus. @param {string} question @param {string} value */
  answer(question, value) {
    const input = find(this, `[name="${question}"][value="${value}"]`, HTMLInputElement);
    input.click();
    input.focus();
  }

  async download() {
    if (!this.view) return;
    const { strToU8, zipSync } = await import("../vendor/fflate.js");
    const { files, names } = this.view;
    const merged = files.filter(({ isMerged }) => isMerged);
    const more = merged.length > 0 ? mergedText(merged) : "";
    const entries = [
      ...files.map((file) => [kitPath(file), file.kitText + (file.path === README ? more : "")]),
      // The reader's own files, with the lines in them.
      ...merged.map(({ path, text }) => [`merged/${path}`, text]),
    ].map(([path, text]) => [`${names.project}/${path}`, strToU8(text)]);
    const zip = zipSync(Object.fromEntries(entries), { level: 9 });
    save(zip, `${names.project}.zip`);
  }
}

customElements.define("make-kit", MakeKit);
