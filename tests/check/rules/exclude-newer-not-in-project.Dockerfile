# case: in a developer's own settings
# files: own-date
FROM python:3.14-slim-trixie
# fine: uv.lock has the line
RUN uv sync --locked

# case: in the project
# files: project-date
FROM python:3.14-slim-trixie
# fine: the build has the same date
RUN uv sync --locked

# case: no date
# files: no-date
FROM python:3.14-slim-trixie
# fine: nothing to compare
RUN uv sync --locked
