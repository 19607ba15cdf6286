# case: the whole folder
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the code is above the install
COPY . .
RUN uv sync --locked

# case: the manifests first
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: not code
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --locked --no-install-project
# fine: below the install
COPY . .
# fine: this step installs the project alone
RUN uv sync --locked

# case: the whole folder is mounted
FROM python:3.14-slim-trixie
# finds: each edit counts
RUN --mount=type=bind,target=/src,rw cd /src && uv sync --locked

# case: the folder of an app
# files: start-script
FROM python:3.14-slim-trixie
# finds: the folder has views
COPY shop shop
COPY pyproject.toml uv.lock ./
RUN uv sync --locked

# case: a requirements file
FROM python:3.14-slim-trixie
# finds: the same with pip
COPY . .
RUN pip install -r requirements.txt

# case: the code of another stage
FROM node:22 AS assets
# fine: another stage
COPY . .
FROM python:3.14-slim-trixie
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
COPY --from=assets /dist /dist

# case: an allowlist
# files: allowlist
FROM python:3.14-slim-trixie
# fine: .dockerignore leaves the manifests alone
COPY . .
RUN uv sync --locked

# case: nothing installs
FROM python:3.14-slim-trixie
# fine: this is not above an install
COPY . .
RUN pip install .

# case: other mounts and other commands
FROM python:3.14-slim-trixie
# fine: two files
RUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --locked
COPY . .
RUN npm install

# case: pip installs uv
FROM python:3.14-slim-trixie
RUN pip install uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
# fine: below the install
COPY . .

# case: a folder without code
# files: start-script
FROM python:3.14-slim-trixie
# fine: no views
COPY docker docker
COPY pyproject.toml uv.lock ./
RUN uv sync --locked

# case: another program that syncs
FROM python:3.14-slim-trixie
# fine: rsync installs nothing
COPY . .
RUN git sync

# case: Poetry
FROM python:3.14-slim-trixie
# finds: the same with Poetry
COPY . .
RUN poetry install

# case: a project without a build backend
# files: virtual
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the code is above the install
COPY . .
ENV UV_COMPILE_BYTECODE=1
RUN uv sync --locked --no-dev

# case: a package
# files: package
FROM python:3.14-slim-trixie
# finds: the code is above the install
COPY --chown=1000 . /app
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev

# case: a step in between
# files: virtual
FROM python:3.14-slim-trixie
# finds: the code is above the install
COPY . .
RUN ./configure.sh
RUN uv sync --locked --no-dev

# case: steps in between that do not need the code
# files: virtual
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the code is above the install
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir uv==0.13.9
# Install the packages.
RUN uv sync --locked --no-dev

# case: the install runs in a subfolder
# files: virtual
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the code is above the install
COPY . .
WORKDIR /app/backend
RUN uv sync --locked --no-dev

# case: uv run installs
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: every edit changes the step below
COPY . .
RUN uv run manage.py collectstatic --noinput

# case: static files
# files: static-files
FROM python:3.14-slim-trixie
# finds: each edit of a style sheet counts
COPY static static
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
