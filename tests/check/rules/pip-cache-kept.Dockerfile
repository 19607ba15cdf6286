# case: without an option
FROM python:3.14-slim-trixie
# finds: the layer has pip's cache
RUN pip install uv==0.13.9

# case: python -m pip
FROM python:3.14-slim-trixie
# finds: the layer has pip's cache
RUN python -m pip install --upgrade uv==0.13.9

# case: with an option
FROM python:3.14-slim-trixie
# fine: no cache
RUN pip install --no-cache-dir uv==0.13.9

# case: with a variable
FROM python:3.14-slim-trixie
ENV PIP_NO_CACHE_DIR=1
# fine: the variable switches the cache off
RUN pip install uv==0.13.9

# case: a cache mount
FROM python:3.14-slim-trixie
# fine: the cache is not in the layer
RUN --mount=type=cache,target=/root/.cache/pip pip install uv==0.13.9

# case: a stage that is not in the image
FROM python:3.14-slim-trixie AS build
# fine: this stage is not shipped
RUN pip install uv==0.13.9
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: the pip of uv
FROM python:3.14-slim-trixie
# fine: uv has a cache of its own
RUN uv pip install --system django

# case: a cache mount elsewhere
FROM python:3.14-slim-trixie
# fine: the cache is not in the layer
RUN --mount=type=cache,target=/var/cache/pip pip install --cache-dir /var/cache/pip uv==0.13.9
