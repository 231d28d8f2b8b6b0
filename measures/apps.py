from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    """The app: what was promised, what was seen, what was judged."""

    name = "measures"
    verbose_name = _("Register")

    def ready(self) -> None:
        from .pages.checks import second_factors_are_wanted
        from .record.checks import triggers_are_there, triggers_are_whole
        from .record.triggers import install, step_aside
        from .search import engine
        from .search.checks import index_is_followed
        from .turnover.checks import every_measure_is_counted
        from .upkeep import figures

        connection_created.connect(figures.follow, dispatch_uid="measures.figures")
        pre_migrate.connect(step_aside, sender=self, dispatch_uid="measures.triggers")
        post_migrate.connect(install, sender=self, dispatch_uid="measures.triggers")
        post_migrate.connect(engine.install, sender=self, dispatch_uid="measures.search")
        checks.register(triggers_are_there, checks.Tags.database)
        checks.register(triggers_are_whole, checks.Tags.database)
        checks.register(index_is_followed, checks.Tags.database)
        checks.register(every_measure_is_counted, checks.Tags.database)
        checks.register(second_factors_are_wanted, checks.Tags.security, deploy=True)
