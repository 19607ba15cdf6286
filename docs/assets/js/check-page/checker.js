// @ts-check
// What needs a Dockerfile. The page loads this module when a reader starts to use the form.

export { changedTexts, withEdits } from "../check/fixes.js";
export { applyProposals } from "../check/proposals.js";
export { projectFiles } from "../kit/read/files.js";
export { answersTo } from "./answers.js";
export { inputOf } from "./given-input.js";
export { rebuildsView, rebuildView } from "./rebuilds-view.js";
export { findingsView, installsView, summary } from "./views.js";
