// @ts-check
import { at } from "../line-edits.js";

const SECRET_FILE =
  /(?:^|\/)(?:\.env(?:\.(?:prod|production|local))?|\.netrc|\.pypirc|\.git-credentials|id_(?:rsa|ed25519|ecdsa))$/;

/** @type {Rule} */
export const rule = {
  id: "secret-file-copied",
  title: "A file with secrets is copied into the image",
  advice: "Mount the file as a build secret, or pass its values to the container when it starts.",
  severity: "breaks",
  claims: ["what-a-later-run-removes-stays-in-the-image", "netrc-as-a-secret-is-read-by-uv"],
  noFix: "The checker cannot tell what reads the file.",
  check: ({ image }) =>
    image
      .filter(({ keyword, origin }) => (keyword === "COPY" || keyword === "ADD") && !origin)
      .flatMap((instruction) => {
        const file = instruction.words.slice(0, -1).find((word) => SECRET_FILE.test(word));
        if (!file) return [];
        const message = `Everyone who has the image can read \`${file}\` from its layer, even if a later step removes the file.`;
        return [{ ...at(instruction), message }];
      }),
};
