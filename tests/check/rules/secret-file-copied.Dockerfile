# case: files
FROM python:3.14-slim-trixie
# finds: .env
COPY .env /app/.env
# finds: a key
COPY id_rsa /root/.ssh/id_rsa
# fine: an example
COPY .env.example /app/.env.example

# case: from another stage
FROM python:3.14-slim-trixie AS build
RUN echo key > /.env
FROM python:3.14-slim-trixie
# fine: what it contains is unknown
COPY --from=build /.env /app/.env
