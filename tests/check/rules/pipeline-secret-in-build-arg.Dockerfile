# case: a secret of the pipeline
# files: pipeline-docker
FROM python:3.14-slim-trixie AS build
RUN uv sync --locked
FROM python:3.14-slim-trixie
ARG GITHUB_PAT
RUN ./configure
COPY --from=build /.venv /.venv

# case: the last stage does not have the argument
# files: pipeline-locked
FROM python:3.14-slim-trixie
# fine: no pipeline builds the image
ARG GITHUB_PAT
RUN ./configure
