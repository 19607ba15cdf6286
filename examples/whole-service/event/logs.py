"""Write each log entry as one line of JSON."""

from pythonjsonlogger.json import JsonFormatter


class Formatter(JsonFormatter):
    """Adds the fields of gunicorn's access log to its entries."""

    def __init__(self):
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )

    def add_fields(self, log_data, record, message_dict):
        super().add_fields(log_data, record, message_dict)
        if record.name == "gunicorn.access":
            # gunicorn passes these values to its own log format.
            atoms = record.args
            log_data |= {
                "message": "request",
                "method": atoms["m"],
                "path": atoms["U"],
                "status": int(atoms["s"]),
                "seconds": float(atoms["L"]),
                "client": atoms["h"],
            }


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "event.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
