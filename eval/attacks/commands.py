"""The attacks, as `python -m eval` lists them."""

import typer

from eval.attacks.files import attack_files
from eval.attacks.fuzz import attack_fuzz
from eval.attacks.sockets import attack_sockets
from eval.attacks.text import attack_text


def add_attacks(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command("attack-sockets")(attack_sockets)
    app.command("attack-files")(attack_files)
    app.command("attack-text")(attack_text)
    app.command("attack-fuzz")(attack_fuzz)
