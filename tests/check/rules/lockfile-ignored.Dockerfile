# case: .dockerignore excludes it
# files: lockfile-ignored
FROM python:3.14-slim-trixie
# finds: not in the context
COPY pyproject.toml uv.lock ./

# case: it is not there
# files: no-groups
FROM python:3.14-slim-trixie
RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    # finds: not in the folder
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv sync --locked

# case: it is there
# files: start-script
FROM python:3.14-slim-trixie
# fine: in the context
COPY pyproject.toml uv.lock ./

# case: the lockfile of another stage
# files: lockfile-ignored
FROM python:3.14-slim-trixie AS lock
RUN uv lock
FROM python:3.14-slim-trixie
# fine: from the stage
COPY --from=lock /uv.lock ./
# fine: from the stage
RUN --mount=type=bind,from=lock,source=/uv.lock,target=uv.lock uv sync --locked

# case: no line copies it
FROM python:3.14-slim-trixie
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
COPY pyproject.toml README.md ./
# finds: only pyproject.toml is there
RUN uv sync --frozen
COPY . .

# case: a folder can bring it
FROM python:3.14-slim-trixie
COPY pyproject.toml ./
COPY locks ./
# fine: the folder can contain the lockfile
RUN uv sync --frozen

# case: a wildcard for a file that is not there
# files: no-groups
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock* ./
# finds: nothing brings the lockfile
RUN uv sync --frozen
