# case: the variable is missing
FROM python:3.14-slim-trixie
RUN uv sync --locked
# finds: the output of `print` waits in a buffer
CMD ["/.venv/bin/gunicorn", "shop.wsgi"]

# case: the variable is in another stage
FROM python:3.14-slim-trixie AS build
ENV PYTHONUNBUFFERED=1
RUN uv sync --locked
# finds: this stage does not start from the stage above
FROM python:3.14-slim-trixie
COPY --from=build /.venv /.venv

# case: the variable is set
FROM python:3.14-slim-trixie
ENV PYTHONUNBUFFERED=1
RUN uv sync --locked
# fine: Python writes each line immediately
CMD ["/.venv/bin/gunicorn", "shop.wsgi"]

# case: the option of Python
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: `-u` does the same
CMD ["/.venv/bin/python", "-u", "worker.py"]
