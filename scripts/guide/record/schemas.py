"""The JSON schemas of the recordings, made from their types and published beside the data."""

from pathlib import Path

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from guide.content.recording_types import KINDS
from guide.record import recording

FOLDER = "schema"


class _ClosedObjects(GenerateJsonSchema):
    """Allow only the keys that a type names, and give them no titles made from their names."""

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
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"{kind}.json"}
    return {**head, **generated, "title": f"A recording of the kind {kind}"}


def write_schemas() -> list[Path]:
    """Write the schema of every kind into docs/data/schema/ and return the files."""
    return [recording.write_recording(f"{FOLDER}/{kind}", schema(kind)) for kind in KINDS]
