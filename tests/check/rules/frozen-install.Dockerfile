# case: the flag
FROM python:3.14-slim-trixie
RUN --mount=type=cache,target=/root/.cache/uv \
    # finds: the flag
    uv sync --frozen --no-dev

# case: the variable
FROM python:3.14-slim-trixie
ENV UV_FROZEN=1
# finds: the variable
RUN uv sync --no-dev

# case: a later step checks
FROM python:3.14-slim-trixie
# fine: the second step fails if the lockfile is out of date
RUN uv sync --frozen --no-install-project
COPY . .
RUN uv sync --locked

# case: a check of its own
FROM python:3.14-slim-trixie
RUN uv lock --check
# fine: the step above checks
RUN uv sync --frozen

# case: the first layer of a workspace
FROM python:3.14-slim-trixie
# fine: the members are not there yet
RUN uv sync --frozen --no-install-workspace

# case: the flag wins over the variable
FROM python:3.14-slim-trixie
ENV UV_FROZEN=1
# fine: the flag checks
RUN uv sync --locked

# case: other commands
FROM python:3.14-slim-trixie
ENV UV_FROZEN=1
# fine: no install
RUN uv cache dir && uv pip install --system gunicorn==23.0.0

# case: an export
FROM python:3.14-slim-trixie
# finds: the export does not check
RUN uv export --frozen -o requirements.txt

# case: the option and the other variable
FROM python:3.14-slim-trixie
ENV UV_LOCKED=1
# finds: the option counts
RUN uv sync --frozen

# case: the build makes the lockfile
FROM python:3.14-slim-trixie
# fine: the lockfile is new
RUN uv lock && uv sync --frozen

# case: the project has no lockfile
# files: no-groups
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock* ./
# fine: this step fails
RUN uv sync --frozen
