"""What people write for machines, by the endings of file names, and the word by which a block of code is marked."""

import re

LANGUAGES = {
    **dict.fromkeys((".py", ".pyi", ".pyw"), "python"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "javascript"),
    **dict.fromkeys((".ts", ".mts", ".cts", ".tsx"), "typescript"),
    **dict.fromkeys((".c", ".h"), "c"),
    **dict.fromkeys((".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".ino"), "cpp"),
    **dict.fromkeys((".sh", ".bash", ".zsh"), "bash"),
    **dict.fromkeys((".ps1", ".psm1"), "powershell"),
    **dict.fromkeys((".bat", ".cmd"), "batch"),
    **dict.fromkeys((".f", ".f90", ".f95", ".for"), "fortran"),
    **dict.fromkeys((".kt", ".kts"), "kotlin"),
    **dict.fromkeys((".rb", ".erb"), "ruby"),
    **dict.fromkeys((".pl", ".pm"), "perl"),
    **dict.fromkeys((".ex", ".exs"), "elixir"),
    **dict.fromkeys((".ml", ".mli"), "ocaml"),
    **dict.fromkeys((".clj", ".cljs"), "clojure"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".ini", ".cfg", ".conf", ".properties", ".env"), "ini"),
    **dict.fromkeys((".xml", ".xsd", ".xsl", ".xslt", ".rss", ".atom", ".opml", ".plist"), "xml"),
    **dict.fromkeys((".tf", ".hcl"), "hcl"),
    ".java": "java", ".go": "go", ".rs": "rust", ".cs": "csharp", ".fs": "fsharp", ".vb": "vbnet", ".vbs": "vbscript",
    ".php": "php", ".swift": "swift", ".scala": "scala", ".groovy": "groovy", ".gradle": "groovy", ".r": "r",
    ".jl": "julia", ".lua": "lua", ".hs": "haskell", ".erl": "erlang", ".lisp": "lisp", ".el": "lisp", ".scm": "scheme",
    ".dart": "dart", ".zig": "zig", ".nim": "nim", ".d": "d", ".pas": "pascal", ".asm": "asm", ".s": "asm",
    ".m": "matlab", ".sql": "sql", ".awk": "awk", ".tcl": "tcl", ".cmake": "cmake", ".mk": "make", ".proto": "protobuf",
    ".graphql": "graphql", ".sol": "solidity", ".v": "verilog", ".vhd": "vhdl", ".cob": "cobol", ".abap": "abap",
    ".css": "css", ".scss": "scss", ".less": "less", ".vue": "vue", ".svelte": "svelte", ".jsp": "jsp",
    ".toml": "toml", ".diff": "diff", ".patch": "diff", ".json5": "json5",
}  # fmt: skip
BACKTICKS = re.compile("`{3,}")


def fenced(code: str, language: str = "") -> str:
    """Return code in a block that no run of backticks in it ends."""
    fence = "`" * max((len(run) + 1 for run in BACKTICKS.findall(code)), default=3)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"
