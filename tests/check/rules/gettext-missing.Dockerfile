# case: without gettext
FROM python:3.14-slim-trixie
# finds: msgfmt is missing
RUN python manage.py compilemessages

# case: with gettext
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y gettext && rm -rf /var/lib/apt/lists/*
# fine: the step above installs it
RUN python manage.py compilemessages

# case: a full image
FROM python:3.14
# fine: not known to lack it
RUN django-admin compilemessages

# case: a list of packages
FROM python:3.14-slim-trixie
ARG PACKAGES="curl gettext"
RUN apt-get update && apt-get install -y ${PACKAGES} && rm -rf /var/lib/apt/lists/*
# fine: the list names it
RUN python manage.py compilemessages

# case: another stage
FROM python:3.14-slim-trixie AS messages
RUN apt-get update && apt-get install -y gettext
FROM python:3.14-slim-trixie
# finds: the stage above has it, and this one does not
RUN python manage.py compilemessages
COPY --from=messages /locale /locale
