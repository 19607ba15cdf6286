# case: only the files of the root
# files: workspace
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# finds: the members are missing
RUN uv sync --locked --no-install-workspace

# case: the files of the members
# files: workspace
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
COPY packages/lib/pyproject.toml packages/lib/
# fine: the member is there
RUN uv sync --locked --no-install-workspace

# case: no check
# files: workspace
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# fine: --frozen needs no member
RUN uv sync --frozen --no-install-workspace

# case: not a workspace
# files: no-groups
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# fine: there are no members
RUN uv sync --locked

# case: a mount of the folder
# files: workspace
FROM python:3.14-slim-trixie
# fine: the members are mounted
RUN --mount=type=bind,target=/src cd /src && uv sync --locked

# case: another mount
# files: workspace
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    # finds: a cache has no members
    uv sync --locked

# case: a later step checks the lockfile
# files: workspace
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
# finds: the members are missing
RUN uv sync --locked --no-install-workspace
COPY . .
# fine: they are here
RUN uv sync --locked
