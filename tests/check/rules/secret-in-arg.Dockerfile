# case: a token
FROM python:3.14-slim-trixie
# finds: the history has the value
ARG GIT_TOKEN
RUN uv sync --locked

# case: in a stage that does not ship
FROM python:3.14-slim-trixie AS build
# fine: another rule is about this
ARG GIT_TOKEN
RUN uv sync --locked
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: other arguments
FROM python:3.14-slim-trixie
# fine: not a secret
ARG PYTHON_VERSION
# fine: the name of a file
ARG PASSWORD_FILE
# fine: a word within a word
ARG TOKENIZER_MODEL
RUN uv sync --locked

# case: an ENV
FROM python:3.14-slim-trixie
# fine: another rule is about this
ENV GIT_TOKEN=none
RUN uv sync --locked
