# case: a commit
FROM python:3.14-slim-trixie
# finds: each commit has another value
ARG GIT_SHA
RUN uv sync --locked

# case: below the install
FROM python:3.14-slim-trixie
# fine: it does not change
ARG PYTHON_VERSION
RUN uv sync --locked
# fine: below the install
ARG GIT_SHA
RUN python -m compileall .

# case: in another stage
FROM python:3.14-slim-trixie AS build
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: nothing is installed here
ARG GIT_SHA
COPY --from=build /.venv /.venv

# case: other names
FROM python:3.14-slim-trixie
# fine: a folder
ARG PRE_COMMIT_HOME=/opt/pre-commit
# fine: the same in each build
ENV GIT_SHA=unknown
RUN uv sync --locked
