"""The API: what the register holds, for machines. Every address, its questions and its answers.

`access` is who asks, `errors`, `mistakes` and `problems` how it says no, `conditional` how it
spares work and knows versions, `asked`, `sent` and `answers` what it takes and gives, `rows` how
objects of the register become answers, `reading`, `citing`, `drafting` and `addresses` where they
are, `writing` what all writing has in common, `docs` the page that describes it all.
"""

from .access import TokenMiddleware
from .addresses import api
from .conditional import MethodsMiddleware
from .docs import api_docs
from .errors import OneShapeMiddleware

__all__ = ["MethodsMiddleware", "OneShapeMiddleware", "TokenMiddleware", "api", "api_docs"]
