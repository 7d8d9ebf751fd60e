"""The process that fuzzes one target: `python -m eval.attacks.fuzzing TARGET FOLDER`, and what libFuzzer takes."""

import sys

import atheris


def main() -> None:
    """Give libFuzzer the target."""
    with atheris.instrument_imports(include=["corpus", "index"], enable_loader_override=False):
        from eval.attacks.seeds import seeds
        from eval.attacks.targets import try_input

    target = sys.argv.pop(1)
    try_input(target, next(seeds(target)))  # loads dictionaries, which is no fault of an input

    def one(data: bytes) -> None:
        try_input(target, data)

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
