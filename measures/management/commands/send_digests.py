from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from measures import outbox
from measures.models import JobRun, Message


class Command(BaseCommand):
    help = "Decide what is due to whoever follows the register, and send what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be sent, and send nothing."
        )
        parser.add_argument(
            "--forget",
            action="store_true",
            help="Take all that is due for told: after a backup was restored.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["forget"]:
            self.stdout.write(f"Dropped: {outbox.forget(now)}. All is taken for told.")
            return
        if options["dry_run"]:
            self.show()
            return
        decided = outbox.decide(now)
        done = outbox.send()
        JobRun.objects.done("send_digests")
        told = [f"{number} {word}" for word, number in sorted(done.items())]
        self.stdout.write(", ".join([f"{decided} decided", *told]))

    @transaction.atomic
    def show(self) -> None:
        """Decide, print and take it back."""
        outbox.decide(timezone.now())
        waiting = Message.objects.due(timezone.now()).in_full().order_by("due_at", "pk")
        number = 0
        for message in waiting.iterator(chunk_size=100):
            number += 1
            why = outbox.refusal(message)
            to = message.webhook or message.person.username
            self.stdout.write(f"{message.kind} to {to}" + (f": not sent. {why}" if why else ""))
            if not why and not message.webhook:
                letter = outbox.compose(message)
                self.stdout.write(f"Subject: {letter.subject}\n\n{letter.text}\n")
        self.stdout.write(f"Messages that wait: {number}. Nothing was sent.")
        transaction.set_rollback(True)
