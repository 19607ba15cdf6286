# case: without a mount
FROM python:3.14-slim-trixie
# finds: no mount
RUN uv sync --locked --no-dev

# case: with a mount
FROM python:3.14-slim-trixie
# fine: the mount is where uv looks
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev

# case: without a cache
FROM python:3.14-slim-trixie
ENV UV_NO_CACHE=1
# finds: every package comes from the index
RUN uv sync --locked --no-dev

# case: the second step installs the project
FROM python:3.14-slim-trixie
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-install-project
COPY . .
# fine: the packages are there
RUN uv sync --locked --no-cache

# case: pip of uv
FROM python:3.14-slim-trixie
# finds: no mount
RUN uv pip install --system -r requirements.txt
# fine: only the project
RUN uv pip install --system --no-deps .

# case: the cache is removed in the step
FROM python:3.14-slim-trixie
# finds: the step cannot reuse what it removes
RUN uv sync --locked && rm -rf /root/.cache

# case: the project comes first
FROM python:3.14-slim-trixie
# fine: no package is downloaded
RUN uv pip install --system --no-deps .
# finds: these are downloaded
RUN uv pip install --system -r requirements.txt

# case: the mount has the environment
FROM python:3.14-slim-trixie
# fine: the packages are in the mount
RUN --mount=type=cache,target=/venvs uv venv /venvs/shop && uv pip sync --python /venvs/shop requirements.txt

# case: another user
FROM python:3.14-slim-trixie
USER app
# finds: no mount
RUN uv sync --locked

# case: the cache's folder by a variable
FROM python:3.14-slim-trixie
ENV XDG_CACHE_HOME=/caches
# fine: the mount is where uv looks
RUN --mount=type=cache,target=/caches uv sync --locked

# case: a complete list of requirements
FROM python:3.14-slim-trixie
# finds: the list can name every package
RUN uv pip install --system --no-deps -r requirements.txt

# case: the project alone
FROM python:3.14-slim-trixie
# fine: nothing to download
RUN uv pip install --system --no-deps .
