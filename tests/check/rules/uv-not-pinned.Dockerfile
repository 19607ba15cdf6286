# case: latest
FROM python:3.14-slim-trixie
# finds: latest
COPY --from=ghcr.io/astral-sh/uv:latest /uv /usr/local/bin/uv

# case: without a tag
FROM python:3.14-slim-trixie
# finds: no tag is latest
COPY --from=ghcr.io/astral-sh/uv /uv /usr/local/bin/uv

# case: a minor version
FROM python:3.14-slim-trixie
# finds: the tag moves
COPY --from=ghcr.io/astral-sh/uv:0.13 /uv /usr/local/bin/uv

# case: a stage of uv
# finds: latest
FROM ghcr.io/astral-sh/uv:latest AS uv
FROM python:3.14-slim-trixie
# fine: the stage is to be pinned
COPY --from=uv /uv /usr/local/bin/uv

# case: uv's image with Python
# finds: the tag names Python but not uv
FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim

# case: pinned
# fine: the whole version
FROM ghcr.io/astral-sh/uv:0.13.9-python3.12-trixie-slim
# fine: the whole version
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
# fine: a digest never moves
COPY --from=ghcr.io/astral-sh/uv@sha256:2381d6aa60c326b71fd40023f921a0a3b8f91b14d5db6b90402e65a635053709 /uv /usr/local/bin/uv

# case: a version in an argument
ARG UV_VERSION=0.13.9
# fine: the argument is the whole version
FROM ghcr.io/astral-sh/uv:${UV_VERSION} AS uv
FROM python:3.14-slim-trixie
COPY --from=uv /uv /usr/local/bin/uv

# case: installed by pip and by a script
FROM python:3.14-slim-trixie
# finds: the newest uv
RUN pip install --no-cache-dir uv
RUN apt-get update && \
# finds: the newest uv
    curl -LsSf https://astral.sh/uv/install.sh | sh
# fine: a version
RUN pip install uv==0.13.9
# fine: the script has a version
RUN curl -LsSf https://astral.sh/uv/0.13.9/install.sh | sh

# case: mounted
FROM python:3.14-slim-trixie
RUN --mount=type=cache,target=/root/.cache/uv \
    # finds: latest, in a mount
    --mount=from=ghcr.io/astral-sh/uv:latest,source=/uv,target=/bin/uv \
    uv sync --locked

# case: uv itself runs pip
FROM python:3.14-slim-trixie
# fine: this installs gunicorn
RUN uv pip install --system gunicorn==23.0.0

# case: the script is added
FROM python:3.14-slim-trixie
# finds: the newest uv
ADD https://astral.sh/uv/install.sh /uv-installer.sh
# fine: the script has a version
ADD https://astral.sh/uv/0.13.9/install.sh /uv-0.13.9.sh
RUN sh /uv-installer.sh
