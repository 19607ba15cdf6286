"""Show error messages from A to Z, and the fields into which readers paste a message."""

import json
import re
from itertools import groupby

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from guide.content import error_answers
from guide.content.error_answers import ErrorAnswer
from guide.pages.claims import mark
from guide.pages.markup import inline_code, join, listed, page_styles
from guide.pages.provenance import provenance_line
from guide.pages.registry import MACROS, macro

_TEMPLATES = Environment(
    variable_start_string="[[[", variable_end_string="]]]", undefined=StrictUndefined
)
_NOT_TRIED = "We have not tried this."


@macro
def find_error() -> Markup:
    """Return the box into which readers paste a log. Its script finds the answers on this page."""
    messages = [
        {
            "name": answer.name,
            "messages": answer.all_messages,
            **({"vague": answer.vague} if answer.vague else {}),
        }
        for answer in error_answers.answers()
    ]
    return Markup(
        '<div class="paste errors">{}{}<find-error data-messages="{}" data-search-exclude="1">'
        '<form><label for="log">Paste a message or a log</label>'
        '<textarea id="log" spellcheck="false" autocomplete="off" autocapitalize="off" '
        'placeholder="error: …"></textarea>'
        '<p><button class="md-button">Find the cause</button> '
        '<button type="button" name="clear">Clear</button></p></form>'
        '<p role="status" tabindex="-1"></p><div class="found"></div></find-error></div>'
    ).format(page_styles("paste"), page_styles("errors"), json.dumps(messages, ensure_ascii=False))


@macro
def paste_error() -> Markup:
    """Return a field whose text the page with all messages takes over.

    Its styles come with `paste_dockerfile`, on the same page.
    """
    return Markup(
        '<div class="paste"><paste-text data-key="find-error"><form action="common-errors/">'
        '<textarea spellcheck="false" autocomplete="off" autocapitalize="off" '
        'aria-label="An error message or a log" placeholder="Error message">'
        '</textarea><p><button class="md-button">Find the cause</button></p></form></paste-text>'
        "</div>"
    )


@macro
def error_list() -> Markup:
    """Return links to all messages under their first letters, with the programs that print them."""
    groups = groupby(error_answers.answers(), lambda answer: _letter(answer))
    return Markup('<dl class="messages" data-search-exclude="1">{}</dl>').format(
        join(
            Markup("<div><dt>{}</dt>{}</div>").format(letter, join(map(_entry, group)))
            for letter, group in groups
        )
    )


def _letter(answer: ErrorAnswer) -> str:
    first = error_answers.sort_key(answer.title)[0].upper()
    return first if first.isalpha() else "0-9"


def _entry(answer: ErrorAnswer) -> Markup:
    return Markup('<dd><a href="#{}">{}</a> <small>{}</small></dd>').format(
        answer.name, inline_code(answer.title), listed(answer.programs)
    )


@macro
def error_count() -> int:
    """Return the number of answers."""
    return len(error_answers.answers())


@macro("error_answers")
def all_answers() -> str:
    """Return a section for each answer, from A to Z, as Markdown."""
    return "\n\n" + "\n\n".join(map(_section, error_answers.answers())) + "\n\n"


def _section(answer: ErrorAnswer) -> str:
    symptom, cause, fix = map(_rendered, (answer.symptom, answer.cause, answer.fix))
    text = "\n".join((symptom, cause, fix))
    marks = [
        mark(name)
        for name in answer.proofs_of("claim")[:_MOST_MARKS]
        if f"#{name})" not in text and f'#{name}"' not in text
    ]
    parts = [
        f"## {_title(answer)} {{ #{answer.name} data-toc-exclude=1 }}",
        symptom,
        _cause(cause, " ".join(marks)),
        f"**Fix:** {fix}{_for_search(answer, text)}",
        _older(answer),
        _sources(answer),
        provenance_line(*traps) if (traps := _recorded_traps(answer)) else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _for_search(answer: ErrorAnswer, text: str) -> Markup:
    """Return the messages that a section does not show, for the search index alone."""
    shown = f"{answer.title} {text}".replace("`", "")
    hidden = [each.replace("↵", "…") for each in answer.messages if each not in shown]
    if not hidden:
        return Markup()
    return Markup('<template class="for-search"> {}</template>').format(", ".join(hidden))


def _cause(text: str, marks: str) -> str:
    """Return a cause. The marks of a list would look as if they belonged to its last item."""
    if "\n- " in text and marks:
        return f"**Cause:** {text}\n\nWe recorded this message: {marks}"
    return f"**Cause:** {text} {marks}".rstrip()


# More marks would hide the sentence.
_MOST_MARKS = 3


def _title(answer: ErrorAnswer) -> str:
    """Return a title as Markdown, in which only backticks have a meaning."""
    parts = answer.title.split("`")
    parts[::2] = [re.sub(r"([\[\]_*<>])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def _rendered(text: str) -> str:
    """Return a text of an answer with the results of the macros that it calls."""
    return _TEMPLATES.from_string(text).render(MACROS).strip()


def _older(answer: ErrorAnswer) -> str:
    """Return the wordings of older releases and other programs. They are what readers search."""
    if not answer.older:
        return ""
    shown = join(
        (Markup("<code>{}</code>").format(each.replace("↵", "…")) for each in answer.older), ", "
    )
    text = Markup("Older releases and other programs print: {}").format(shown)
    return f"{text}\n{{ .older }}"


def _sources(answer: ErrorAnswer) -> str:
    """Return where a message was tried, or that it was not, and the threads about it."""
    lines = [name.split("/", 2) for name in answer.proofs_of("line")]
    examples = sorted({example for example, *_ in lines})
    links = [f"[{example}](/data/lines/{example}.json)" for example in examples]
    proof = f"Recorded while we left lines out of {listed(links)}." if links else ""
    if not answer.proofs:
        proof = _NOT_TRIED
    threads = [f"[{title}]({url})" for title, url in answer.thread_links.items()]
    where = f"More about it: {listed(threads)}." if threads else ""
    text = " ".join(filter(None, (proof, where)))
    return f"{text}\n{{ .threads data-search-exclude=1 }}" if text else ""


def _recorded_traps(answer: ErrorAnswer) -> list[str]:
    """Return the recordings of traps that the symptom shows."""
    names = [name.partition("/")[0] for name in answer.proofs_of("trap")]
    return [f"traps/{name}" for name in dict.fromkeys(names) if f'"{name}"' in answer.symptom]
