// @ts-check
// The answers as HTML.

import { IGNORE_FILE } from "../check/file-names.js";
import { count, escaped, lineButton, lineLabel, sentence } from "./html.js";

/** @typedef {import("./answers.js").Answers} Answers */
/** @typedef {import("./answers.js").ShownFinding} ShownFinding */
/** @typedef {{ root: string, dockerfile: string }} PageFacts */
/** @typedef {{ paths: string[], conditions: string[] }} Changed What fixes changed, and what to do. */

/** @type {Record<Severity, string>} */
const GROUPS = {
  breaks: "Breaks or leaks in production",
  slow: "Makes builds or starts slow",
  risky: "Risky",
  untidy: "Untidy",
};
/** @type {Record<Severity, string>} */
const COUNTED = { breaks: "break or leak", slow: "slow", risky: "risky", untidy: "untidy" };

// Chromium removes the dot at the beginning of a name.
const DOT = " <small>Some browsers save it without the dot at the beginning of its name.</small>";
const PYPROJECT = "pyproject.toml";
/** The rules whose fix depends on it. */
const NEED_PYPROJECT = new Set(["code-before-install", "dev-group-shipped"]);

/** Return the findings in one sentence. @param {Answers} answers */
export const summary = ({ fault, groups }) => {
  if (fault !== undefined) return fault;
  const all = groups.flatMap(({ findings }) => findings);
  if (all.length === 0) return "No findings.";
  const parts = groups.map(({ severity, findings }) => `${findings.length} ${COUNTED[severity]}`);
  return `${count(all.length, "finding")}: ${parts.join(", ")}.`;
};

/**
 * @param {Answers} answers
 * @param {PageFacts} facts
 * @param {Changed} changed
 */
export const findingsView = (answers, facts, changed) => {
  const { groups, gaps, missing } = answers;
  const lists = groups.map(
    ({ severity, findings }) => `<h3 class="${severity}">${GROUPS[severity]}</h3>
${findings.map((each) => finding(each, facts, missing)).join("")}`,
  );
  const empty = "<p>The page found no mistakes in your files.</p>";
  const all = groups.flatMap(({ findings }) => findings);
  const head = fixesView(all, changed, missing) + filesView(answers);
  return `<h2>Findings</h2>${head}${lists.join("") || empty}${gapsView(gaps, facts)}`;
};

/**
 * Return the button for all fixes, the files that fixes changed, and what is left to do.
 * @param {ShownFinding[]} all
 * @param {Changed} changed
 * @param {Answers["missing"]} missing
 */
const fixesView = (all, { paths, conditions }, missing) => {
  const left = all.filter(({ changes }) => changes.length === 0);
  const fixable = all.length - left.length;
  const apply = fixable
    ? `<p><button type="button" class="primary" name="fixAll">Apply all fixes</button>
Fixes ${fixable} of ${count(all.length, "finding")}. You can undo the changes.</p>`
    : "";
  const rows = paths.map((path) => {
    const file = escaped(path);
    return `<li>${fileButton(path)} <button type="button" data-copy-file="${file}">Copy</button>
<button type="button" data-download="${file}">Download</button>${path.startsWith(".") ? DOT : ""}</li>`;
  });
  const list = rows.length
    ? `<p>Changed files, with the new lines marked in the editor:</p><ul>${rows.join("")}</ul>`
    : "";
  const todo = conditions.map((each) => `<li>${sentence(each)}</li>`);
  const before = todo.length ? `<h3>Before you build</h3><ul>${todo.join("")}</ul>` : "";
  return apply + list
    ? `<div class="fixed">${apply}${list}${leftView(left, fixable, missing)}</div>${before}`
    : "";
};

/**
 * Return the findings that only the reader can end.
 * @param {ShownFinding[]} left
 * @param {number} fixable
 * @param {Answers["missing"]} missing
 */
const leftView = (left, fixable, missing) => {
  const rows = left.map(
    ({ rule, line, title }) =>
      `<li><a href="#finding-${rule}-${line}">${sentence(title)}</a>${wayToFix(rule, missing)}</li>`,
  );
  // One fix can make another one possible.
  const words = fixable ? "may be left" : "left";
  if (rows.length)
    return `<p>${rows.length} ${words} for you to decide:</p><ul>${rows.join("")}</ul>`;
  return fixable ? "" : "<p>No findings are left.</p>";
};

/** Return which file a rule needs for its fix. @param {string} rule @param {Answers["missing"]} missing */
const wayToFix = (rule, missing) =>
  NEED_PYPROJECT.has(rule) && missing.some(({ file }) => file === PYPROJECT)
    ? ` To get a fix, add ${fileButton(PYPROJECT)}`
    : "";

/** Return which files would make the answers better. @param {Answers} answers */
const filesView = ({ missing, hasIgnoreFile }) => {
  const rows = missing.map(({ file, topic }) => `${fileButton(file)} for ${topic}`);
  const files = rows.length ? `To check more, add ${rows.join(", ")}. ` : "";
  const none = hasIgnoreFile
    ? ""
    : `No ${IGNORE_FILE} yet? <button type="button" class="at" name="ignoreFile">Start with Pattern A's</button>`;
  return files || none ? `<p>${files}${none}</p>` : "";
};

/** Return a button that shows a file. @param {string} path */
const fileButton = (path) =>
  `<button type="button" class="at" data-go="${escaped(path)}">${escaped(path)}</button>`;

/** @param {ShownFinding} each @param {PageFacts} facts @param {Answers["missing"]} missing */
const finding = (each, { root, dockerfile }, missing) => {
  const { rule, title, line, lastLine, path, message, advice, severity, changes, condition } = each;
  const name = path === dockerfile ? "" : path;
  const check = condition ? `<p>If you apply this fix: ${sentence(condition)}</p>` : "";
  return `<details class="finding ${severity}" id="finding-${rule}-${line}">
<summary><h4>${sentence(title)}</h4><small>${lineLabel({ line, lastLine }, name)}</small></summary>
<p>${sentence(message)}</p><p><b>${sentence(advice)}</b></p>
${check}
${changes.map((change) => difference(change, dockerfile)).join("")}
<p class="fix">${changes.length ? fixButtons(each) : wayToFix(rule, missing)}${lineButton({ line, lastLine }, path, name)}</p>
<details data-rule="${rule}"><summary>Test and example</summary><ul></ul>
<p><a href="${root}reference/check-rules/#${rule}">A bad and a good example</a></p></details></details>`;
};

/** @param {import("./difference.js").Difference} change @param {string} dockerfile */
const difference = ({ file, lines }, dockerfile) => {
  const classes = { "-": "gd", "+": "gi", " ": "" };
  const rows = lines.map(
    ({ sign, line }) => `<span class="${classes[sign]}">${sign} ${escaped(line)}</span>`,
  );
  const name = file === dockerfile ? "" : `<span class="filename">${escaped(file)}</span>`;
  return `<div class="highlight no-copy">${name}<pre><code>${rows.join("")}</code></pre></div>`;
};

/** @param {ShownFinding} finding */
const fixButtons = ({ rule, line, path, title }) => {
  const at = `data-rule="${rule}" data-of="${escaped(path)}" data-at="${line}"`;
  const label = escaped(title.replaceAll("`", ""));
  const what = `aria-label="Apply this fix: ${label}"`;
  return `<button type="button" class="primary" data-apply ${at} ${what}>Apply this fix</button>
<button type="button" data-copy ${at}>Copy the new lines</button>`;
};

/** @param {NotJudged[]} gaps @param {PageFacts} facts */
const gapsView = (gaps, { dockerfile }) => {
  const rows = gaps.map(
    ({ line, reason }) => `<li>${lineButton({ line }, dockerfile)} ${sentence(reason)}</li>`,
  );
  return rows.length
    ? `<h3>What the page could not check</h3><ul class="gaps">${rows.join("")}</ul>`
    : "";
};

/** @param {Answers} answers @param {PageFacts} facts */
export const installsView = ({ installs, installers, isAssumed }, { root, dockerfile }) => {
  const others = installers.map(
    ({ text, page, title, ...at }) => `<li>${lineButton(at, dockerfile)} ${sentence(text)}
<a href="${root}${page}">${title}</a></li>`,
  );
  const other = others.length ? `<ul class="gaps">${others.join("")}</ul>` : "";
  return `<h2>What gets installed</h2>${other}${installs ? packages(installs, dockerfile) : missingFiles(others.length > 0, isAssumed)}`;
};

/** @param {boolean} hasOther @param {boolean} isAssumed */
const missingFiles = (hasOther, isAssumed) => {
  if (hasOther) return "";
  return isAssumed
    ? "<p>Add <code>pyproject.toml</code> and <code>uv.lock</code> above to see the packages in the image.</p>"
    : "<p>The folder has no <code>pyproject.toml</code> with a <code>uv.lock</code> beside it in the build context, so the packages are unknown.</p>";
};

/** @param {import("./installs.js").Installs} installs @param {string} dockerfile */
const packages = ({ problem, stages, packages: all, place, extra, missing }, dockerfile) => {
  if (problem) return `<p>${sentence(problem)}</p>`;
  const image = all
    ? `<p>The image that ships has <b>${count(all.length, "package")}</b> in <code>${escaped(place ?? "")}</code>.</p>`
    : "<p>The packages in the image that ships are unknown.</p>";
  const lines = stages.flatMap(({ name, commands }) =>
    commands.map((each) => uvLine(name, each, dockerfile)),
  );
  const each = `<h3>Each <code>uv</code> command</h3><ul class="uv-lines">${lines.join("")}</ul>`;
  return `${image}${attributed("Missing, but needed to start the server", missing, "missing")}
${attributed("Should not be in the image", extra, "extra")}
${lines.length ? each : ""}`;
};

/**
 * @param {string} title
 * @param {import("./installs.js").Attributed[]} list
 * @param {string} kind
 */
const attributed = (title, list, kind) => {
  if (list.length === 0) return "";
  const rows = list.map(({ name, from }) => {
    const why = from ? ` <span>${sentence(from)}</span>` : "";
    return `<li class="${kind}"><code>${escaped(name)}</code>${why}</li>`;
  });
  return `<h3>${title} (${list.length})</h3><ul class="package-list">${rows.join("")}</ul>`;
};

/** @param {string} stage @param {InstallingLine} command @param {string} dockerfile */
const uvLine = (
  stage,
  { line, lastLine, text, packages: after, exported, refused, unknown },
  dockerfile,
) => {
  const result = refused
    ? `uv refuses: ${refused}`
    : (unknown ?? (exported ? `exports ${count(exported.length, "package")}` : installed(after)));
  return `<li>${lineButton({ line, lastLine }, dockerfile)} <code>${escaped(text)}</code>
<b>${sentence(result)}</b> <small>${escaped(stage)}</small></li>`;
};

/** @param {InstalledPackage[] | undefined} after */
const installed = (after) =>
  after ? `${count(after.length, "package")} afterwards` : "installs nothing";
