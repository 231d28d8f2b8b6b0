"""What sites ask of programs: where not to go, and how long to wait between two requests."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.robotparser import RobotFileParser

from .fetch import Failed, Fetcher, Limits
from .guard import Refused, Target

NAME = "IPR-Tracker"
# Seconds between two requests to one host; a site may ask for more, up to the longest.
PACE, LONGEST_PACE = 2.0, 30.0
ROBOTS_LIMITS = Limits(seconds=30, body=500 * 1024)
OK, CLIENT_ERRORS = range(200, 300), range(400, 500)


@dataclass(slots=True)
class Manners:
    """Asked before each request: waits for its turn at the host, and keeps to its robots.txt.

    `pace` is how many seconds lie between two requests to one host; a site may ask for more, up to
    `longest_pace`. `clock` and `sleep` are in seconds. Meant for one run: what a site said is kept
    till its end.
    """

    fetcher: Fetcher
    pace: float = PACE
    longest_pace: float = LONGEST_PACE
    robots_limits: Limits = ROBOTS_LIMITS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _said: dict[str, RobotFileParser | Failed] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def before(self, target: Target, address: str) -> None:
        """Wait as long as the site wants; raises Refused where it wants no programs."""
        said = self._said_by(target)
        try:
            may, pace = said.can_fetch(NAME, address), said.crawl_delay(NAME)
        except ValueError as error:
            raise Failed("The robots.txt of the site cannot be read.") from error
        if not may:
            raise Refused("The site asks programs to stay away (robots.txt).")
        self._wait(target.host, min(float(pace or 0), self.longest_pace))

    def _said_by(self, target: Target) -> RobotFileParser:
        """What the site says, asked once in a run; a site that does not say is not asked again."""
        if target.site not in self._said:
            try:
                self._said[target.site] = self._asked(target)
            except Failed as failure:
                self._said[target.site] = failure
        said = self._said[target.site]
        if isinstance(said, Failed):
            raise said
        return said

    def _asked(self, target: Target) -> RobotFileParser:
        """As RFC 9309 has it: all is allowed where there is no such file."""
        said = RobotFileParser()
        fetcher = replace(self.fetcher, limits=self.robots_limits)
        lines: list[str] = []
        try:
            answer = fetcher.get(
                f"{target.site}/robots.txt", before=lambda where, _: self._wait(where.host)
            )
        except Refused:
            pass  # It sends us where we do not go; the page itself may still be public.
        else:
            if answer.status in OK:
                lines = answer.body.decode("utf-8", "replace").splitlines()
            elif answer.status not in CLIENT_ERRORS:
                raise Failed("The site does not tell its robots.txt.")
        try:
            said.parse(lines)
        except ValueError as error:
            raise Failed("The robots.txt of the site cannot be read.") from error
        return said

    def _wait(self, host: str, pace: float = 0) -> None:
        """Let the time pass that lies between two requests to this host."""
        now = self.clock()
        turn = self._last[host] + max(pace, self.pace) if host in self._last else now
        if turn > now:
            self.sleep(turn - now)
        self._last[host] = max(turn, now)
