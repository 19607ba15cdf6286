// @ts-check
import { satisfies } from "../../vendor/pep440.js";
import { baseImage, lineage } from "../base-images.js";
import { inContext } from "../ignored-files.js";
import { atCommand, insertAbove } from "../line-edits.js";
import { isOn } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "python-downloads",
  title: "uv may download a Python that the image does not need",
  advice: "Set `UV_PYTHON_DOWNLOADS=never`.",
  severity: "risky",
  claims: ["without-python-downloads-uv-fails", "an-environment-does-not-start-without-its-python"],
  notTried: "The download of a Python.",
  check: (project) => {
    const calls = project.uv.filter(
      (each) => /^(?:sync|run|venv)$/.test(each.name) && mayDownload(project, each),
    );
    const [call] = calls;
    if (!call) return [];
    return [
      {
        ...atCommand(project, call, new RegExp(`\\buv\\s+${call.name}`)),
        message:
          otherPython(project, call) ??
          "If the Python of the base image does not match `requires-python` or `.python-version`, uv downloads a different one instead of failing.",
        fix: calls.every((each) => suits(project, each))
          ? firstInStages(project, calls).flatMap(({ instruction }) =>
              insertAbove(project, instruction, "ENV UV_PYTHON_DOWNLOADS=never"),
            )
          : undefined,
      },
    ];
  },
};

/**
 * Return the first call of each stage that does not start from another one of these stages.
 * @param {CheckedProject} project
 * @param {UvCall[]} calls
 */
const firstInStages = ({ dockerfile }, calls) =>
  calls.filter(({ stage }, index) => {
    const above = lineage(dockerfile, stage);
    return !calls.slice(0, index).some((each) => above.includes(each.stage));
  });

/** @param {CheckedProject} project @param {UvCall} call */
export const mayDownload = (project, call) => {
  const { environment } = call;
  if (baseImage(project.dockerfile, call.stage).python === undefined) return false;
  // These projects use a Python that uv installs.
  if (project.uv.some(({ name }) => name === "python install")) return false;
  if (environment.has("UV_PYTHON_INSTALL_DIR") || environment.has("UV_MANAGED_PYTHON"))
    return false;
  if (has(call, "--no-python-downloads", "--no-managed-python", "--managed-python")) return false;
  if (/^(?:never|manual|0|false)$/.test(environment.get("UV_PYTHON_DOWNLOADS") ?? "")) return false;
  if (environment.get("UV_PYTHON_PREFERENCE") === "only-system") return false;
  if (environment.get("UV_PYTHON")?.startsWith("/")) return false;
  return !isOn(call, "UV_NO_MANAGED_PYTHON", "UV_OFFLINE", "UV_NO_PYTHON_DOWNLOADS");
};

/**
 * Whether the project accepts the Python of the image, as far as its files are known.
 * @param {CheckedProject} project
 * @param {UvCall} call
 */
const suits = ({ dockerfile, input, pyproject }, call) => {
  const { python = "" } = baseImage(dockerfile, call.stage);
  const pin = input.texts?.[".python-version"]?.trim() ?? python;
  const required = pyproject?.requiresPython ?? "";
  return pin === python && (required === "" || satisfies(`${python}.99`, required));
};

/**
 * Return what makes uv download a Python in this project, if that is known.
 * @param {CheckedProject} project
 * @param {UvCall} call
 */
export const otherPython = (project, call) => {
  const { python } = baseImage(project.dockerfile, call.stage);
  const pin = project.input.texts?.[".python-version"]?.trim() ?? "";
  const required = project.pyproject?.requiresPython ?? "";
  const effect = `and the base image has ${python}, so uv downloads a different Python.`;
  if (required && !satisfies(`${python}.99`, required)) {
    return `pyproject.toml requires Python \`${required}\`, ${effect}`;
  }
  const version = /^3\.\d+/.exec(pin)?.[0];
  return version && version !== python && isPinInImage(project)
    ? `\`.python-version\` asks for ${version}, ${effect}`
    : undefined;
};

/** @param {CheckedProject} project */
const isPinInImage = (project) =>
  inContext(project)?.(".python-version") &&
  project.stages.some(({ instructions }) =>
    instructions.some(
      ({ keyword, words }) =>
        /^(?:COPY|ADD)$/.test(keyword) &&
        words.slice(0, -1).some((word) => /^\.\/?$|\.python-version$/.test(word)),
    ),
  );
