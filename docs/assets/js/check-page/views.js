// @ts-check
// The answers as HTML.

import { rules } from "../check/rules.js";
import { count, escaped, lineButton, sentence } from "./html.js";

/** @typedef {import("./answers.js").Answers} Answers */
/** @typedef {{ claims: Record<string, string>, root: string, dockerfile: string }} PageFacts */

/** @type {Record<Severity, string>} */
const GROUPS = {
  breaks: "Breaks or leaks in production",
  slow: "Makes builds or starts slow",
  risky: "Risky",
  untidy: "Untidy",
};
/** @type {Record<Severity, string>} */
const COUNTED = { breaks: "break or leak", slow: "slow", risky: "risky", untidy: "untidy" };

/** Return the findings in one sentence. @param {Answers} answers */
export const summary = ({ fault, groups }) => {
  if (fault !== undefined) return fault;
  const all = groups.flatMap(({ findings }) => findings);
  if (all.length === 0) return "No findings.";
  const parts = groups.map(({ severity, findings }) => `${findings.length} ${COUNTED[severity]}`);
  return `${count(all.length, "finding")}: ${parts.join(", ")}.`;
};

/** @param {Answers} answers @param {PageFacts} facts @param {string[]} conditions */
export const findingsView = ({ groups, gaps, missing, fixed }, facts, conditions) => {
  const lists = groups.map(
    ({ severity, findings }) => `<h3 class="${severity}">${GROUPS[severity]}</h3>
${findings.map((each) => finding(each, facts)).join("")}`,
  );
  const empty = "<p>No rule found anything in the files above.</p>";
  const proposals = groups.flatMap((group) => group.findings).filter((each) => each.condition);
  return `<h2>Findings</h2>${fixedFiles(fixed, proposals.length > 0)}${conditionsView(conditions)}${lists.join("") || empty}${gapsView(gaps, missing, facts)}`;
};

/** @param {string[]} conditions */
const conditionsView = (conditions) => {
  const rows = conditions.map((each) => `<li>${sentence(each)}</li>`);
  return rows.length ? `<h3>Check what you applied</h3><ul>${rows.join("")}</ul>` : "";
};

/** @param {Answers["fixed"]} fixed @param {boolean} hasProposals */
const fixedFiles = (fixed, hasProposals) => {
  if (fixed.length === 0 && !hasProposals) return "";
  const rows = fixed.map(
    ({ path }) => `<li><code>${escaped(path)}</code>
<button type="button" data-copy-fixed="${escaped(path)}">Copy the file with all fixes</button>
<button type="button" data-download="${escaped(path)}">Download it</button></li>`,
  );
  const all = fixed.length
    ? '<button type="button" data-fix-all>Apply all fixes in the field</button>'
    : "";
  const more = hasProposals
    ? `<button type="button" data-propose-all>Apply all fixes and proposals</button>
<small>Check the condition of each proposal before you apply it.</small>`
    : "";
  return `<div class="fixed"><ul>${rows.join("")}</ul>${all}${more}</div>`;
};

/** @param {Answers["groups"][number]["findings"][number]} each @param {PageFacts} facts */
const finding = (each, { claims, root, dockerfile }) => {
  const { rule, title, line, lastLine, path, message, advice, severity, changes, condition } = each;
  const name = path === dockerfile ? "" : path;
  const noFix = rules.find(({ id }) => id === rule)?.noFix;
  const why = each.claims
    .map((id) => {
      const link = `${root}reference/tested-statements/#${id}`;
      return `<li><a href="${link}">${sentence(claims[id] ?? id)}</a></li>`;
    })
    .join("");
  return `<section class="finding ${severity}" id="finding-${rule}-${line}">
<h4>${sentence(title)}</h4>${lineButton({ line, lastLine }, path, name)}
<p>${sentence(message)}</p><p><b>${sentence(advice)}</b></p>
${condition ? `<p>Proposal: ${sentence(condition)}</p>` : ""}
${changes.map((change) => difference(change, dockerfile)).join("")}
${changes.length ? fixButtons(each) : noFix ? `<p class="quiet">No automatic fix: ${sentence(noFix)}</p>` : ""}
<details><summary>Test and example</summary>${why ? `<ul>${why}</ul>` : "<p>No test proves this rule yet.</p>"}
<p><a href="${root}reference/check-rules/#${rule}">A bad and a good example</a></p></details></section>`;
};

/** @param {import("./difference.js").Difference} change @param {string} dockerfile */
const difference = ({ file, lines }, dockerfile) => {
  const classes = { "-": "gd", "+": "gi", " ": "" };
  const rows = lines.map(
    ({ sign, line }) => `<span class="${classes[sign]}">${sign} ${escaped(line)}</span>`,
  );
  const name = file === dockerfile ? "" : `<span class="filename">${escaped(file)}</span>`;
  return `<div class="highlight no-copy">${name}<pre><code>${rows.join("\n")}</code></pre></div>`;
};

/** @param {{ rule: string, line: number, path: string, title: string, condition?: string }} finding */
const fixButtons = ({ rule, line, path, title, condition }) => {
  const name = condition ? "proposal" : "fix";
  const at = `data-rule="${rule}" data-of="${escaped(path)}" data-at="${line}"`;
  const what = `aria-label="Apply this ${name}: ${escaped(title.replaceAll("`", ""))}"`;
  return `<p class="fix"><button type="button" data-apply ${at} ${what}>Apply this ${name}</button>
<button type="button" data-copy ${at}>Copy the new lines</button></p>`;
};

/** @param {NotJudged[]} gaps @param {Answers["missing"]} missing @param {PageFacts} facts */
const gapsView = (gaps, missing, { dockerfile }) => {
  if (gaps.length + missing.length === 0) return "";
  const rows = gaps.map(
    ({ line, reason }) => `<li>${lineButton({ line }, dockerfile)} ${sentence(reason)}</li>`,
  );
  const files = missing.map(
    ({ file, unknown }) =>
      `<li><button type="button" class="at" data-go="${file}">Add ${file}</button> to learn ${sentence(unknown)}.</li>`,
  );
  return `<h3>What could not be judged</h3><ul class="gaps">${rows.join("")}${files.join("")}</ul>`;
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
  return `${image}${attributed("Missing to start the server", missing, "missing")}
${attributed("Should not be in the image", extra, "extra")}
${lines.length ? `<h3>Each <code>uv</code> command</h3><ul class="uv-lines">${lines.join("")}</ul>` : ""}`;
};

/**
 * @param {string} title
 * @param {import("./installs.js").Attributed[]} list
 * @param {string} kind
 */
const attributed = (title, list, kind) => {
  if (list.length === 0) return "";
  const rows = list.map(
    ({ name, from }) =>
      `<li class="${kind}"><code>${escaped(name)}</code>${from ? ` <span>${sentence(from)}</span>` : ""}</li>`,
  );
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
