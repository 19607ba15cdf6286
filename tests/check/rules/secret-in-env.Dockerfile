# case: a key
FROM python:3.14-slim-trixie
# finds: each container has the key
ENV DJANGO_SECRET_KEY=used-only-for-collectstatic

# case: a password in an address
FROM python:3.14-slim-trixie
# finds: each container has the password
ENV DATABASE_URL=postgres://shop:hunter2@db/shop

# case: no secret
FROM python:3.14-slim-trixie
# fine: empty
ENV DJANGO_SECRET_KEY=
# fine: the path of a file
ENV DJANGO_SECRET_KEY_FILE=/run/secrets/key
# fine: no password
ENV DATABASE_URL=postgres://db/shop
# fine: one step
RUN DJANGO_SECRET_KEY=none python manage.py collectstatic

# case: in a stage that does not ship
FROM python:3.14-slim-trixie AS build
# fine: no container has it
ENV DJANGO_SECRET_KEY=none
FROM python:3.14-slim-trixie
COPY --from=build /app /app

# case: a line below empties it
FROM python:3.14-slim-trixie
# finds: the history keeps the value
ENV SECRET_KEY=only-for-the-build
RUN python manage.py collectstatic --noinput
# fine: no value
ENV SECRET_KEY=
