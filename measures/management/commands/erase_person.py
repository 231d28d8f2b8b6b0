from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import record, workflow
from measures.models import User


class Command(BaseCommand):
    help = "Erase who a person was: name, address, password, sessions, tokens. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="The user name of the account.")
        parser.add_argument("--by", metavar="USER", help="Whose act it is in the record.")
        parser.add_argument("--yes", action="store_true", help="Do it; without, say what would be.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = self.account(options["username"])
        by = self.account(options["by"]) if options["by"] else record.system_account()
        if person.is_system:
            raise CommandError("The tracker's own accounts are no persons and stay.")
        if not options["yes"]:
            self.stdout.write(f"{person} ({person.username}, {person.email or 'no address'})")
            self.stdout.write("Name, address, password, sessions, tokens and rights would be gone.")
            self.tell(workflow.naming(person))
            self.stdout.write("Nothing was changed. To erase the person, add --yes.")
            return
        erased = workflow.erase(person, by=by)
        self.stdout.write(
            f"Erased. {erased.sessions} sessions ended, {erased.elsewhere} rows elsewhere removed; "
            f"in the record the person is {person.opaque_id}."
        )
        self.tell(erased.written)
        self.stdout.write("Backups taken before still hold the name; let them run out.")

    def account(self, username: str) -> User:
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist:
            raise CommandError(f"There is no account named {username}.") from None

    def tell(self, written: tuple[int, ...]) -> None:
        if written:
            self.stdout.write(
                "Colleagues wrote the name in these entries of the record, which stay as they are: "
                f"{', '.join(map(str, written))}."
            )
