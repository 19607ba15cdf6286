# case: files
FROM python:3.14-slim-trixie
# finds: .env
COPY .env /app/.env
# finds: a key
COPY id_rsa /root/.ssh/id_rsa
# fine: an example
COPY .env.example /app/.env.example
