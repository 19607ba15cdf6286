"""How pages show what the jobs of the pipelines install, print and take."""

import html

from guide import Problem
from guide.content import recordings
from guide.pages import charts, numbers
from guide.pages.charts import Timed
from guide.pages.claim_pages import block, codes
from guide.pages.registry import macro

JOBS = ("lint", "types", "test")
WAYS = {"poetry": "Poetry", "fast": "Fast", "full": "Full"}
MACHINES = {"fresh": "new runner", "warm": "warm runner"}


@macro
def job_seconds() -> str:
    """The seconds of each job, by tool and speed, on a new runner and on a warm one."""
    heads = "".join(f'<th scope="col">{title}</th>' for title in WAYS.values())
    body = "".join(
        f'<tr><th scope="row">{name}, {machine}</th>'
        + "".join(f"<td>{_cell(_job(f'{way} {name}', run))}</td>" for way in WAYS)
        + "</tr>"
        for name in JOBS
        for run, machine in MACHINES.items()
    )
    return (
        '<div class="scroll"><table class="facts jobs" data-search-exclude="1">'
        f"<thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


@macro
def job_time(name: str, run: str = "fresh") -> str:
    """The median seconds of one job, such as "fast lint"."""
    return numbers.seconds(_job(name, run).median)


@macro
def job_rounds() -> int:
    """How often each job was timed."""
    return len(_job("fast lint", "fresh").every_round)


@macro
def job_sets() -> str:
    """What each fast job types and installs. It is the same on both services, or a Problem."""
    recorded = recordings.pipelines()
    if recorded["gitlab"] != recorded["github"]:
        raise Problem("The jobs on GitLab and on GitHub differ. Look at scripts/record pipelines.")
    rows = ""
    for job in recorded["gitlab"]:
        typed = codes(job["commands"])
        names = ", ".join(job["installed"]) or "nothing"
        rows += (
            f'<tr><th scope="row">{job["name"]}</th><td>{typed}</td>'
            f"<td>{len(job['installed'])}</td><td>{html.escape(names)}</td></tr>"
        )
    heads = ("Job", "Command", "Packages", "Installed")
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        '<div class="scroll"><table class="facts jobs stacked" data-search-exclude="1">'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


@macro
def job_output(name: str) -> str:
    """What a job prints that has to fail: "stale" or "wrong_token"."""
    lines = []
    for line in recordings.pipelines()[name]:
        if line.startswith("$ "):
            lines.append(f'<span class="gp">$ </span><b>{html.escape(line[2:])}</b>')
        else:
            lines.append(f'<span class="go">{html.escape(line)}</span>')
    return block("\n".join(lines))


@macro
def renovate_finds() -> str:
    """What Renovate's own dry run finds in the example with the pipelines, file by file."""
    by_file: dict[str, list[str]] = {}
    for each in recordings.renovate()["dependencies"]:
        said = f"{each['name']} <code>{html.escape(each['value'])}</code>"
        by_file.setdefault(each["file"], []).append(said)
    rows = "".join(
        f'<tr><th scope="row"><code>{file}</code></th><td>{", ".join(found)}</td></tr>'
        for file, found in by_file.items()
    )
    return (
        '<div class="scroll"><table class="facts jobs finds" data-search-exclude="1">'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _job(name: str, run: str) -> Timed:
    return charts.timed("jobs", run, name, recording="bench-pipelines")[0]


def _cell(timed: Timed) -> str:
    return f"{numbers.seconds(timed.median)} <small>{numbers.spread(timed.every_round)}</small>"
