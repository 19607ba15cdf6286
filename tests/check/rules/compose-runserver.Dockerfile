# case: the development server
# files: compose-starts
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: compose.yaml starts other programs
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: files and stages for development
# files: compose-for-development
FROM python:3.14-slim-trixie
RUN uv sync --locked --no-dev
# fine: compose.dev.yaml is for development
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]
