# case: no CMD
FROM python:3.14-slim-trixie AS build
RUN uv sync --locked
# finds: nothing starts the server
FROM python:3.14-slim-trixie
COPY --from=build /.venv /.venv
EXPOSE 8000

# case: a CMD
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: it starts the server
CMD ["/.venv/bin/gunicorn", "shop.wsgi"]

# case: the CMD of the stage below
FROM python:3.14-slim-trixie AS service
RUN uv sync --locked
CMD ["/.venv/bin/gunicorn", "shop.wsgi"]
# fine: the stage inherits the CMD
FROM service

# case: a start script without a CMD
# files: arguments-script
FROM python:3.14-slim-trixie
RUN uv sync --locked
COPY entrypoint.sh /
# finds: the script has nothing to run
ENTRYPOINT ["/entrypoint.sh"]

# case: a start script with a CMD
# files: arguments-script
FROM python:3.14-slim-trixie
RUN uv sync --locked
COPY entrypoint.sh /
ENTRYPOINT ["/entrypoint.sh"]
# fine: the script runs this command
CMD ["/.venv/bin/gunicorn", "shop.wsgi"]

# case: a start script, and the command in a compose file for production
# files: compose-command
FROM python:3.14-slim-trixie
RUN uv sync --locked
COPY entrypoint.sh /
# fine: another file has the command, compose.yaml
ENTRYPOINT ["/entrypoint.sh"]
