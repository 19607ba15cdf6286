# case: in the address of an index
# files: index-password
FROM python:3.14-slim-trixie
# fine: pyproject.toml has the line
COPY pyproject.toml uv.lock ./

# case: no index
# files: no-groups
FROM python:3.14-slim-trixie
# fine: no password
COPY pyproject.toml uv.lock ./
