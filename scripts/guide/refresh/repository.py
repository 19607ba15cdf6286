"""Keep the results of a refresh in the commits of a copy of this repository.

Each finished part is a commit, whose message contains its result. An interrupted run therefore
resumes after its last commit, and a part that fails or is killed changes no file.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from guide import ROOT, Problem
from guide.machine.commands import run
from guide.machine.git import git
from guide.refresh.results import PartResult
from guide.start.installing import fill_once

BRANCH = "freshness"
_TRAILER = "Refresh-Result"


def head(folder: Path) -> str:
    """Return the commit that is checked out."""
    return git(folder, "rev-parse", "HEAD").strip()


def identity() -> tuple[str, str]:
    """Return the name and email address for commits. Raises Problem if Git does not know them."""
    hint = "Git needs your name for commits. Run git config user.name and git config user.email"
    line = run("git", "var", "GIT_COMMITTER_IDENT", cwd=ROOT, failing=hint).stdout
    name, _, rest = line.partition(" <")
    return name, rest.partition(">")[0]


def copy_of(commit: str, folder: Path) -> None:
    """Create a copy of this repository in `folder` at a commit, or reset an existing copy.

    The reset undoes what a killed part has changed.
    """

    def clone(part: Path) -> None:
        git(part.parent, "clone", "--quiet", "--no-checkout", ROOT.as_posix(), part.as_posix())
        git(part, "checkout", "--quiet", "-B", BRANCH, commit)

    fill_once(folder, clone)
    reset(folder)


def reset(folder: Path) -> None:
    """Undo every change since the last commit. Ignored files, such as .venv, are kept."""
    # A killed Git leaves its lock.
    (folder / ".git/index.lock").unlink(missing_ok=True)
    git(folder, "reset", "--quiet", "--hard")
    git(folder, "clean", "--quiet", "--force", "-d")


def commit(folder: Path, subject: str, result: PartResult) -> None:
    """Commit every change in a copy with the result of a part, even if no file has changed."""
    name, email = identity()
    git(folder, "add", "--all")
    message = f"{subject}\n\n{_TRAILER}: {json.dumps(result)}\n"
    author = ("-c", f"user.name={name}", "-c", f"user.email={email}")
    # The message can be longer than Linux allows for an argument.
    options = ("--quiet", "--allow-empty", "--no-verify", "--file=-")
    git(folder, *author, "commit", *options, input=message)


def read_result(file: Path) -> PartResult:
    """Return the result that a part has written into a file."""
    return cast(PartResult, json.loads(file.read_text()))


def results(folder: Path, base: str, tip: str = "HEAD") -> list[PartResult]:
    """Return the results of the parts between two commits, the oldest first."""
    form = f"%(trailers:key={_TRAILER},valueonly,unfold)%x00"
    log = git(folder, "log", "--reverse", f"--format={form}", f"{base}..{tip}")
    return [cast(PartResult, json.loads(each)) for each in log.split("\0") if each.strip()]


def last_result(copy: Path, part: str) -> PartResult:
    """Return the newest result of a part that a copy knows, which is empty if there is none.

    The branch of the last refresh is often not merged, and is then a branch of the copy's origin.
    """
    branch = f"refs/remotes/origin/{BRANCH}"
    tips = ["HEAD", *git(copy, "for-each-ref", "--format=%(refname)", branch).split()]
    form = f"%(trailers:key={_TRAILER},valueonly,unfold)%x00"
    log = git(copy, "log", "-n", "200", f"--grep={_TRAILER}", f"--format={form}", *tips)
    for each in filter(str.strip, log.split("\0")):
        result = cast(PartResult, json.loads(each))
        if result.get("part") == part and "error" not in result:
            return result
    return {}


def changed_files(folder: Path, base: str, tip: str, under: str) -> Iterator[tuple[str, str, str]]:
    """Iterate over the files under a folder that differ between two commits.

    Yield the path and both texts. The text of a file that does not exist is empty.
    """
    listed = git(folder, "diff", "--name-only", "--no-renames", "-z", base, tip, "--", under)
    for path in filter(None, listed.split("\0")):
        yield path, text_at(folder, base, path), text_at(folder, tip, path)


def text_at(folder: Path, commit: str, path: str) -> str:
    """Return the text of a file at a commit, which is empty if the file does not exist."""
    exists = git(folder, "ls-tree", "--name-only", commit, "--", path)
    return git(folder, "show", f"{commit}:{path}") if exists else ""


def check_branch() -> None:
    """Raise Problem if the branch of the result is checked out, because Git cannot replace it."""
    if f"refs/heads/{BRANCH}" in git(ROOT, "worktree", "list", "--porcelain").split():
        raise Problem(
            f"The branch {BRANCH} is checked out. Switch to another one, and run this again."
        )


def publish(folder: Path) -> str:
    """Write the commits of a copy to the branch of this repository, and return its name.

    An existing branch of that name is replaced.
    """
    git(ROOT, "fetch", "--quiet", "--force", folder.as_posix(), f"{BRANCH}:{BRANCH}")
    return BRANCH
