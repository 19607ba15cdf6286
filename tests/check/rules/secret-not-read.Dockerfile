# case: nothing reads it
FROM python:3.14-slim-trixie
RUN --mount=type=cache,target=/root/.cache/uv \
    # finds: uv does not look there
    --mount=type=secret,id=index_password \
    uv sync --locked

# case: a variable
FROM python:3.14-slim-trixie
# fine: uv reads the variable
RUN --mount=type=secret,id=index_password,env=UV_INDEX_ACME_PASSWORD uv sync --locked

# case: another step reads it
FROM python:3.14-slim-trixie
RUN git config --system credential.helper '!f() { cat /run/secrets/git_token; }; f'
# fine: the helper reads it
RUN --mount=type=secret,id=git_token uv sync --locked

# case: .netrc
FROM python:3.14-slim-trixie
# fine: uv reads the file
RUN --mount=type=secret,id=netrc,target=/root/.netrc uv sync --locked

# case: a script
FROM python:3.14-slim-trixie
# fine: the script can read it
RUN --mount=type=secret,id=index_password ./install.sh
