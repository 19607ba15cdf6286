# case: no flag
FROM python:3.14-slim-trixie
# finds: uv installs dev unasked
RUN uv sync --locked

# case: a flag or a variable
FROM python:3.14-slim-trixie
ENV UV_NO_DEV=1
# fine: the variable
RUN uv sync --locked

# case: flags
FROM python:3.14-slim-trixie
# finds: the last step counts, and it has every group
RUN uv sync --locked --all-groups

# case: a later step removes dev
FROM python:3.14-slim-trixie
# fine: the next step removes the group
RUN uv sync --locked --no-install-project
COPY . .
RUN uv sync --locked --no-default-groups --group prod

# case: no dev group
# files: no-groups
FROM python:3.14-slim-trixie
# fine: the project has no groups
RUN uv sync --locked

# case: another default group
# files: default-groups
FROM python:3.14-slim-trixie
# finds: --no-dev leaves the group docs in
RUN uv sync --locked --no-dev

# case: no default groups
# files: default-groups
FROM python:3.14-slim-trixie
# fine: none of them
RUN uv sync --locked --no-default-groups

# case: a stage for development is not the one that ships
FROM python:3.14-slim-trixie AS build
WORKDIR /app
RUN uv sync --locked --no-dev
FROM build AS dev
# fine: no image for production has this stage
RUN uv sync --locked
FROM python:3.14-slim-trixie
COPY --from=build /app/.venv /app/.venv

# case: a stage for development
FROM python:3.14-slim-trixie AS dev
# fine: the group is for this
RUN uv sync --locked

# case: pip
FROM python:3.14-slim-trixie
# fine: no groups
RUN uv pip install --system -r requirements.txt

# case: left out by its name
FROM python:3.14-slim-trixie
# fine: without dev
RUN uv sync --locked --no-group dev

# case: asked for
# files: prod-group
FROM python:3.14-slim-trixie
# finds: dev is asked for
RUN uv sync --locked --no-default-groups --group prod --group dev

# case: variables and flags together
FROM python:3.14-slim-trixie
ENV UV_NO_DEV=1
# fine: the flag adds nothing under this variable
RUN uv sync --locked --group dev

# case: the flag wins over the variable
FROM python:3.14-slim-trixie
ENV UV_NO_DEV=1
# finds: --dev adds the group
RUN uv sync --locked --dev

# case: no default groups by a variable
FROM python:3.14-slim-trixie
ENV UV_NO_DEFAULT_GROUPS=1
# fine: dev is a default group
RUN uv sync --locked

# case: asked for under the variable
FROM python:3.14-slim-trixie
ENV UV_NO_DEFAULT_GROUPS=1
# finds: the flag adds the group
RUN uv sync --locked --group dev

# case: every group but dev
FROM python:3.14-slim-trixie
# fine: leaving a group out wins
RUN uv sync --locked --all-groups --no-dev

# case: a service after the one for the web
FROM python:3.14-slim-trixie AS web
RUN uv sync --locked --no-dev
FROM python:3.14-slim-trixie AS worker
# finds: the last stage ships
RUN uv sync --locked

# case: a group of another name
FROM python:3.14-slim-trixie
# fine: prod is for production
RUN uv sync --locked --no-dev --group prod --no-group dev

# case: the group is empty
# files: empty-group
FROM python:3.14-slim-trixie
# fine: there is nothing to install
RUN uv sync --locked
