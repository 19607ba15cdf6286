# case: nothing calls it
# files: no-groups
FROM python:3.14-slim-trixie
RUN apt-get update \
    # finds: for a health check that is not there
    && apt-get install -y --no-install-recommends curl libpango-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]

# case: a health check calls it
# files: no-groups
FROM python:3.14-slim-trixie
# fine: the health check needs it
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
HEALTHCHECK CMD ["curl", "-f", "http://localhost:8000/"]

# case: a step in the build stage
# files: no-groups
FROM python:3.14-slim-trixie AS build
# fine: the last stage does not have it
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
FROM python:3.14-slim-trixie
COPY --from=build /.venv /.venv

# case: the files are unknown
FROM python:3.14-slim-trixie
# fine: a script can call it
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
