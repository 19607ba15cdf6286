// @ts-check
import { baseImage, isAlpine, isSmall } from "../base-images.js";
import { at, replaceAll } from "../line-edits.js";
import { calledScript, programName } from "../shell-commands.js";
import { split } from "../words.js";

/** @type {Rule} */
export const rule = {
  id: "health-check-needs-curl",
  title: "The health check needs a program that the image does not have",
  advice: "Use Python for the health check.",
  severity: "breaks",
  claims: [
    "a-health-check-with-curl-fails-in-a-slim-image",
    "a-health-check-with-python-works-in-a-slim-image",
  ],
  notTried: "A health check with wget.",
  check: (project) => {
    const check = project.image.findLast(({ keyword }) => keyword === "HEALTHCHECK");
    const program = /\b(curl|wget)\b/.exec(check?.command ?? "")?.[1];
    const base = baseImage(project.dockerfile, project.shipped);
    if (!check || !program || !isSmall(base) || (isAlpine(base) && program === "wget")) return [];
    if (mayHave(project, program)) return [];
    return [
      {
        ...at(check),
        message: `\`${base.name}:${base.tag}\` has no ${program} and no line installs it, so every container becomes unhealthy.`,
        fix: withPython(check),
      },
    ];
  },
};

/**
 * Whether a step installs a program, or runs a script that can install it.
 * @param {CheckedProject} project
 * @param {string} program
 */
const mayHave = ({ image, commands }, program) => {
  const install = new RegExp(`(?:install|add)\\b.*\\b${program}\\b`, "s");
  return (
    image.some(
      ({ keyword, words }) =>
        keyword === "COPY" && words.some((word) => programName(word) === program),
    ) ||
    commands.some(
      ({ words, instruction }) =>
        image.includes(instruction) && (calledScript(words) || install.test(words.join(" "))),
    )
  );
};

/** @param {DockerfileInstruction} check */
const withPython = (check) => {
  const addresses = check.command.match(/https?:\/\/[^\s"'|;\\]+/g) ?? [];
  if (addresses.length !== 1 || addresses[0].includes("$")) return undefined;
  // Options such as a header are more than an address.
  if (split(check.command).some((word) => /^"?(?:-H|--header|-k|--insecure|-X|-u)/.test(word))) {
    return undefined;
  }
  const flags = check.flags.map(([name, value]) => `--${name}=${value} `).join("");
  const code = `import urllib.request as r; r.urlopen('${addresses[0]}', timeout=4)`;
  return replaceAll(check, `HEALTHCHECK ${flags}\\`, `    CMD ["python", "-c", "${code}"]`);
};
