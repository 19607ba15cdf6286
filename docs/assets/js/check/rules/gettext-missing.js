// @ts-check
import { baseImage, isAlpine, isSmall, lineage, readImage } from "../base-images.js";
import { atCommand, insertBelow } from "../line-edits.js";
import { djangoCommand } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "gettext-missing",
  title: "`compilemessages` fails without gettext",
  advice: "Install gettext with apt in the stage that runs `compilemessages`.",
  severity: "breaks",
  claims: ["compilemessages-needs-gettext"],
  check: (project) =>
    project.commands.flatMap((command) => {
      const base = baseImage(project.dockerfile, command.stage);
      if (djangoCommand(command) !== "compilemessages" || !isSmall(base)) return [];
      const stages = lineage(project.dockerfile, command.stage);
      const has = project.commands.some(
        ({ words, stage }) =>
          stages.includes(stage) && /gettext|\.sh\b|xargs/.test(words.join(" ")),
      );
      if (has) return [];
      const message = `No line installs gettext into \`${base.name}:${base.tag}\`, so this step fails.`;
      return [{ ...atCommand(project, command, "compilemessages"), message, fix: fixed(command) }];
    }),
};

/** Install gettext at the beginning of the stage, where its step is cached. @param {ShellCommand} command */
const fixed = ({ stage: { start, base, baseStage } }) =>
  baseStage !== undefined || isAlpine(readImage(base))
    ? undefined
    : insertBelow(
        start,
        "RUN apt-get update \\",
        "    && apt-get install --yes --no-install-recommends gettext \\",
        "    && rm -rf /var/lib/apt/lists/*",
      );
