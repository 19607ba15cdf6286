# case: tools among the dependencies
# files: tools
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev

# case: tools in a group
# files: prod-group
FROM python:3.14-slim-trixie
# fine: --no-dev leaves the group out
RUN uv sync --locked --no-dev
