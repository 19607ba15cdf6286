// @ts-check
// The steps that run again after an edit, in the look of the layer explorer.

import { count, escaped, sentence } from "./html.js";

/** @typedef {import("./rebuilds.js").Rebuild} Rebuild */
/** @typedef {import("./views.js").PageFacts} PageFacts */
/** @typedef {{ rebuilds: Rebuild[], isAssumed: boolean }} Rebuilds */

/** Edits after which a lock stage keeps the packages. */
const LOCK_STAGE = new Set(["ruff", "version"]);
const CODE_EDITS = new Set(["view", "template"]);
const NO_EDITS = "<p>The Dockerfile has no steps that an edit could run again.</p>";
const ASSUMED =
  '<p class="quiet">The page does not know your project. It assumes that the files that the Dockerfile copies exist, including a view and a template. To use your own files, choose your project\'s folder.</p>';

/**
 * @param {Rebuilds} answers
 * @param {PageFacts & { edits: Record<string, string> }} facts
 * @param {string} chosen The edit that is shown.
 */
export const rebuildsView = ({ rebuilds, isAssumed }, facts, chosen) => {
  const heading = "<h2>What each edit rebuilds</h2>";
  const shown = rebuilds.find(({ name }) => name === chosen) ?? rebuilds[0];
  if (!shown?.steps.length) return heading + NO_EDITS;
  const rows = rebuilds.map(
    (
      each,
    ) => `<label><input type="radio" name="edit" value="${each.name}"${each === shown ? " checked" : ""}>
<span>${escaped(facts.edits[each.name] ?? each.name)}</span><b${each.slow ? ' class="slow"' : ""}>${cost(each)}</b>
<i style="--share:${(each.ran / each.steps.length).toFixed(3)}"></i></label>`,
  );
  return `${heading}${isAssumed ? ASSUMED : ""}<div class="explorer"><div class="explored">
<fieldset class="choice"><legend>Change</legend>${rows.join("")}</fieldset>
<div class="panels">${rebuildView(shown, facts)}</div></div></div>`;
};

/** @param {Rebuild} rebuild */
const cost = ({ ran, steps, slow }) => {
  const slowOnes = slow ? `, ${slow} slow` : "";
  return `${ran} of ${steps.length}${slowOnes}`;
};

/**
 * @param {Rebuild} rebuild
 * @param {PageFacts & { edits: Record<string, string> }} facts
 */
export const rebuildView = (rebuild, facts) => {
  const { name, steps, ran } = rebuild;
  const title = escaped(facts.edits[name] ?? name);
  const stages = [...new Set(steps.map(({ stage }) => stage))].map(
    (stage) => `<li><h4>${escaped(stage)}</h4><ol>
${steps
  .filter((each) => each.stage === stage)
  .map(step)
  .join("")}</ol></li>`,
  );
  return `<section><h3>${title} <small>${ran} of ${count(steps.length, "step")} run again</small></h3>
<div class="graph"><ol class="stages">${stages.join("")}</ol></div>${remedy(rebuild, facts)}</section>`;
};

/** @param {import("./rebuilds.js").RebuiltStep} step */
const step = ({ text, cached, isSlow, cause, line }) => {
  const state = cached ? "cached" : isSlow ? "slow" : "runs again";
  const note = cause && cause.kind !== "above" ? `<em>${sentence(reason(cause))}</em>` : "";
  return `<li data-state="${cached ? "cached" : "ran"}"${isSlow ? ' class="slow"' : ""}>
<code title="Line ${line}">${escaped(text)}</code><b>${state}</b>${note}</li>`;
};

/** @param {Cause} cause */
const reason = (cause) => {
  if (cause.kind === "files") return `uses ${list(cause.names)}`;
  if (cause.kind === "variables") return `sees a different value of ${list(cause.names)}`;
  if (cause.kind === "stage") {
    return `uses files from the stage \`${cause.name}\`${cause.isAssumed ? ", which may differ" : ""}`;
  }
  return cause.kind === "image" ? "uses a different image" : "is a different instruction";
};

/** @param {string[]} names */
const list = (names) => {
  const shown = names.slice(0, 2).map((name) => `\`${name}\``);
  return shown.join(", ") + (names.length > 2 ? ` and ${names.length - 2} more` : "");
};

/** Return what would end the slow steps. @param {Rebuild} rebuild @param {PageFacts} facts */
const remedy = ({ name, slow, ender }, { root }) => {
  if (slow === 0) return "<p>No step that installs packages runs again.</p>";
  if (ender) {
    return `<p>A slow step runs again. See the finding <a href="#finding-${ender.rule}-${ender.line}">${sentence(ender.title)}</a>.</p>`;
  }
  if (CODE_EDITS.has(name)) {
    return "<p>A slow step runs again, because it comes after a step that uses the edited file.</p>";
  }
  return LOCK_STAGE.has(name)
    ? `<p>A slow step runs again, because it uses a file that this edit changes. A <a href="${root}patterns/lock-stage/">lock stage</a> prevents this.</p>`
    : "<p>A slow step runs again, because this edit changes what it installs or what it installs with.</p>";
};
