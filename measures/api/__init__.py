"""The API: what the register holds, for machines. Every address, its questions and its answers.

`errors` is how it says no, `conditional` how it spares work, `asked` and `answers` what it takes
and gives, `rows` how objects of the register become answers, `reading` and `addresses` where they
are, `docs` the page that describes it all.
"""

from .access import TokenMiddleware
from .addresses import api
from .docs import api_docs
from .errors import OneShapeMiddleware

__all__ = ["OneShapeMiddleware", "TokenMiddleware", "api", "api_docs"]
