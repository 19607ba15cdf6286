// @ts-check
import { IGNORE_FILE, isDockerfile } from "../check/file-names.js";
import { find } from "../dom.js";
import { newLines } from "../kit/line-changes.js";
import { copyText, save } from "./copy-and-save.js";
import { Editor } from "./editor.js";
import { hasYaml, nothing, SLOTS } from "./given.js";
import { count, escaped, explanation } from "./html.js";
import { ofFolder, onDrop, readFiles, readFolder } from "./reading.js";

/** @typedef {import("./given.js").Given} Given */
/** @typedef {import("./reading.js").ChosenFile} ChosenFile */
/** @typedef {typeof import("./checker.js")} Checker */

const ROOT = new URL("../../../", import.meta.url);
const OPTIONS = new URL("data/uv-options.json", ROOT);
const EXAMPLES = new URL("downloads/check-examples.json", ROOT);
const RULES = new URL("downloads/check-rules.json", ROOT);
// What the form on the home page leaves here for this page.
const PASTED = "check-dockerfile";
// What the page keeps until the tab is closed, so that a reader can follow a link and come back.
const KEPT = "check-files";
// What this page leaves for the page that makes a kit.
const PROJECT = "kit-project";
const DELAY = 250;

/** Forget what is too large to be kept. @param {string} text */
const keep = (text) => {
  try {
    sessionStorage.setItem(KEPT, text);
  } catch {
    sessionStorage.removeItem(KEPT);
  }
};

/** Return how much of a file was given. @param {string} name @param {string} [text] */
const size = (name, text = "") =>
  text.trim()
    ? count(text.split("\n").length, "line")
    : name === "Dockerfile"
      ? "empty"
      : "optional";

class CheckDockerfile extends HTMLElement {
  /** @type {{ edits: Record<string, string> }} */
  facts = JSON.parse(this.dataset.facts ?? "");
  editor = new Editor(find(this, ".editor", HTMLElement));
  form = find(this, "form", HTMLFormElement);
  /** @type {Given} */
  given = nothing();
  file = "Dockerfile";
  /** @type {{ given: Given, conditions: string[] }[]} What was there before each fix. */
  earlier = [];
  edit = "view";
  timer = 0;
  /** @type {OptionGrammar | undefined} */
  grammar;
  /** @type {CheckInput["yaml"]} */
  yaml;
  /** @type {Promise<Checker> | undefined} */
  loading;
  /** @type {Promise<Record<string, import("./html.js").Explained>> | undefined} */
  explained;
  /** @type {import("./answers.js").Answers | undefined} */
  answers;
  /** @type {string[]} What a reader has to do because of the fixes that were applied. */
  conditions = [];
  /** @type {ChosenFile[]} The files of the chosen folder. */
  folder = [];

  async connectedCallback() {
    if (this.grammar) return;
    this.listen();
    const pasted = sessionStorage.getItem(PASTED);
    sessionStorage.removeItem(PASTED);
    const kept = sessionStorage.getItem(KEPT);
    // A reader may have typed before the script ran.
    const typed = pasted ?? this.editor.text;
    if (typed || !kept) this.given.texts.Dockerfile = typed;
    else {
      Object.assign(this, JSON.parse(kept));
      this.file = this.given.dockerfile;
    }
    this.showFiles();
    const answer = await fetch(OPTIONS);
    this.grammar = await answer.json();
    this.classList.add("ready");
    await this.check();
    if (pasted) this.reveal();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  listen() {
    const { form } = this;
    form.onsubmit = (event) => event.preventDefault();
    this.editor.field.oninput = () => {
      this.given.texts[this.file] = this.editor.text;
      this.editor.number();
      find(this, ".files :checked ~ small", HTMLElement).textContent = size(
        this.file,
        this.editor.text,
      );
      this.later();
    };
    this.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const button = target?.closest("button");
      if (button) this.press(button);
      const link = target?.closest('a[href^="#"]');
      if (link instanceof HTMLAnchorElement) {
        // Material would load the page again.
        event.preventDefault();
        event.stopPropagation();
        history.replaceState(null, "", link.hash);
        const finding = find(this, link.hash, HTMLDetailsElement);
        finding.open = true;
        find(finding, "summary", HTMLElement).focus({ preventScroll: true });
        finding.scrollIntoView();
      }
    });
    this.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) this.choose(target);
    });
    this.addEventListener("focusin", () => this.load(), { once: true });
    // The event does not bubble.
    this.addEventListener("toggle", ({ target }) => this.explain(target), { capture: true });
    onDrop(this, async ({ isFolder, files }) => {
      if (isFolder) await this.takeFolder(files);
      else if (files.length) this.add(await readFiles(files));
    });
  }

  /** Load what the first visit does not need. */
  load() {
    this.loading ??= import("./checker.js");
    return this.loading;
  }

  /** Write what proves a rule, and why it has no fix. @param {EventTarget | null} target */
  async explain(target) {
    const rule = target instanceof HTMLDetailsElement && target.open && target.dataset.rule;
    if (!rule) return;
    this.explained ??= fetch(RULES).then((answer) => answer.json());
    const { [rule]: explained } = await this.explained;
    find(target, "ul", HTMLElement).innerHTML = explanation(explained, ROOT.pathname);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), DELAY);
  }

  /** @param {ChosenFile[]} files */
  async takeFolder(files) {
    await this.take(await readFolder(files), files);
  }

  /** @param {Given} given @param {ChosenFile[]} folder The files of the folder it is from. */
  async take(given, folder = []) {
    this.conditions = [];
    this.folder = folder;
    this.given = given;
    this.file = given.dockerfile;
    this.earlier = [];
    this.showFiles();
    await this.check();
    this.reveal();
  }

  /** @param {Record<string, string>} texts */
  async add(texts) {
    this.given.texts = { ...this.given.texts, ...texts };
    const [first] = Object.keys(texts);
    this.file = "Dockerfile" in texts ? this.given.dockerfile : (first ?? this.file);
    this.showFiles();
    await this.check();
    this.reveal();
  }

  /** Write the list of files, and the chosen one into the field. */
  showFiles() {
    const { texts, paths } = this.given;
    const names = paths ? Object.keys(texts) : [...new Set([...SLOTS, ...Object.keys(texts)])];
    const [first, ...others] = [
      this.given.dockerfile,
      ...names.filter((each) => each !== this.given.dockerfile),
    ];
    const rows = [first, ...others].map((name) => {
      return `<label><input type="radio" name="file" value="${escaped(name)}"${name === this.file ? " checked" : ""}>
<span>${escaped(name)}</span> <small>${size(name, texts[name])}</small></label>`;
    });
    const read = paths
      ? `<p>Of the ${paths.length} files in the folder, the page read these ${names.length}.</p>`
      : "";
    find(this, ".files", HTMLElement).innerHTML =
      `<legend>Files</legend><div>${rows.join("")}</div>${read}`;
    this.showText();
  }

  showText() {
    this.editor.text = this.given.texts[this.file] ?? "";
    this.editor.field.setAttribute("aria-label", `Text of ${this.file}`);
    this.editor.field.placeholder =
      this.file === this.given.dockerfile
        ? "Paste your Dockerfile here, or drop a file or a folder"
        : `Paste your ${this.file} here. It is optional.`;
    this.mark();
  }

  mark() {
    const findings = (this.answers?.groups ?? []).flatMap((group) => group.findings);
    const [first] = this.earlier;
    const changed = first ? newLines(first.given.texts[this.file] ?? "", this.editor.text) : [];
    this.editor.mark(
      findings.filter(({ path }) => path === this.file),
      [...changed].map((index) => index + 1),
    );
  }

  /** Return the files that fixes changed. */
  get changedPaths() {
    const { texts } = this.given;
    const [first] = this.earlier;
    return first
      ? Object.keys(texts).filter((path) => texts[path] !== first.given.texts[path])
      : [];
  }

  /** Show the answers, or the file beside them. */
  reveal(selector = "[role=status]") {
    if (this.answers?.fault === "") return;
    // A button that was pressed may be gone.
    find(this, "[role=status]", HTMLElement).focus({ preventScroll: true });
    find(this, selector, HTMLElement).scrollIntoView();
  }

  async check() {
    clearTimeout(this.timer);
    if (!this.grammar) return;
    if (!this.yaml && hasYaml(this.given)) {
      ({ yaml: this.yaml } = await import("../check/yaml-support.js"));
    }
    const isEmpty = (this.given.texts[this.given.dockerfile] ?? "").trim() === "";
    if (isEmpty && !this.loading) return;
    const { given, earlier, conditions } = this;
    keep(JSON.stringify({ given, earlier, conditions }));
    const checker = await this.load();
    this.answers = checker.answersTo(this.given, this.grammar, this.yaml);
    this.show(checker);
  }

  get pageFacts() {
    return { ...this.facts, root: ROOT.pathname, dockerfile: this.given.dockerfile };
  }

  /** @param {Checker} checker */
  show({ findingsView, installsView, rebuildsView, summary }) {
    const { answers } = this;
    if (!answers) return;
    find(this, "[role=status]", HTMLElement).textContent = summary(answers);
    find(this, "[name=undo]", HTMLButtonElement).hidden = this.earlier.length === 0;
    const isEmpty = answers.fault !== undefined;
    const changed = { paths: this.changedPaths, conditions: this.conditions };
    const open = new Set([...this.querySelectorAll(".finding[open]")].map(({ id }) => id));
    for (const [name, view] of Object.entries({
      findings: () => findingsView(answers, this.pageFacts, changed),
      rebuilds: () => rebuildsView(answers, this.pageFacts, this.edit),
      packages: () => installsView(answers, this.pageFacts),
    })) {
      find(this, `.answer.${name}`, HTMLElement).innerHTML = isEmpty ? "" : view();
    }
    for (const finding of this.querySelectorAll(".finding")) {
      finding.toggleAttribute("open", open.has(finding.id));
    }
    this.mark();
    // What scrolls sideways becomes reachable with Tab, as after a change of the width.
    dispatchEvent(new Event("resize"));
  }

  /** @param {HTMLInputElement} input */
  async choose({ name, value, files }) {
    if (name === "file") await this.chooseFile(value);
    else if (name === "edit") this.chooseEdit(value);
    else if (!files?.length) return;
    else if (name === "folder") await this.takeFolder(ofFolder(files));
    else await this.add(await readFiles([...files].map((file) => ({ path: file.name, file }))));
  }

  /** Show a file. Of several Dockerfiles, the one that is shown is checked. @param {string} name */
  async chooseFile(name) {
    this.file = name;
    if (this.given.paths && isDockerfile(name) && name !== this.given.dockerfile) {
      this.given.dockerfile = name;
      await this.check();
    }
    this.showText();
  }

  /** @param {string} name */
  async chooseEdit(name) {
    const { rebuildView } = await this.load();
    this.edit = name;
    const shown = this.answers?.rebuilds.find((each) => each.name === name);
    if (shown) find(this, ".panels", HTMLElement).innerHTML = rebuildView(shown, this.pageFacts);
  }

  /** @param {HTMLButtonElement} button */
  press(button) {
    const { dataset, name, value } = button;
    /** @type {Record<string, () => unknown>} */
    const actions = {
      example: async () => this.take(await this.exampleOf(value)),
      copy: () => copyText(button, dataset.at ? this.newLines(dataset) : this.editor.text),
      clear: () => this.take(nothing()),
      undo: () => this.undo(),
      kit: () => this.startKit(),
      go: () => this.go(dataset),
      apply: () => this.apply(dataset),
      fixAll: () => this.applyAll(),
      ignoreFile: () => this.useIgnoreFile(),
      copyFile: () => copyText(button, this.given.texts[dataset.copyFile ?? ""] ?? ""),
      download: () => this.download(dataset.download),
    };
    const action = name || Object.keys(dataset).find((each) => each in actions);
    actions[action ?? ""]?.();
  }

  /** @param {string} name @returns {Promise<Given>} */
  async exampleOf(name) {
    const answer = await fetch(EXAMPLES);
    return (await answer.json())[name];
  }

  /** Start with the .dockerignore of an example. */
  async useIgnoreFile() {
    const { texts } = await this.exampleOf("pattern-a");
    await this.change(
      (input) => ({ ...input, dockerignore: texts[IGNORE_FILE] }),
      [`Remove files that your build needs, such as \`README.md\`, from \`${IGNORE_FILE}\`.`],
    );
  }

  /** Take the project to the page that makes a kit, which reads other files. Nothing is sent. */
  async startKit() {
    const { projectFiles } = await this.load();
    const folder = this.folder.length > 0 ? await readFolder(this.folder, projectFiles) : undefined;
    const { texts, paths } = folder ?? this.given;
    const known = projectFiles(Object.keys(texts));
    const project = { texts: Object.fromEntries(known.map((path) => [path, texts[path]])), paths };
    sessionStorage.setItem(PROJECT, JSON.stringify(project));
    location.assign(new URL("kit/", ROOT));
  }

  /** @param {DOMStringMap} at */
  go({ go = "", line = "1", last = line }) {
    if (go !== this.file) {
      this.file = go;
      this.showFiles();
    }
    this.editor.select(Number(line), Number(last));
  }

  /** @param {DOMStringMap} at */
  finding({ rule, of, at }) {
    return this.answers?.groups
      .flatMap(({ findings }) => findings)
      .find((each) => each.rule === rule && each.path === of && `${each.line}` === at);
  }

  /** @param {DOMStringMap} at */
  newLines(at) {
    const changes = this.finding(at)?.changes ?? [];
    return changes
      .flatMap(({ lines }) =>
        lines.filter(({ sign }) => sign === "+").map(({ line }) => `${line}\n`),
      )
      .join("");
  }

  /** @param {DOMStringMap} at */
  async apply(at) {
    const finding = this.finding(at);
    const { withEdits } = await this.load();
    if (!finding) return;
    const { condition, edits } = finding;
    await this.change((input) => withEdits(input, edits), condition ? [condition] : []);
  }

  async applyAll() {
    const { applyProposals } = await this.load();
    /** @type {string[]} */
    const conditions = [];
    await this.change((input) => {
      const applied = applyProposals(input);
      conditions.push(...applied.conditions);
      return applied.input;
    }, conditions);
  }

  /**
   * Change the files, and show the first one that changed.
   * @param {(input: CheckInput) => CheckInput} change
   * @param {string[]} conditions
   */
  async change(change, conditions) {
    if (!this.grammar) return;
    const { changedTexts, inputOf } = await this.load();
    const { input, pathOf } = inputOf(this.given, this.yaml);
    const own = { ...input, grammar: this.grammar };
    const texts = Object.fromEntries(
      Object.entries(changedTexts(own, change(own))).map(([file, text]) => [pathOf(file), text]),
    );
    const { given } = this;
    this.earlier.push({ given, conditions: this.conditions });
    this.conditions = [...new Set([...this.conditions, ...conditions])];
    this.given = { ...given, texts: { ...given.texts, ...texts } };
    if (given.paths) this.given.paths = [...new Set([...given.paths, ...Object.keys(texts)])];
    await this.refresh(Object.keys(texts));
  }

  async undo() {
    const { given, conditions } = this.earlier.pop() ?? this;
    Object.assign(this, { given, conditions });
    await this.refresh([]);
  }

  /** Show other texts. @param {string[]} changed */
  async refresh(changed) {
    const [first = this.file] = changed;
    this.file = changed.includes(this.given.dockerfile) ? this.given.dockerfile : first;
    await this.check();
    this.showFiles();
    // In one column, the answers begin below the file.
    this.reveal(getComputedStyle(this).display === "grid" ? undefined : ".editor");
  }

  /** @param {string} [path] */
  download(path = "") {
    save(this.given.texts[path] ?? "", path.split("/").at(-1) ?? "");
  }
}

customElements.define("check-dockerfile", CheckDockerfile);
