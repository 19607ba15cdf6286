// @ts-check
// Addresses of package indexes and Git servers.

// Anybody can publish on these servers, so a package on them is not private for certain.
const PUBLIC_SERVERS = new Set(["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"]);

/**
 * Return the URL of a Git server, and whether only its members can read the repository for certain: Git
 * asks for a key, or the server is not a public one.
 * @param {string} address Such as https://git.example.com/team/package.git or git@host:team/package.
 */
export const gitServer = (address) => {
  const isKey = /^(?:ssh:\/\/|[\w.-]+@)/.test(address);
  const short = /^[\w.-]+@([^:/]+):/.exec(address)?.[1];
  const url = urlOf(address);
  // The port of a key is not the one of the web server.
  const host = short ?? (isKey ? url?.hostname : url?.host) ?? "";
  const scheme = url?.protocol === "http:" ? "http" : "https";
  const isPrivate = host !== "" && (isKey || !PUBLIC_SERVERS.has(host));
  return { host, url: `${scheme}://${host}`, isKey, isPrivate };
};

/**
 * Return the URL of an index without a user name and a password, or "" if it is the public index.
 * @param {{ name: string, url: string }} index
 */
export const indexUrl = ({ name, url }) => {
  // A variable in a URL is nearly always a user name or a password.
  const parsed = urlOf(url.replace(/\$\{\w+\}|\$\w+/g, "x"));
  if (!parsed || name.toLowerCase() === "pypi" || isPublic(parsed.hostname)) return "";
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
};

/** Whether a host is that of the public index. A company's has a longer name. @param {string} host */
const isPublic = (host) => {
  const labels = host.replace(/^test\./, "").split(".");
  return labels[0] === "pypi" && labels.length === 2;
};

/**
 * Return a name for an index without one: the first label of its host that says something.
 * @param {string} url
 */
export const indexName = (url) => {
  const labels = urlOf(url)?.hostname.split(".") ?? [];
  const own = labels.slice(0, -1).filter((label) => !/^(?:www|pypi|packages?|index)$/.test(label));
  return (own.at(-1) ?? labels[0] ?? "").replace(/[^a-z0-9-]/g, "");
};

/** @param {string} address */
const urlOf = (address) => (URL.canParse(address) ? new URL(address) : undefined);
