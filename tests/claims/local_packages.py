"""Write wheels without building them, and Git repositories that a web server can serve."""

from zipfile import ZipFile

from guide.machine.commands import run


def write_wheel(folder, name, version="1.0.0", platform="any"):
    """Write a wheel that contains one empty module to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-{platform}\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    with ZipFile(folder / f"{name}-{version}-py3-none-{platform}.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)


def write_repository(project, repository, environ):
    """Commit the files of a project, and write a bare Git repository with this commit.

    A server of static files can serve the repository.
    """
    me = ("-c", "user.name=me", "-c", "user.email=me@example.com")
    for folder, *command in (
        (project, "init", "--quiet"),
        (project, "add", "."),
        (project, *me, "commit", "--quiet", "--message=First"),
        (project, "clone", "--quiet", "--bare", ".", repository),
        (repository, "update-server-info"),
    ):
        run("git", *command, failing="git", cwd=folder, env=environ)
