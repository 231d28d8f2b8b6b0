from typing import Any

from django.core.management.base import BaseCommand

from measures import search


class Command(BaseCommand):
    help = "Make the index of search anew. Every change keeps it, so this is for repairs."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{search.rebuild()} objects are found by their words.")
