# case: patterns without a wildcard for folders
# files: ignore-at-root
FROM python:3.14-slim-trixie
COPY . .

# case: patterns for every folder
# files: ignore-everywhere
FROM python:3.14-slim-trixie
# fine: .dockerignore names the folders with `**/`
COPY . .

# case: no step copies everything
# files: ignore-unused
FROM python:3.14-slim-trixie
# fine: a single file
COPY manage.py ./
