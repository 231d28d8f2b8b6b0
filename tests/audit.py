"""Known holes in what we depend on.

    python -m tests.audit PIP-AUDIT    asks about every package of requirements.txt

Ends with 0 where there is none, 1 where there is one, and 2 where nobody could be asked: an audit
that did not take place is no good news.
"""

import json
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).parent.parent / "requirements.txt"


def verdict(code: int, said: str, errors: str) -> tuple[int, str]:
    """The exit code and the words for what pip-audit came back with."""
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        packages = None
    last = next((line for line in reversed(errors.splitlines()) if line.strip()), "it said nothing")
    if not packages:
        return 2, f"The look-up itself failed; whether there are holes is NOT known: {last.strip()}"
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for each in packages
        for hole in each.get("vulns", ())
    ]
    if holes:
        return 1, "\n".join([*holes, f"{len(holes)} known holes; take the mended versions in."])
    if skipped or code:
        reason = f"not asked about {', '.join(skipped)}" if skipped else last.strip()
        return 2, f"The look-up was not complete; whether there are holes is NOT known: {reason}"
    return 0, f"No known hole in {len(packages)} packages."


def main(program: str) -> int:
    command = [program, "--strict", "--require-hashes", "--disable-pip", "-r", str(LIST)]
    try:
        done = subprocess.run(
            [*command, "-f", "json", "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            timeout=600,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        code, told = verdict(1, "", str(error))
    else:
        code, told = verdict(done.returncode, done.stdout, done.stderr)
    print(told)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
