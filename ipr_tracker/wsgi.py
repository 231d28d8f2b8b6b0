"""The application as a web server loads it."""

import logging
import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")

application = get_wsgi_application()

# A server never starts on a database that has lost the triggers which protect the record: the
# checks raise, and the worker does not come up. A database that cannot be reached is another
# matter; it may be back in a minute, and until then the pages say so.
try:
    BaseCommand().check(databases=["default"])
except DatabaseError as error:
    logging.getLogger(__name__).warning("Starting without a database: %s", error)
finally:
    connections.close_all()
