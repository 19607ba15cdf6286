// @ts-check
import { atCommand } from "../line-edits.js";
import { has, values } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-not-read",
  title: "The install ignores uv.lock",
  advice: "Use `uv sync --locked`, or install what `uv export --locked` writes.",
  severity: "risky",
  claims: ["uv-pip-install-does-not-read-the-lockfile"],
  noFix:
    "`uv sync` installs into a different environment, so `PATH` and the start command also have to change.",
  check: (project) => {
    if (!hasLockfile(project)) return [];
    // An install from an exported file comes first, and a project adds nothing to it.
    const isExported = project.uv.some(({ name }) => /^(?:export|sync)$/.test(name));
    if (isExported) return [];
    return project.uv
      .filter((call) => INSTALLS.has(call.name) && takesProject(call) && !has(call, "--no-deps"))
      .map((call) => ({
        ...atCommand(project, call, /\buv\s+pip\s+(?:install|compile)/),
        message: `\`uv ${call.name}\` resolves the newest versions that pyproject.toml allows, not those in uv.lock.`,
      }));
  },
};

const INSTALLS = new Set(["pip install", "pip compile"]);

/** @param {UvCall} call */
const takesProject = (call) =>
  [...values(call, "--requirements"), ...(call.name === "pip compile" ? call.operands : [])].some(
    (file) => /pyproject\.toml$/.test(file),
  ) ||
  [...call.operands, ...values(call, "--editable")].some((word) => /^\.(?:\/)?(?:\[|$)/.test(word));

/** @param {CheckedProject} project */
const hasLockfile = ({ input, stages }) =>
  input.files?.["uv.lock"] !== undefined ||
  input.texts?.["uv.lock"] !== undefined ||
  stages.some(({ instructions }) =>
    instructions.some(({ words, mounts }) =>
      [...words, ...mounts.map(({ options }) => options.source ?? "")].some((word) =>
        /uv\.lock\*?$/.test(word),
      ),
    ),
  );
