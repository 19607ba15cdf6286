"""Requests to the running services of an example, and checks of them."""

import json
import urllib.error
import urllib.request

from bs4 import BeautifulSoup


def get(url, **headers):
    """Return the status, the headers and the text of a response, even if it is an error."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def inspect(project, service="web"):
    """Return what Docker knows about the container of a service."""
    return json.loads(project.engine.docker("inspect", project.container(service)).stdout)[0]


def check_page(url, particulars):
    """Check that the page of an example shows the rows of its database."""
    status, _, html = get(url + particulars.page)
    assert status == 200
    text = " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
    for each in particulars.shows:
        assert each in text


def check_stop(project, service="web"):
    """Check that a service exits by itself within Kubernetes' grace period after SIGTERM."""
    container = project.container(service)
    project.engine.docker("kill", "--signal", "TERM", container)
    project.engine.docker("wait", container, timeout=30)
    state = inspect(project, service)["State"]
    assert (state["Status"], state["ExitCode"]) == ("exited", 0)
