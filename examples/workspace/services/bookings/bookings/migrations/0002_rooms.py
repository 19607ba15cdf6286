from django.db import migrations

ROOMS = {"Ash": 4, "Elm": 8, "Oak": 20}


def add_rooms(apps, schema_editor):
    """Add the building's rooms so that a new installation has something to book."""
    Room = apps.get_model("bookings", "Room")
    Room.objects.bulk_create(
        Room(name=name, seats=seats) for name, seats in ROOMS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]

    operations = [migrations.RunPython(add_rooms, migrations.RunPython.noop)]
