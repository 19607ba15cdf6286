# case: uv sync
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: nothing compiles
RUN uv sync --locked --no-dev

# case: with the variable
FROM python:3.14-slim-trixie
ENV UV_COMPILE_BYTECODE=1
# fine: the variable applies
RUN uv sync --locked --no-dev

# case: the stage below sets the variable
FROM python:3.14-slim-trixie AS base
ENV UV_COMPILE_BYTECODE=1
FROM base
# fine: the variable is inherited
RUN uv sync --locked --no-dev

# case: with the flag, after a step without it
FROM python:3.14-slim-trixie
# fine: the second step also compiles what the first installed
RUN uv sync --locked --no-dev --no-install-project
COPY . .
RUN uv sync --locked --no-dev --compile-bytecode

# case: the environment of another stage does not ship
FROM python:3.14-slim-trixie AS tests
# fine: no image has this environment
RUN uv sync --locked
FROM python:3.14-slim-trixie
COPY --from=tests /app/report.xml /report.xml

# case: the environment is copied
FROM python:3.14-slim-trixie AS build
WORKDIR /app
# finds: the image gets the environment without bytecode
RUN uv sync --locked --no-dev
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: a stage for development
FROM python:3.14-slim-trixie AS dev
# fine: starts are rare
RUN uv sync --locked

# case: compiled by Python
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: the step compiles the environment
RUN python -m compileall -q /app/.venv

# case: only the code is compiled
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: the packages are not in the folder
RUN uv sync --locked
RUN python -m compileall -q shop

# case: two steps
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-install-project
COPY . .
# finds: the step that makes the environment complete
RUN uv sync --locked

# case: compose starts the development server
# files: compose-runserver
FROM python:3.14-slim-trixie
# fine: for development
RUN uv sync --locked

# case: compose overrides the command
# files: compose-runserver
FROM python:3.14-slim-trixie
# finds: for production
RUN uv sync --locked
CMD ["gunicorn", "shop.wsgi"]

# case: the bytecode is deleted again
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked --compile-bytecode
# finds: also in /app/.venv
RUN find . -name "*.pyc" -delete

# case: other files are deleted
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked --compile-bytecode
# fine: the environment keeps its bytecode
RUN find . -name "*.po" -delete && find src -name "*.pyc" -delete

# case: an activated environment
FROM python:3.14-slim-trixie AS build
RUN uv venv /venv && . /venv/bin/activate && \
    # finds: nothing is compiled
    uv pip install -r requirements.txt
FROM python:3.14-slim-trixie
COPY --from=build /venv /venv
