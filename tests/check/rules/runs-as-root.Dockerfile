# case: no user
FROM python:3.14-slim-trixie
# finds: no USER
CMD ["gunicorn", "shop.wsgi"]

# case: back to root
FROM python:3.14-slim-trixie
USER 10001
# finds: the last USER counts
USER root
CMD ["gunicorn", "shop.wsgi"]

# case: a user
FROM python:3.14-slim-trixie
USER 10001
# fine: USER is above
CMD ["gunicorn", "shop.wsgi"]

# case: a base image of one's own
FROM registry.example.com/python:3
# fine: the image can set a user
CMD ["gunicorn", "shop.wsgi"]

# case: the start script gives up root
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y gosu && rm -rf /var/lib/apt/lists/*
# fine: gosu changes the user
ENTRYPOINT ["./entrypoint.sh"]

# case: the user of an earlier stage is not inherited by a copy
FROM python:3.14-slim-trixie AS build
USER app
FROM python:3.14-slim-trixie
COPY --from=build /app /app
# finds: the last stage has no USER
CMD ["gunicorn", "shop.wsgi"]

# case: nothing to start
# finds: no USER
FROM python:3.14-slim-trixie
RUN uv sync --locked

# case: a distribution
FROM almalinux:9
# finds: its images have no other user
CMD ["gunicorn", "shop.wsgi"]

# case: a stage for end-to-end tests
FROM python:3.14-slim-trixie AS e2e
# fine: the image serves nobody
CMD ["pytest", "tests/e2e"]
