// @ts-check
// The private Git servers and indexes of a project.

import { fact, note } from "./evidence.js";
import { gitServer, indexName, indexUrl } from "./servers.js";

/** @typedef {import("./evidence.js").Origin} Origin */
/** @typedef {import("./evidence.js").Project} Project */
/** @typedef {import("./evidence.js").Reading} Reading */

/** Return the Git servers that a project names. @param {Project} project */
const servers = ({ declared }) =>
  declared.flatMap(({ file, repositories }) =>
    repositories.map(({ value, at }) => ({ ...gitServer(value), file, at })),
  );

/** Return where a package from a public Git server is named, which the kit needs Git for. @param {Project} project */
export const publicRepository = (project) => {
  const all = servers(project).filter(({ host }) => host !== "");
  return all.some((each) => each.isPrivate) ? undefined : all[0];
};

/** @param {Project} project @returns {Reading} */
export const privateSources = (project) => {
  const { declared } = project;
  const repositories = servers(project);
  const indexes = declared.flatMap(({ file, indexes }) =>
    indexes.flatMap(({ value, at }) => {
      const url = indexUrl(value);
      return url ? [{ name: value.name || indexName(url), url, file, at }] : [];
    }),
  );
  const own = repositories.find((each) => each.isPrivate);
  const [index] = indexes;
  const facts = [
    ...(own ? [fact("private", "git", own), fact("gitHost", own.url, own)] : []),
    ...(index
      ? [
          ...(own ? [] : [fact("private", "index", index)]),
          fact("indexName", index.name, index),
          fact("indexUrl", index.url, index),
          ...fromIndex(declared, index.name),
        ]
      : []),
  ];
  return { facts, notes: sourceNotes(repositories, own, indexes) };
};

/**
 * @param {(ReturnType<typeof gitServer> & Origin)[]} repositories
 * @param {(ReturnType<typeof gitServer> & Origin) | undefined} own
 * @param {(Origin & { name: string, url: string })[]} indexes
 */
const sourceNotes = (repositories, own, indexes) => {
  const notes = [];
  const open = repositories.find((each) => each.host !== "" && !each.isPrivate);
  if (open && !own) {
    const text = `A package comes from a Git repository on ${open.host}, so the Dockerfile installs Git. If the repository is private, answer “Private Git”. Do not add a lock stage, because a package from Git has no hash.`;
    const claims = ["a-package-from-git-needs-git", "a-package-without-a-hash-is-refused"];
    notes.push(note(text, open, claims));
  }
  if (own?.isKey) {
    const text = `A package is fetched with an SSH key, but the kit uses a token. In pyproject.toml, change the package's URL so that it starts with ${own.url}/.`;
    notes.push(note(text, own));
  }
  const servers = new Set(repositories.flatMap((each) => (each.isPrivate ? [each.host] : [])));
  if (own && servers.size > 1) {
    notes.push(
      note(
        `Packages come from ${servers.size} Git servers, but the kit has a token for only one of them.`,
        own,
      ),
    );
  }
  const [index, ...more] = indexes;
  if (index && own) {
    const text =
      "The project uses a private index and private Git packages, but the kit supports only one of the two.";
    notes.push(note(text, index));
  } else if (index) {
    const text = `If ${index.url} needs no password, answer “All packages are public”.`;
    notes.push(note(text, index));
  }
  if (more.length > 0) {
    notes.push(
      note(`There are ${more.length + 1} indexes, but the kit uses only the first one.`, index),
    );
  }
  return notes;
};

/**
 * Return the packages that are to be taken from an index.
 * @param {Project["declared"]} declared
 * @param {string} name
 */
const fromIndex = (declared, name) => {
  const own = declared.flatMap(({ file, indexed }) =>
    indexed.filter((each) => each.value.index === name).map((each) => ({ ...each, file })),
  );
  const names = own.map(({ value }) => value.package);
  return own.length > 0 ? [fact("privatePackages", names, own[0])] : [];
};
