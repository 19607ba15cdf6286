from django.core.management.base import BaseCommand

from orders import report


class Command(BaseCommand):
    help = "Write what was sold into an Excel file."

    def add_arguments(self, parser):
        parser.add_argument("path")

    def handle(self, *args, path, **options):
        frame = report.sales()
        frame.to_excel(path, sheet_name="Sales")
        self.stdout.write(f"{path}: {len(frame)} rows")
