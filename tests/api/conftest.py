"""What the tests of pages begin with, for those of machines."""

from tests.pages.conftest import crowd, second_source

__all__ = ["crowd", "second_source"]
