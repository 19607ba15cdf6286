# case: not forbidden
FROM python:3.14-slim-trixie
# finds: uv may download
RUN uv sync --locked

# case: forbidden
FROM python:3.14-slim-trixie
ENV UV_PYTHON_DOWNLOADS=never
# fine: uv fails instead
RUN uv sync --locked

# case: forbidden by an option
FROM python:3.14-slim-trixie
# fine: uv fails instead
RUN uv sync --locked --no-python-downloads

# case: a Python of uv is wanted
FROM python:3.14-slim-trixie
RUN uv python install 3.13
# fine: the step above downloads it on purpose
RUN uv sync --locked

# case: the image has no Python
FROM debian:trixie-slim
# fine: uv has to download one
RUN uv sync --locked

# case: the Python is named
FROM python:3.14-slim-trixie
ENV UV_PYTHON=/usr/local/bin/python
# fine: the path is that of the image
RUN uv sync --locked

# case: only the system's Python
FROM python:3.14-slim-trixie
ENV UV_PYTHON_PREFERENCE=only-system
# fine: uv never downloads
RUN uv sync --locked

# case: a folder for Pythons
FROM python:3.14-slim-trixie
ENV UV_PYTHON_INSTALL_DIR=/python
# fine: uv is to download
RUN uv sync --locked

# case: the project needs a newer Python
# files: newer-python
FROM python:3.14-slim-trixie
# finds: uv downloads Python 3.15
RUN uv sync --locked
