import { build, contender, picture, read, state, verb, written } from "./layer-explorer-picture.js";

const DATA = new URL("../../data/", import.meta.url);
const fetched = {};
const recording = (name) =>
  (fetched[name] ??= fetch(new URL(`${name}.json`, DATA)).then((answer) => answer.json()));

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);
const seconds = (value) => `${value.toFixed(value < 0.95 ? 2 : 1)}\u00a0s`;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const SAID = { waiting: "waiting", running: "running", cached: "cached" };
const MOUNTS = { cache: "cache mount", secret: "secret", bind: "bind mount" };
const PLACES = { "": "a warm laptop", fresh: "a fresh CI runner" };

class LayerExplorer extends HTMLElement {
  connectedCallback() {
    if (this.usual) return;
    const { example, edit, against, names } = this.dataset;
    this.names = JSON.parse(names);
    this.usual = { layers: example, edit, against, on: "" };
    this.shown = read(location.hash, this.usual);
    this.follow = () => {
      if (!/[#&]layers=/.test(location.hash)) return;
      this.shown = read(location.hash, this.usual);
      this.show();
    };
    addEventListener("hashchange", this.follow);
    this.resized = new ResizeObserver(() => this.connect());
    const linked = /[#&]layers=/.test(location.hash);
    this.show().then(() => linked && this.scrollIntoView());
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.follow);
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  /** The recorded builds of a Dockerfile. */
  async builds(name) {
    if (!name.startsWith("shop/")) return recording(`layers/${name}`);
    return contender(await recording("bench-steps"), name.slice(5), this.names.titles);
  }

  async show() {
    const { layers, against, on } = this.shown;
    const names = [layers, against].filter(Boolean);
    const found = await Promise.all(names.map((name) => this.builds(name)));
    const { builds } = found[0];
    if (!builds.some(({ name }) => name === this.shown.edit)) this.shown.edit = builds[0].name;
    if (!this.classList.contains("ready")) this.frameIt();
    const choice = this.querySelector(".choice");
    // Made anew it would lose the focus.
    if (choice.dataset.of !== layers) choice.innerHTML = this.choice(builds);
    choice.dataset.of = layers;
    choice.querySelector(`[value="${this.shown.edit}"]`).checked = true;
    this.panels = found.map((each, number) => {
      const one = build(each, this.shown.edit, on);
      return { title: this.title(names[number]), picture: one && picture(one), edit: one?.title };
    });
    this.now = this.end = Math.max(0.01, ...this.panels.map((each) => each.picture?.seconds ?? 0));
    this.draw();
  }

  title = (name) => this.names.examples[name] ?? this.names.shop[name];

  /** What stays while other things are chosen. */
  frameIt() {
    const options = (kind, label) =>
      `<optgroup label="${label}">${Object.entries(this.names[kind])
        .map(([name, title]) => `<option value="${name}">${escaped(title)}</option>`)
        .join("")}</optgroup>`;
    const every = options("examples", "The examples") + options("shop", "One shop, each way");
    const places = Object.entries(PLACES).map(([name, said]) => `<option value="${name}">${said}</option>`);
    this.innerHTML = `<div class="chosen">
<label>Dockerfile <select name="layers">${every}</select></label>
<label>against <select name="against"><option value="">nothing</option>${every}</select></label>
<label>built on <select name="on">${places.join("")}</select></label></div>
<div class="explored"><fieldset class="choice"></fieldset><div class="panels"></div></div>
<div class="scrub"><button type="button">Play</button>
<input type="range" min="0" max="1000" value="1000" aria-label="Moment of the build"><span aria-hidden="true"></span></div>
<p class="said" role="status"></p>`;
    this.classList.add("ready");
    this.addEventListener("change", ({ target: { name, value } }) => name && this.choose(name, value));
    this.slider = this.querySelector("input[type=range]");
    this.slider.addEventListener("input", () => {
      this.stop();
      this.at((this.slider.value / 1000) * this.end);
    });
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => (this.frame ? this.stop() : this.play()));
    this.button.hidden = still();
  }

  choose(name, value) {
    this.shown[name] = value;
    history.replaceState(history.state, "", written(this.shown));
    this.show();
  }

  /** Every edit with what it costs. */
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
    const { layers, against, on } = this.shown;
    this.querySelector("[name=layers]").value = layers;
    this.querySelector("[name=against]").value = against;
    this.querySelector("[name=on]").value = on;
    const panels = this.querySelector(".panels");
    panels.innerHTML = this.panels.map((panel) => this.panel(panel)).join("");
    this.steps = this.panels.flatMap(({ picture }, number) =>
      (picture?.stages ?? []).flatMap(({ steps }) =>
        steps.map((step) => ({ step, item: panels.children[number].querySelector(`[data-at="${step.at}"]`) })),
      ),
    );
    this.slider.value = 1000;
    this.querySelector(".said").textContent = this.said();
    this.at(this.end);
    // Tells at once, and then of each new width: when the steps have their places.
    this.resized.disconnect();
    this.resized.observe(this);
  }

  panel({ title, edit, picture }) {
    if (!picture) return `<section><h3>${escaped(title)}</h3><p>This build was not recorded.</p></section>`;
    const scale = 100 / this.end;
    const stages = picture.stages.map(
      ({ name, steps }) => `<li><h4>${escaped(name)}</h4><ol>
${steps.map((step) => this.step(step, picture)).join("")}</ol></li>`,
    );
    const lanes = picture.stages.map(({ steps }) => {
      const bars = steps.filter((step) => !step.cached);
      return `<div>${bars
        .map((s) => `<i style="left:${s.started * scale}%;width:${s.seconds * scale}%"></i>`)
        .join("")}</div>`;
    });
    return `<section><h3>${escaped(title)} <small>${escaped(edit.toLowerCase())}: ${seconds(picture.seconds)},
${picture.ran} of ${picture.count} steps ran</small></h3>
<div class="graph"><svg aria-hidden="true"></svg><ol class="stages">${stages.join("")}</ol></div>
<div class="lanes" aria-hidden="true">${lanes.join("")}<b></b></div></section>`;
  }

  step(step, { edges }) {
    const chips = step.mounts.map(
      ({ type, what }) => `<span class="${type}" title="${MOUNTS[type] ?? type} ${escaped(what)}">${escaped(what)}</span>`,
    );
    const kept = edges.some((edge) => edge.to === step.at && edge.is === "kept");
    const note = kept ? "<em>what it takes came out the same</em>" : "";
    return `<li data-at="${step.at}"><code title="${escaped(step.instruction)}">${escaped(step.text)}</code>
<b></b>${chips.length ? `<p>${chips.join("")}</p>` : ""}${note}</li>`;
  }

  /** In words, what the picture shows. */
  said() {
    return this.panels
      .map(({ title, picture }) => {
        if (!picture) return `${title}: not recorded.`;
        const slowest = picture.stages.flatMap(({ steps }) => steps).sort((a, b) => b.seconds - a.seconds)[0];
        const where = picture.ran ? ` Most of it: ${verb(slowest.text)}, ${seconds(slowest.seconds)}.` : "";
        return `${title}: ${picture.ran} of ${picture.count} steps ran, ${seconds(picture.seconds)}.${where}`;
      })
      .concat(this.shown.on === "fresh" ? "A fresh runner has no layers: every build is the cold one." : [])
      .concat(this.strangers() ? "Two different services: compare which steps run, not the seconds." : [])
      .join(" ");
  }

  strangers() {
    const { layers, against } = this.shown;
    const { services } = this.names;
    return against && services[layers] !== services[against];
  }

  /** Show the builds as they stood at a moment, in seconds. */
  at(now) {
    this.now = now;
    for (const { step, item } of this.steps) {
      const is = now >= this.end && !step.cached ? "ran" : state(step, now);
      item.dataset.state = is;
      item.querySelector("b").textContent = SAID[is] ?? seconds(step.seconds);
    }
    this.style.setProperty("--now", `${(now / this.end) * 100}%`);
    this.querySelector(".scrub span").textContent = `${seconds(now)} of ${seconds(this.end)}`;
    this.slider.setAttribute("aria-valuetext", seconds(now));
  }

  play() {
    this.button.textContent = "Pause";
    const from = this.now >= this.end ? 0 : this.now;
    // A long build passes in eight seconds.
    const speed = Math.max(1, this.end / 8);
    let began;
    const next = (time) => {
      began ??= time;
      const now = Math.min(this.end, from + ((time - began) / 1000) * speed);
      this.slider.value = (now / this.end) * 1000;
      this.at(now);
      this.frame = now < this.end ? requestAnimationFrame(next) : this.stop();
    };
    this.frame = requestAnimationFrame(next);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    if (this.button) this.button.textContent = "Play";
  }

  /** Lines from stage to stage, where the steps came to stand. */
  connect() {
    this.panels?.forEach(({ picture }, number) => {
      const graph = this.querySelectorAll(".panels section")[number]?.querySelector(".graph");
      if (!graph) return;
      const box = graph.getBoundingClientRect();
      const place = (at) => graph.querySelector(`[data-at="${at}"]`).getBoundingClientRect();
      const lines = picture.edges.map(({ from, to, is }) => {
        const [a, b] = [from, to].map(place);
        const [x, y] = [a.left - box.left, a.top + a.height / 2 - box.top];
        const v = b.top + b.height / 2 - box.top;
        const bend = x - Math.min(18, 8 + (v - y) / 30);
        return `<path class="${is}" d="M${x} ${y}C${bend} ${y} ${bend} ${v} ${x} ${v}"/>`;
      });
      graph.querySelector("svg").innerHTML = lines.join("");
    });
  }
}

customElements.define("layer-explorer", LayerExplorer);
