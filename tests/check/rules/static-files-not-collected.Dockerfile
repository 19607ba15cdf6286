# case: no step collects
# files: whitenoise
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --locked --no-dev
# finds: the server has no files to serve
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: a step of the build collects
# files: whitenoise
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --locked --no-dev
RUN DJANGO_SECRET_KEY=placeholder python manage.py collectstatic --noinput
# fine: the image contains the files
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: the start script collects
# files: whitenoise-at-start
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --locked --no-dev
# fine: the script collects
ENTRYPOINT ["/entrypoint.sh"]
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: a script of the build
# files: whitenoise
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --locked --no-dev
RUN ./bin/build.sh
# fine: what the script does is unknown
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: without WhiteNoise
# files: prod-group
FROM python:3.14-slim-trixie
COPY . .
RUN uv sync --locked --no-dev --group prod
# fine: another server can have the files
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]
