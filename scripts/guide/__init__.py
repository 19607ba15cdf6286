"""What stands behind the guide's scripts, pages and tests.

Each module may import those above it in this list, never those below:
start, files, progress, commands, catalogue, debian, release_api, stand_ins, engine,
private_server, build, edits, recordings, layers, contenders, bench, migration,
installed_sets, transcripts, traps, claims, uv_versions, command_map, node, ci_network, gitlab,
github, pipelines, renovate, ci_bench, timing, fonts, site, browser, site_figures, testing, card,
record, downloads, annotated, tables, whole_words, claim_pages, charts, bench_pages,
migration_pages, pipeline_pages, site_pages, stylesheets, explorer, chooser, markdown_pages, feed,
set_pages, macros.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Problem(Exception):
    """Something a person has to put right. The text is one line: what is wrong, what to do."""
