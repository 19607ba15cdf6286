# case: a migration
FROM python:3.14-slim-trixie
# finds: the image contains the database
RUN python manage.py migrate
# finds: the image contains the user
RUN uv run --no-sync manage.py createsuperuser --noinput

# case: questions
FROM python:3.14-slim-trixie
# fine: it changes nothing
RUN python manage.py migrate --check
# fine: it needs no database
RUN python manage.py collectstatic --noinput

# case: a stage that is not in the image
FROM python:3.14-slim-trixie AS test
# fine: the database is for the tests
RUN python manage.py migrate
FROM python:3.14-slim-trixie
COPY manage.py ./
