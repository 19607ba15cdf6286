# case: several stages
# files: pipeline-docker
FROM python:3.14-slim-trixie AS build
RUN uv sync --locked
FROM python:3.14-slim-trixie
COPY --from=build /.venv /.venv

# case: the last stage installs
# files: pipeline-locked
FROM python:3.14-slim-trixie
# fine: there are no other stages
RUN uv sync --locked
