# This Dockerfile builds the status page with Poetry and copies everything
# first. After any edit, the next build reinstalls every group. The final steps
# are the same as in Pattern A.
FROM python:3.14-slim-trixie

RUN useradd --uid 10001 --no-create-home \
        --shell /bin/false app \
    && install --directory --owner app --group app /data

RUN pip install --no-cache-dir poetry==2.5.1

ENV PYTHONUNBUFFERED=1

WORKDIR /app

# Copy all files. After any edit, Docker therefore reruns the steps below.
COPY . .

# Install everything in the system Python, including the test tools and the
# linter.
RUN poetry config virtualenvs.create false \
    && poetry install --no-interaction --no-ansi --no-root

RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

RUN python -m compileall -q status statuspage

# Keep the SQLite database on a volume. Everything else can be read-only.
ENV DATABASE_PATH=/data/db.sqlite3

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "statuspage.wsgi"]
