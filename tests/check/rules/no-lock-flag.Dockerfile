# case: neither flag
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# finds: uv can change the lockfile
RUN uv sync --no-dev

# case: no lockfile
FROM python:3.14-slim-trixie
COPY pyproject.toml ./
# finds: uv makes a lockfile
RUN uv sync --no-dev

# case: with a flag or a variable
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# fine: the flag
RUN uv sync --locked
ENV UV_LOCKED=1
# fine: the variable
RUN uv sync --no-dev

# case: a variable of one step
FROM python:3.14-slim-trixie
COPY . .
# fine: the variable of the command
RUN UV_FROZEN=1 uv sync --no-dev
# finds: the variable is not set here
RUN uv sync --no-dev

# case: an earlier step has checked
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-install-project
COPY . .
# fine: the step above fails first
RUN uv sync

# case: the lockfile of a stage
FROM python:3.14-slim-trixie AS lock
RUN uv lock
FROM python:3.14-slim-trixie
COPY --from=lock /app/uv.lock ./
# finds: from the stage, not from the repository
RUN uv sync --no-dev

# case: bind mounts
FROM python:3.14-slim-trixie
RUN --mount=type=bind,source=uv.lock,target=uv.lock \
    # finds: uv cannot change the mounted lockfile, and fails with another error
    uv sync --no-dev

# case: uv run installs
FROM python:3.14-slim-trixie
COPY . .
# finds: uv can change the lockfile
RUN uv run manage.py collectstatic
# fine: the lockfile has been updated
RUN uv run manage.py check

# case: uv run after a step that does not look
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --frozen
# finds: this step looks
RUN uv run manage.py collectstatic

# case: uv run after a step that looks
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --locked
# fine: the lockfile is not out of date
RUN uv run manage.py collectstatic
