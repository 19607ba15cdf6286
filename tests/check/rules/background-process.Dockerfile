# case: a worker in the background
# files: background-worker
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: the script has the line
CMD ["./start.sh"]

# case: the script waits for both
# files: background-wait
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: the script ends with the first of the two
CMD ["./start.sh"]

# case: in the shell form of CMD
FROM python:3.14-slim-trixie
RUN uv sync --locked
# finds: the worker can end
CMD celery -A shop worker & exec gunicorn shop.wsgi

# case: one after another
FROM python:3.14-slim-trixie
RUN uv sync --locked
# fine: both commands are in the foreground
CMD python manage.py migrate 2>&1 && exec gunicorn shop.wsgi
