from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import bundle, record
from measures.models import Source, User


class Command(BaseCommand):
    help = "Load the full text of a source from an article that you hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="The slug of the source.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="USER", help="Whose act it is in the record.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = Source.objects.get(slug=options["source"])
            text = options["file"].read_text(encoding="utf-8")
            by = record.actor(options["by"] or "")
        except Source.DoesNotExist:
            known = ", ".join(Source.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(
                f"There is no source {options['source']}. Known sources: {known}."
            ) from None
        except User.DoesNotExist:
            raise CommandError(f"There is no account named {options['by']}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(
                f"{options['file']} cannot be read as UTF-8 text: {error}."
            ) from None
        try:
            report = bundle.load_text(source, text, by=by, file=options["file"].name)
        except bundle.BundleError as error:
            raise CommandError(f"{error}\nNothing was changed.") from None
        except ValidationError as error:
            raise CommandError(f"{' '.join(error.messages)} Nothing was changed.") from None
        self.stdout.write(
            f"{report.quotations} quotations found verbatim in {report.passages} passages; "
            f"{report.changed} passages changed."
        )
