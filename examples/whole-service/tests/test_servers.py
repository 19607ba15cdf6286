"""Tests with PostgreSQL, a worker and its broker, and a server that speaks S3."""

import time

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection, transaction
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from badges import tasks
from badges.models import Badge
from event import celery

BUCKET = "badges"
REGION = "eu-central-1"


@pytest.fixture
def badge():
    return Badge.objects.create(key="demo", name="Ada")


@pytest.mark.django_db(transaction=True)
def test_a_worker_draws_a_badge(badge):
    with start_worker(celery, perform_ping_check=False):
        with transaction.atomic():
            tasks.send(badge)
        for _ in range(100):
            badge.refresh_from_db()
            if badge.drawn_at:
                break
            time.sleep(0.1)
    assert badge.drawing.read().startswith(b"<svg")


@pytest.mark.django_db(transaction=True)
def test_a_badge_that_another_worker_draws_is_left_out(badge):
    other_worker = connection.copy()
    try:
        other_worker.set_autocommit(False)
        with other_worker.cursor() as cursor:
            cursor.execute("SELECT FROM badges_badge FOR UPDATE")
        tasks.draw(badge.pk)
        badge.refresh_from_db()
        assert badge.drawn_at is None
    finally:
        other_worker.close()
    tasks.draw(badge.pk)
    badge.refresh_from_db()
    assert badge.drawn_at


@pytest.fixture
def bucket(monkeypatch, settings):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "only-for-tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "only-for-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": BUCKET},
        }
    }
    bucket = S3Storage(bucket_name=BUCKET).bucket
    bucket.create(CreateBucketConfiguration={"LocationConstraint": REGION})
    yield bucket
    server.stop()


@pytest.mark.django_db
def test_drawings_are_stored_in_a_bucket(bucket, badge, client):
    tasks.draw(badge.pk)
    assert [each.key for each in bucket.objects.all()] == ["badges/demo.svg"]
    answer = client.get("/badges/demo.svg", secure=True)
    assert b"".join(answer.streaming_content).startswith(b"<svg")

    Badge.objects.update(ordered_at="2026-01-01T00:00Z")
    tasks.remove_old()
    assert not [*bucket.objects.all()]
