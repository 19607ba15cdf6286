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
