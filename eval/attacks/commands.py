"""The attacks, as `python -m eval` lists them."""

import typer

from eval.attacks.files import attack_files


def add_attacks(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command("attack-files")(attack_files)
