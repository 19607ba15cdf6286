// @ts-check
// The Python that a command installs packages for, as markers see it.

/** @typedef {Pick<MarkerEnvironment, "os_name" | "platform_system" | "sys_platform">} System */

/** @type {Record<string, System>} */
const SYSTEMS = {
  linux: { os_name: "posix", platform_system: "Linux", sys_platform: "linux" },
  darwin: { os_name: "posix", platform_system: "Darwin", sys_platform: "darwin" },
  windows: { os_name: "nt", platform_system: "Windows", sys_platform: "win32" },
};

// The names that Docker has for architectures, and the names that Python has.
/** @type {Record<string, string>} */
const MACHINES = { 386: "i686", amd64: "x86_64", arm64: "aarch64", arm: "armv7l" };

/**
 * Return the marker environment of a version of CPython on a platform such as linux/arm64.
 * @param {string} version
 * @param {string} platform
 * @returns {MarkerEnvironment}
 */
export function markerEnvironment(version, platform = "linux/amd64") {
  const [system, architecture = "amd64"] = platform.split("/");
  const machine = MACHINES[architecture] ?? architecture;
  const full = fullVersion(version);
  return {
    ...(SYSTEMS[system] ?? SYSTEMS.linux),
    implementation_name: "cpython",
    implementation_version: full,
    platform_machine: spelled(machine, system),
    platform_python_implementation: "CPython",
    platform_release: "",
    platform_version: "",
    python_full_version: full,
    python_version: full.split(".").slice(0, 2).join("."),
  };
}

/**
 * macOS and Windows spell two architectures differently.
 * @param {string} machine
 * @param {string} system
 */
function spelled(machine, system) {
  if (machine === "aarch64" && system !== "linux") return system === "darwin" ? "arm64" : "ARM64";
  return machine === "x86_64" && system === "windows" ? "AMD64" : machine;
}

/**
 * Return the version with a patch release. A version such as 3.14 means its newest patch release.
 * @param {string} version
 */
function fullVersion(version) {
  return /^\d+\.\d+$/.test(version) ? `${version}.99` : version;
}

/**
 * Return the version of Python in the name of an image, such as `python:3.14-slim`.
 * @param {string} image
 */
export function imageVersion(image) {
  return image.match(/\bpython:?(3\.\d+(?:\.\d+)?)/)?.[1];
}

/**
 * Return the version in a request for a Python, such as `python3.14`, `cpython@3.14.2` or a path.
 * @param {string} request
 */
export function requestedVersion(request) {
  const name = request.split("/").at(-1) ?? "";
  return name.match(/^(?:c?python)?[@-]?=*(3\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?)(?:$|[-+t])/)?.[1];
}

// What `--python-platform` accepts, apart from triples such as aarch64-unknown-linux-gnu.
/** @type {Record<string, string>} */
const ALIASES = { linux: "linux/amd64", macos: "darwin/arm64", windows: "windows/amd64" };

/**
 * Return the platform of a value of `--python-platform`.
 * @param {string} target
 */
export function targetPlatform(target) {
  const system = target.match(/windows|darwin/)?.[0] ?? "linux";
  return ALIASES[target] ?? `${system}/${target.split("-")[0]}`;
}
