"""The commands that attack a server of ours, as `python -m eval` lists them."""

import typer

from eval.attacks.sockets import attack_sockets


def add_attacks(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command("attack-sockets")(attack_sockets)
