# case: a new dependency
# files: outdated
FROM python:3.14-slim-trixie
# fine: the lockfile is wrong
RUN uv sync --locked

# case: no check
# files: outdated
FROM python:3.14-slim-trixie
# fine: the lockfile is wrong
RUN uv export --frozen -o requirements.txt && uv pip sync requirements.txt

# case: up to date
# files: up-to-date
FROM python:3.14-slim-trixie
# fine: gets what it needs
RUN uv sync --locked

# case: a template
# files: template
FROM python:3.14-slim-trixie
# fine: the name is not known yet
RUN uv sync --locked

# case: another installer
# files: outdated-unread
FROM python:3.14-slim-trixie
# fine: does not read it
RUN pip install -r requirements.txt

# case: the build does not get the lockfile
# files: outdated-unread
FROM python:3.14-slim-trixie
COPY pyproject.toml ./
# fine: this step resolves the versions anew
RUN uv sync
