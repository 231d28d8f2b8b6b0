"""Faults of the machine, told from faults of ours: those that pass by themselves, or by a hand."""

import errno

from django.db import Error

RETRY_AFTER = 30  # Seconds after which asking again may help.

# By the name of the engine's own error: another writer for too long, a full or broken disk, a file
# that cannot be written or opened. "No such table" is none of these, it is a fault of ours.
SQLITE = ("BUSY", "LOCKED", "FULL", "READONLY", "IOERR", "CANTOPEN", "NOMEM")
# By the class of SQLSTATE: no connection, too few resources, stopped by an operator, and the lock,
# the deadlock and the read-only server.
POSTGRESQL = ("08", "53", "57", "55P03", "40P01", "25006")
FILES = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def is_away(error: BaseException | None) -> bool:
    """Whether the database or the disk cannot be used now, though nothing is wrong with the code.

    A connection that was never made, or is gone, has no SQLSTATE.
    """
    if isinstance(error, OSError):
        return error.errno in FILES
    if not isinstance(error, Error):
        return False
    cause = error.__cause__ or error.__context__
    if name := getattr(cause, "sqlite_errorname", ""):
        return str(name).removeprefix("SQLITE_").startswith(SQLITE)
    if not hasattr(cause, "sqlstate"):
        return "closed" in str(error)  # Django's own word for a connection that was lost.
    state = getattr(cause, "sqlstate", None)
    if state:
        return str(state).startswith(POSTGRESQL)
    return type(cause).__module__.startswith("psycopg") and "Operational" in _names(cause)


def _names(error: object) -> str:
    return " ".join(kind.__name__ for kind in type(error).__mro__)
