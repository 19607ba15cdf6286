# case: a folder that was copied
FROM python:3.14-slim-trixie
WORKDIR /app
COPY frontend frontend
RUN echo build && \
    # finds: the layer above keeps the folder
    rm -rf frontend

# case: the cache of uv
FROM python:3.14-slim-trixie
RUN uv sync --locked
# finds: the layer above keeps the cache
RUN uv cache clean

# case: in the same step
FROM python:3.14-slim-trixie
# fine: one layer
RUN uv sync --locked && uv cache clean
# fine: the step made the folder
RUN mkdir build && rm -rf build

# case: a file in a folder that stays
FROM python:3.14-slim-trixie
COPY . /app
# fine: whether the folder has it is unknown
RUN rm -f /app/local.py

# case: a stage that does not ship
FROM python:3.14-slim-trixie AS build
COPY frontend /frontend
# fine: the image has no layer of this stage
RUN rm -rf /frontend
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: a command of the start
FROM python:3.14-slim-trixie AS build
COPY frontend /frontend
# fine: the stage does not ship, and these are options
RUN rm -r --force /frontend
FROM python:3.14-slim-trixie
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked
# fine: the cache is in the mount
RUN uv cache clean
