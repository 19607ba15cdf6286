# case: the folder has no .dockerignore
# files: no-dockerignore
FROM python:3.14-slim-trixie
# finds: .env and .git come along
COPY . .

# case: .dockerignore names them
# files: start-script
FROM python:3.14-slim-trixie
# fine: both stay out
COPY . .

# case: named files
# files: no-dockerignore
FROM python:3.14-slim-trixie
# fine: only what is named
COPY shop shop

# case: ADD
# files: no-dockerignore
FROM python:3.14-slim-trixie
# finds: ADD copies the same files
ADD . /app

# case: from a stage
# files: no-dockerignore
FROM python:3.14-slim-trixie AS build
WORKDIR /app
# finds: the stage below copies the folder
COPY . .
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: a stage whose environment is shipped alone
# files: no-dockerignore
FROM python:3.14-slim-trixie AS build
WORKDIR /app
# fine: the stage below copies the environment alone
COPY . .
FROM python:3.14-slim-trixie
COPY --from=build /app/.venv /app/.venv

# case: a project without another database
# files: sqlite
FROM python:3.14-slim-trixie
# finds: .dockerignore does not name db.sqlite3
COPY . .

# case: the project is in a folder
# files: nested-secrets
FROM python:3.14-slim-trixie
# finds: the line of .dockerignore is for the root
COPY . .

# case: a folder with an example of .env
# files: nested-secrets
FROM python:3.14-slim-trixie
# finds: the folder can have a .env
COPY backend /app
