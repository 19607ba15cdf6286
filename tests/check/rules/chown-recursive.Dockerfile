# case: after a copy
FROM python:3.14-slim-trixie
WORKDIR /app
COPY . .
RUN useradd app && \
    # finds: every file a second time
    chown -R app:app /app

# case: a folder of its own
FROM python:3.14-slim-trixie
COPY . /app
# fine: the folder is new
RUN mkdir /data && chown -R app:app /data

# case: after an install
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# finds: every package a second time
RUN chown -R app .venv

# case: in the same step
FROM python:3.14-slim-trixie
WORKDIR /app
# fine: one layer
RUN uv sync --locked && chown -R app /app

# case: files that belong to the user
FROM python:3.14-slim-trixie
WORKDIR /app
COPY --chown=app:app . .
# fine: nothing changes
RUN chown -R app:app /app

# case: a stage that does not ship
FROM python:3.14-slim-trixie AS build
COPY . /app
# fine: the copy stores the files once
RUN chown -R 10001 /app
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: one file
FROM python:3.14-slim-trixie
WORKDIR /app
COPY . .
# fine: one file, not a folder
RUN chown app manage.py

# case: another program
FROM python:3.14-slim-trixie
WORKDIR /app
COPY . .
# fine: a mode, not an owner
RUN chmod -R a+r /app

# case: options
FROM python:3.14-slim-trixie
WORKDIR /data
WORKDIR /app
COPY . .
# fine: another folder
RUN chown --verbose -R app:app /data
