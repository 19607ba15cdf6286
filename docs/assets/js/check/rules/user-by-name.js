// @ts-check
import { at, replaceAll } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "user-by-name",
  title: "Kubernetes cannot tell that the user is not root",
  advice: "Use the number of the user in `USER`.",
  severity: "untidy",
  claims: [],
  notTried: "Whether Kubernetes rejects the container, because the tests have no cluster.",
  check: ({ image, shipped, isDevelopment, input }) => {
    const user = image.findLast(({ keyword }) => keyword === "USER");
    // The instruction can name a build argument.
    const [name = ""] = shipped.end.user.split(":");
    if (isDevelopment || !user || !/^[a-z_][\w-]{0,31}$/i.test(name) || name === "root") return [];
    const created = new RegExp(
      `(?:useradd|adduser)\\b[^&;|]*?(?:--uid|-u)[ =](\\d+)[^&;|]*?\\s${name}\\b`,
    ).exec(input.dockerfile);
    return [
      {
        ...at(user),
        message: `With \`runAsNonRoot: true\`, Kubernetes should not start the container, because it cannot look up the number of \`${name}\`.`,
        fix:
          created && !/[:$]/.test(user.command)
            ? replaceAll(user, `USER ${created[1]}`)
            : undefined,
      },
    ];
  },
};
