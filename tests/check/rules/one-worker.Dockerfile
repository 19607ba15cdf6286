# case: no option
# files: up-to-date
FROM python:3.14-slim-trixie
# finds: one worker
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: with workers
# files: up-to-date
FROM python:3.14-slim-trixie
# fine: three workers
CMD ["gunicorn", "shop.wsgi", "--workers=3"]

# case: a configuration file
# files: up-to-date
FROM python:3.14-slim-trixie
# fine: the file can set the workers
CMD ["gunicorn", "-c", "settings.py", "shop.wsgi"]

# case: a variable
# files: up-to-date
FROM python:3.14-slim-trixie
ENV WEB_CONCURRENCY=2
# fine: the variable sets the workers
CMD ["gunicorn", "shop.wsgi"]

# case: the files are unknown
FROM python:3.14-slim-trixie
# fine: gunicorn.conf.py can set the workers
CMD ["gunicorn", "shop.wsgi"]

# case: another kind of worker
# files: up-to-date
FROM python:3.14-slim-trixie
# finds: one process
CMD ["gunicorn", "shop.asgi", "-k", "uvicorn.workers.UvicornWorker"]
