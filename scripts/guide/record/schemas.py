"""Generate the JSON schemas of the recordings from their types."""

from pathlib import Path

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from guide.content.recording_types import KINDS
from guide.content.recordings import DATA
from guide.machine import files
from guide.record import recording

FOLDER = "schema"


class _ClosedObjects(GenerateJsonSchema):
    """Generates schemas that allow only a type's keys and have no generated titles."""

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        generated = super().typed_dict_schema(schema)
        if "description" in generated:
            paragraphs = generated["description"].split("\n\n")
            generated["description"] = "\n\n".join(" ".join(each.split()) for each in paragraphs)
        return {**generated, "additionalProperties": False}

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schema(kind: str) -> JsonSchemaValue:
    """Return the JSON schema of a kind of recording."""
    generated = TypeAdapter(KINDS[kind]).json_schema(schema_generator=_ClosedObjects)
    header = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"{kind}.json"}
    return {**header, **generated, "title": f"A recording of the kind {kind}"}


def write_schemas() -> list[Path]:
    """Write the schema of every kind to docs/data/schema/, and return the files."""
    paths = []
    for kind in KINDS:
        paths.append(DATA / FOLDER / f"{kind}.json")
        files.write(paths[-1], recording.encoded(schema(kind)))
    return paths
