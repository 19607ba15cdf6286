// @ts-check
// The build of the site puts all modules that this one needs into one file.
import "./kit-page/element.js";
