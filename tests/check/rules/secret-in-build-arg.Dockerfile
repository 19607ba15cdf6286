# case: in a stage that does not ship
FROM python:3.14-slim-trixie AS build
# finds: the attestation has the value
ARG GIT_TOKEN
RUN uv sync --locked
FROM python:3.14-slim-trixie
# fine: another rule is about this
ARG API_TOKEN
COPY --from=build /app /app
