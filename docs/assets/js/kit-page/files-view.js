// @ts-check
// The files of a kit as HTML: the tree, and the text of one of them.

import { escaped, sentence } from "../check-page/html.js";
import { PAGES } from "../kit/notices.js";
import { claimLink } from "./form.js";
import { waysOut } from "./view.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").ShownFile} ShownFile */

/**
 * Return the tree of files, which a phone shows as tabs.
 * @param {View} view
 * @param {string} chosen
 */
export const fileTree = ({ files }, chosen) => {
  /** @type {string[]} */
  const shown = [];
  const rows = sorted(files).map((file) => {
    const folders = file.path.split("/").slice(0, -1);
    const headings = folders.flatMap((name, depth) => {
      const folder = folders.slice(0, depth + 1).join("/");
      if (shown.includes(folder)) return [];
      shown.push(folder);
      return [
        `<div class="folder" aria-hidden="true" style="--depth:${depth}">${escaped(name)}/</div>`,
      ];
    });
    return `${headings.join("")}${fileRow(file, folders.length, file.path === chosen)}`;
  });
  return `<legend>Files</legend>${rows.join("")}`;
};

/** @param {ShownFile} file @param {number} depth @param {boolean} isChosen */
const fileRow = ({ path, lit, isNew, kind, lines }, depth, isChosen) => {
  const name = path.split("/").at(-1) ?? "";
  const folder = path.slice(0, -name.length);
  const added = lines.filter(({ sign }) => sign === "+").length;
  const merged = added > 0 ? `+${added}` : "merge";
  const label = kind === "merge" ? `<small>${merged}</small>` : "";
  const change = isNew ? "new" : lit.size > 0 ? `${lit.size} changed` : "";
  const mark = change ? `<i title="${change}"><span>${change}</span></i>` : "";
  return `<label style="--depth:${depth}"><input type="radio" name="file" value="${escaped(path)}"${isChosen ? " checked" : ""}>
<span><span class="in">${escaped(folder)}</span>${escaped(name)}</span>${label}${mark}</label>`;
};

/** Files in folders come first, as in most editors. @param {ShownFile[]} files */
const sorted = (files) => {
  const key = (/** @type {ShownFile} */ { path }) => (path.includes("/") ? `0${path}` : `1${path}`);
  return files.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
};

/**
 * Return the text of a file with its note. Lines that the last answer changed are lit.
 * @param {ShownFile} file
 */
export const fileText = ({ path, note, lines, lit, kind, isMerged, conflicts }) => {
  const isMerge = kind === "merge";
  const classes = { "-": "gd", "+": "gi", " ": "" };
  const rows = lines.map(({ sign, line }, index) => {
    const names = [classes[sign], lit.has(index) ? "lit" : "", isComment(path, line) ? "rem" : ""];
    const name = names.filter(Boolean).join(" ");
    const before = isMerged ? `${sign} ` : "";
    return `<span class="${name}">${escaped(before + line) || " "}</span>`;
  });
  const label = isMerge && !isMerged ? "Copy these lines" : "Copy the file";
  const wanted = conflicts.map(
    (each) =>
      `<li>Your file contains a different value. Use <code>${escaped(each)}</code> instead.</li>`,
  );
  const values = wanted.length > 0 ? `<ul class="note">${wanted.join("")}</ul>` : "";
  return `<div class="head"><h3>${escaped(path)}</h3><button type="button" name="copyFile">${label}</button></div>
<p class="note">${sentence(noteOf(note, isMerge, isMerged, path))}</p>${values}
<div class="highlight no-copy"><pre tabindex="0" role="region" aria-label="${escaped(path)}"><code>${rows.join("")}</code></pre></div>`;
};

/** @param {string} note @param {boolean} isMerge @param {boolean} isMerged @param {string} path */
const noteOf = (note, isMerge, isMerged, path) => {
  if (isMerged) return `These are the changes to your \`${path}\`.`;
  return isMerge ? `Add these lines to your \`${path}\`. ${note}` : note;
};

/** @param {string} path @param {string} line */
const isComment = (path, line) => /^\s*#/.test(line) && !path.endsWith(".md");

/**
 * Return what the reader has to know before the first build.
 * @param {View} view
 * @param {string} root
 */
export const noticeView = ({ notices }, root) =>
  notices
    .map(({ text, page }) => {
      const link = page ? ` See <a href="${root}${page}/">${escaped(PAGES[page])}</a>.` : "";
      return `<section class="${page ? "first" : "other"}"><p>${page ? "<b>Move your packages first.</b> " : ""}${sentence(text)}${link}</p></section>`;
    })
    .join("");

/**
 * Return why there is no kit, with the answers that lead to one.
 * @param {View} view
 * @param {string} root
 */
export const refusalView = (view, root) =>
  view.refused
    .map((refusal) => {
      const ways = waysOut(view, refusal).map(
        ({ id, value, title, label }) =>
          `<li>${escaped(title)} <button type="button" name="answer" data-question="${id}" value="${escaped(value)}">${escaped(label)}</button></li>`,
      );
      const other = `<p>To get the files, change one of these answers:</p><ul>${ways.join("")}</ul>`;
      const link = refusal.claim ? claimLink(refusal.claim, root) : "";
      return `<section><p><b>These answers do not work together.</b> ${sentence(refusal.reason)}${link}</p>
${ways.length > 0 ? other : ""}</section>`;
    })
    .join("");
