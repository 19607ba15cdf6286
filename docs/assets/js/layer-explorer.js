// @ts-check
import { find } from "./dom.js";
import { seconds } from "./format.js";
import { build, contender, fromHash, picture, state, toHash } from "./layer-explorer-picture.js";

const DATA = new URL("../../data/", import.meta.url);
/** @type {{ [name: string]: Promise<unknown> }} */
const fetched = {};
/** @param {string} name */
const recording = (name) =>
  (fetched[name] ??= fetch(new URL(`${name}.json`, DATA)).then((answer) => answer.json()));

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const isLinked = () => /[#&]layers=/.test(location.hash);

/** @type {{ [type: string]: string }} */
const MOUNTS = { cache: "cache mount", secret: "secret", bind: "bind mount" };
const MACHINES = { "": "a warm laptop", fresh: "a fresh CI runner" };

class LayerExplorer extends HTMLElement {
  /** @type {ExplorerNames} */
  names = JSON.parse(this.dataset.names ?? "");
  defaults = {
    layers: this.dataset.example ?? "",
    edit: this.dataset.edit ?? "",
    against: this.dataset.against ?? "",
    on: "",
  };
  view = this.defaults;
  /** @type {Panel[]} */
  panels = [];
  /** @type {{ step: Step, item: HTMLElement }[]} */
  steps = [];
  now = 0;
  end = 0;
  frame = 0;
  resized = new ResizeObserver(() => this.drawEdges());

  async connectedCallback() {
    addEventListener("hashchange", this.follow);
    const linked = isLinked();
    await this.show(fromHash(location.hash, this.defaults));
    if (linked) this.scrollIntoView();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.follow);
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  follow = () => isLinked() && this.show(fromHash(location.hash, this.defaults));

  /** @param {string} name */
  async recording(name) {
    if (!name.startsWith("shop/"))
      return /** @type {Recording} */ (await recording(`layers/${name}`));
    const bench = /** @type {BenchRecording} */ (await recording("bench-steps"));
    return contender(bench, name.slice(5), this.names.titles);
  }

  /** @param {View} view */
  async show(view) {
    this.view = view;
    const { examples, shop, labels } = this.names;
    const names = [view.layers, view.against].filter(Boolean);
    const recordings = await Promise.all(names.map((name) => this.recording(name)));
    // Another view was chosen in the meantime.
    if (this.view !== view) return;
    const [{ builds }] = recordings;
    if (!builds.some(({ name }) => name === view.edit)) view.edit = builds[0].name;
    if (!this.classList.contains("ready")) this.prepare();
    const choice = find(this, ".choice", HTMLElement);
    // Written again, it would lose the focus.
    if (choice.dataset.of !== view.layers) choice.innerHTML = this.choice(builds);
    choice.dataset.of = view.layers;
    find(choice, `[value="${view.edit}"]`, HTMLInputElement).checked = true;
    this.panels = recordings.map((each, at) => {
      const shown = build(each, view);
      const title = examples[names[at]] ?? shop[names[at]];
      return {
        title,
        labels: labels[names[at]],
        shown: shown && { edit: shown.title, ...picture(shown) },
      };
    });
    this.end = Math.max(0.01, ...this.panels.map(({ shown }) => shown?.seconds ?? 0));
    this.draw();
  }

  get slider() {
    return find(this, "[type=range]", HTMLInputElement);
  }

  get button() {
    return find(this, "button", HTMLButtonElement);
  }

  /** Write what stays when another view is chosen. */
  prepare() {
    /** @param {{ [name: string]: string }} titles */
    const options = (titles) =>
      Object.entries(titles)
        .map(([name, title]) => `<option value="${name}">${escaped(title)}</option>`)
        .join("");
    const every = `<optgroup label="The examples">${options(this.names.examples)}</optgroup>
<optgroup label="The shop's Dockerfiles">${options(this.names.shop)}</optgroup>`;
    this.innerHTML = `<div class="chosen">
<label>Dockerfile <select name="layers">${every}</select></label>
<label>compared with <select name="against"><option value="">none</option>${every}</select></label>
<label>built on <select name="on">${options(MACHINES)}</select></label></div>
<div class="explored"><fieldset class="choice"></fieldset><div class="panels"></div></div>
<div class="scrub"><button type="button">Play</button>
<input type="range" min="0" max="1000" value="1000" aria-label="Moment of the build"><span aria-hidden="true"></span></div>
<p class="said" role="status"></p>`;
    this.classList.add("ready");
    this.addEventListener("change", ({ target }) => {
      const { name, value } = /** @type {HTMLInputElement} */ (target);
      if (name) this.choose({ ...this.view, [name]: value });
    });
    this.slider.oninput = () => {
      this.stop();
      this.seek((this.slider.valueAsNumber / 1000) * this.end);
    };
    this.button.onclick = () => (this.frame ? this.stop() : this.play());
    this.button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** @param {View} view */
  choose(view) {
    history.replaceState(history.state, "", toHash(view));
    this.show(view);
  }

  /**
   * Every edit with what it costs.
   * @param {Build[]} builds
   */
  choice(builds) {
    const longest = Math.max(...builds.map((each) => each.seconds));
    const rows = builds.map(
      (each) => `<label><input type="radio" name="edit" value="${each.name}">
<span>${escaped(each.title)}</span><b>${seconds(each.seconds)}</b>
<i style="--share:${(each.seconds / longest).toFixed(3)}"></i></label>`,
    );
    return `<legend>Change, on a warm laptop</legend>${rows.join("")}`;
  }

  draw() {
    this.stop();
    for (const name of /** @type {const} */ (["layers", "against", "on"]))
      find(this, `[name=${name}]`, HTMLSelectElement).value = this.view[name];
    const panels = find(this, ".panels", HTMLElement);
    panels.innerHTML = this.panels.map((panel) => this.panel(panel)).join("");
    this.steps = this.panels.flatMap(({ shown }, number) =>
      (shown?.stages ?? []).flatMap(({ steps }) =>
        steps.map((step) => ({ step, item: item(panels.children[number], step.at) })),
      ),
    );
    this.slider.value = "1000";
    find(this, ".said", HTMLElement).textContent = this.summary();
    this.seek(this.end);
    // It calls back at once, when the steps are laid out, and again after each change of width.
    this.resized.disconnect();
    this.resized.observe(this);
  }

  /** @param {Panel} panel */
  panel({ title, shown }) {
    if (!shown)
      return `<section><h3>${escaped(title)}</h3><p>This build was not recorded.</p></section>`;
    const scale = 100 / this.end;
    const stages = shown.stages.map(
      ({ name, steps }) => `<li><h4>${escaped(name)}</h4><ol>
${steps.map((step) => this.step(step, shown)).join("")}</ol></li>`,
    );
    const lanes = shown.stages.map(({ steps }) => {
      const bars = steps
        .filter(({ cached }) => !cached)
        .map((s) => `<i style="left:${s.started * scale}%;width:${s.seconds * scale}%"></i>`);
      return `<div>${bars.join("")}</div>`;
    });
    return `<section><h3>${escaped(title)} <small>${escaped(shown.edit.toLowerCase())}: ${seconds(shown.seconds)},
${shown.ran} of ${shown.count} steps ran</small></h3>
<div class="graph"><svg aria-hidden="true"></svg><ol class="stages">${stages.join("")}</ol></div>
<div class="lanes" aria-hidden="true">${lanes.join("")}<b></b></div></section>`;
  }

  /**
   * @param {PicturedStep} step
   * @param {Picture} picture
   */
  step(step, { edges }) {
    const chips = step.mounts.map(
      ({ type, name }) =>
        `<span class="${type}" title="${MOUNTS[type] ?? type} ${escaped(name)}">${escaped(name)}</span>`,
    );
    const kept = edges.some((edge) => edge.to === step.at && edge.is === "kept");
    const note = kept ? "<em>what it takes came out the same</em>" : "";
    return `<li data-at="${step.at}"><code title="${escaped(step.instruction)}">${escaped(step.text)}</code>
<b></b>${chips.length ? `<p>${chips.join("")}</p>` : ""}${note}</li>`;
  }

  /** The picture in words. */
  summary() {
    const texts = this.panels.map(({ title, labels, shown }) => {
      if (!shown) return `${title}: not recorded.`;
      const [slowest] = shown.stages
        .flatMap(({ steps }) => steps)
        .sort((a, b) => b.seconds - a.seconds);
      const most = shown.ran
        ? ` Most of it: ${labels[slowest.at]}, ${seconds(slowest.seconds)}.`
        : "";
      return `${title}: ${shown.ran} of ${shown.count} steps ran, ${seconds(shown.seconds)}.${most}`;
    });
    const { layers, against, on } = this.view;
    const { services } = this.names;
    if (on === "fresh") texts.push("A fresh runner has no layers: every build is the cold one.");
    if (against && services[layers] !== services[against])
      texts.push("Two different services: compare which steps run, not the seconds.");
    return texts.join(" ");
  }

  /**
   * Show the builds as they were after that many seconds.
   * @param {number} now
   */
  seek(now) {
    this.now = now;
    for (const { step, item } of this.steps) {
      const is = now >= this.end && !step.cached ? "ran" : state(step, now);
      item.dataset.state = is;
      find(item, "b", HTMLElement).textContent = is === "ran" ? seconds(step.seconds) : is;
    }
    this.style.setProperty("--now", `${(now / this.end) * 100}%`);
    find(this, ".scrub span", HTMLElement).textContent = `${seconds(now)} of ${seconds(this.end)}`;
    this.slider.ariaValueText = seconds(now);
  }

  play() {
    this.button.textContent = "Pause";
    const from = this.now >= this.end ? 0 : this.now;
    // A long build takes eight seconds to pass.
    const speed = Math.max(1, this.end / 8);
    /** @type {number | undefined} */
    let began;
    /** @type {FrameRequestCallback} */
    const next = (time) => {
      began ??= time;
      const now = Math.min(this.end, from + ((time - began) / 1000) * speed);
      this.slider.valueAsNumber = (now / this.end) * 1000;
      this.seek(now);
      if (now < this.end) this.frame = requestAnimationFrame(next);
      else this.stop();
    };
    this.frame = requestAnimationFrame(next);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.button.textContent = "Play";
  }

  /** Draw the edges from stage to stage, between the steps as they are laid out. */
  drawEdges() {
    const sections = this.querySelectorAll(".panels section");
    this.panels.forEach(({ shown }, number) => {
      if (!shown) return;
      const graph = find(sections[number], ".graph", HTMLElement);
      const box = graph.getBoundingClientRect();
      const lines = shown.edges.map(({ from, to, is }) => {
        const [a, b] = [from, to].map((at) => item(graph, at).getBoundingClientRect());
        const [x, y] = [a.left - box.left, a.top + a.height / 2 - box.top];
        const v = b.top + b.height / 2 - box.top;
        const bend = x - Math.min(18, 8 + (v - y) / 30);
        return `<path class="${is}" d="M${x} ${y}C${bend} ${y} ${bend} ${v} ${x} ${v}"/>`;
      });
      find(graph, "svg", SVGElement).innerHTML = lines.join("");
    });
  }
}

/**
 * The list item of a step.
 * @param {Element} panel
 * @param {number} at
 */
const item = (panel, at) => find(panel, `[data-at="${at}"]`, HTMLElement);

customElements.define("layer-explorer", LayerExplorer);
