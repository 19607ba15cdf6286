# case: the code belongs to the user
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: app can change every file
COPY --chown=app:app . .
USER app

# case: chown after the copy
FROM python:3.14-slim-trixie
WORKDIR /app
COPY . .
# finds: app can change every file
RUN useradd --uid 10001 app && chown -R 10001 /app
USER 10001

# case: from another stage
FROM python:3.14-slim-trixie AS build
WORKDIR /app
COPY . .
FROM python:3.14-slim-trixie
# finds: app can change every file
COPY --from=build --chown=app:app /app /app
USER app

# case: the code belongs to root
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: root owns the code
COPY . .
# fine: a folder for files of users
RUN mkdir /app/media && chown -R app /app/media
USER app

# case: another user
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: the server runs as another user
COPY --chown=deploy . .
USER app

# case: the environment of another stage
FROM python:3.14-slim-trixie AS build
WORKDIR /app
COPY . .
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: the code stays with root
COPY --from=build --chown=app:app /opt/venv /opt/venv
COPY . .
USER app

# case: folders that belong to the user
# files: start-script
FROM python:3.14-slim-trixie
WORKDIR /app
# finds: app can change the views
COPY --chown=app:app shop shop
USER app
