"""What a kit has to contain, written from these rules and without the modules that make kits.

Pattern. A project in a src/ folder or with private Git packages follows Pattern C. Of the others,
those that need a compiler follow Pattern B, and the rest Pattern A.

Refused. A file that `uv export` writes does not name a private index, so a private index and a lock
stage exclude each other. The image of Pattern B has the Python of Ubuntu 24.04, which is 3.12. The
jobs of the pipelines run in images without Git.

Base image. Pattern B starts from Ubuntu, and the other patterns from a slim Python image with the
reader's version. The packages from apt that are needed at run time are installed before `USER`.

Stages. A lock stage is called `lock`. Pattern A has one stage, or three with a lock stage. Pattern
B has four stages, and Pattern C has three, of which one is for tests. Pattern C has no stage for
tests with a lock stage or with manage.py. With a lock stage, it has a stage that fetches packages.

Packages. Production installs the group `prod` and the reader's extras, and never the group `dev`.

Secrets. A private index needs the secret package_password, and Git needs git_token.

Server. gunicorn starts the WSGI application and reads gunicorn.conf.py. uvicorn starts the ASGI
application. Both listen on the reader's port, which for uvicorn is named unless it is 8000.

Database. SQLite is in a file on the volume /data. With PostgreSQL, Compose starts a server. psycopg
is compiled if there are a compiler, libpq and its headers, and is a wheel otherwise. Under ASGI, it
needs its connection pool.

Files. Each kit has a Dockerfile, .dockerignore, compose.yaml, a health check, its middleware, lines
for the settings and for pyproject.toml, and steps. Pattern B also has compose.prod.yaml. A project
in a src/ folder has its modules there, and __main__.py. Tests have a package if a pipeline or the
stage for tests runs them. AGENTS.md is for projects on which coding agents work.
"""

from dataclasses import dataclass

OPTIONS = {
    "layout": ["plain", "src"],
    "system": ["none", "library", "compiler"],
    "private": ["none", "git", "index"],
    "python": ["3.14", "3.13", "3.12", "3.11"],
    "database": ["sqlite", "postgresql"],
    "server": ["gunicorn", "uvicorn"],
    "worker": ["none"],
    "lockStage": ["no", "yes"],
    "ci": ["none", "gitlab", "github"],
    "agents": ["no", "yes"],
}
SECRETS = {"none": set(), "git": {"git_token"}, "index": {"package_password"}}


@dataclass
class Expected:
    """What follows from a reader's answers and names."""

    answers: dict
    names: dict

    @property
    def pattern(self):
        if self.answers["layout"] == "src" or self.answers["private"] == "git":
            return "c"
        return "b" if self.answers["system"] == "compiler" else "a"

    @property
    def refused(self):
        given = self.answers
        rules = {
            ("private", "lockStage"): given["private"] == "index" and self.has_lock_stage,
            ("system", "python"): self.pattern == "b" and given["python"] != "3.12",
            ("private", "ci"): given["private"] == "git" and given["ci"] != "none",
        }
        return [list(questions) for questions, applies in rules.items() if applies]

    @property
    def has_lock_stage(self):
        return self.answers["lockStage"] == "yes"

    @property
    def has_test_stage(self):
        return self.answers["layout"] == "src" and not self.has_lock_stage

    @property
    def runs_tests(self):
        return self.has_test_stage or self.answers["ci"] != "none"

    @property
    def files(self):
        given, settings = self.answers, self.names["settings"]
        source = "src/" if given["layout"] == "src" else ""
        package = f"{source}{settings}/" if source else ""
        middleware = self.names.get("middleware") or settings
        optional = {
            "compose.prod.yaml": self.pattern == "b",
            "gunicorn.conf.py": given["server"] == "gunicorn",
            f"{package}__main__.py": source,
            "tests/__init__.py": self.runs_tests,
            "tests/settings.py": self.runs_tests,
            ".gitlab-ci.yml": given["ci"] == "gitlab",
            ".github/workflows/ci.yml": given["ci"] == "github",
            "AGENTS.md": given["agents"] == "yes",
        }
        return {
            *("Dockerfile", ".dockerignore", "compose.yaml", "KIT-README.md"),
            f"{package}healthcheck.py",
            f"{source}{middleware}/middleware.py",
            f"to-merge/{source}{settings}/settings.py",
            "to-merge/pyproject.toml",
            *(path for path, exists in optional.items() if exists),
        }

    @property
    def facts(self):
        given, names = self.answers, self.names
        needs_apt = given["system"] != "none"
        on_sqlite = given["database"] == "sqlite"
        return {
            "image": f"python:{given['python']}-slim-trixie"
            if self.pattern != "b"
            else "ubuntu:noble",
            "stages": sorted(self.stages),
            "groups": ["prod", "test"] if self.has_test_stage else ["prod"],
            "extras": sorted(names["extras"]),
            "secrets": sorted(SECRETS[given["private"]]),
            "port": names["port"],
            "command": self.command,
            "libraries": sorted(names["libraries"]) if needs_apt else [],
            "headers": sorted(names["headers"]) if given["system"] == "compiler" else [],
            "volume": on_sqlite,
            "psycopg": [] if on_sqlite else sorted(self.psycopg),
            "services": sorted({"migrate", "web"} | self.other_services),
        }

    @property
    def stages(self):
        if self.pattern == "b":
            return {"base", "build", "dev", "prod"} | ({"lock"} if self.has_lock_stage else set())
        if self.pattern == "a":
            return {"base", "lock", "prod"} if self.has_lock_stage else {""}
        if self.has_lock_stage:
            return {"base", "fetch", "lock", "packages", "prod"}
        return {"base", "packages", "prod"} | ({"test"} if self.has_test_stage else set())

    @property
    def psycopg(self):
        needed = {"libpq5"} <= {*self.names["libraries"]} and "libpq-dev" in self.names["headers"]
        kind = "c" if needed and self.answers["system"] == "compiler" else "binary"
        return {kind} | ({"pool"} if self.answers["server"] == "uvicorn" else set())

    @property
    def other_services(self):
        if self.answers["database"] == "sqlite":
            return set()
        return {"db", "test"} if self.has_test_stage else {"db"}

    @property
    def command(self):
        settings, port = self.names["settings"], self.names["port"]
        if self.answers["server"] == "gunicorn":
            return ["gunicorn", f"{settings}.wsgi"]
        named = [] if port == "8000" else ["--port", port]
        return ["uvicorn", f"{settings}.asgi:application", "--host", "0.0.0.0", *named]
