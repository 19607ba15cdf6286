# case: not on PATH
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# finds: gunicorn is in /app/.venv/bin
CMD ["gunicorn", "shop.wsgi"]

# case: on PATH
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
ENV PATH="/app/.venv/bin:$PATH"
# fine: on PATH
CMD ["gunicorn", "shop.wsgi"]

# case: the whole path
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: the whole path
CMD [".venv/bin/gunicorn", "shop.wsgi"]

# case: uv run
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: uv finds it
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: activated
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: the environment is activated
CMD . .venv/bin/activate && exec gunicorn shop.wsgi

# case: the Python of the image
FROM python:3.14-slim-trixie
RUN uv pip install --system -r requirements.txt
# fine: the Python of the image has it
CMD ["gunicorn", "shop.wsgi"]

# case: another installer
FROM python:3.14-slim-trixie
RUN pip install gunicorn==23.0.0
RUN uv sync --locked
# fine: pip installs gunicorn
CMD ["gunicorn", "shop.wsgi"]

# case: pip installs uv
FROM python:3.14-slim-trixie
WORKDIR /app
RUN pip install uv
RUN uv sync --locked
# finds: gunicorn is in /app/.venv/bin
CMD ["gunicorn", "shop.wsgi"]

# case: the Python of the image, in another stage
FROM python:3.14-slim-trixie AS build
ENV UV_PROJECT_ENVIRONMENT=/usr/local/
RUN uv sync --locked
FROM python:3.14-slim-trixie
COPY --from=build /usr/local/lib/python3.14/site-packages/ /usr/local/lib/python3.14/site-packages/
COPY --from=build /usr/local/bin/ /usr/local/bin/
# fine: on PATH
CMD ["gunicorn", "shop.wsgi"]

# case: a service without uv run
# files: compose-python
FROM python:3.14-slim-trixie
WORKDIR /app
RUN uv sync --locked
# fine: uv finds the packages
CMD ["uv", "run", "gunicorn", "shop.wsgi"]

# case: two slashes
FROM python:3.14-slim-trixie
ARG APP_HOME=/app
WORKDIR ${APP_HOME}
RUN uv sync --locked
ENV PATH="/${APP_HOME}/.venv/bin:$PATH"
# fine: the folder is the same
CMD ["gunicorn", "shop.wsgi"]
