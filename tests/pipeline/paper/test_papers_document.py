"""docs/papers.md: each refusal stands in it word by word, and nothing else does."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import errors
from pipeline.errors import InputError

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "papers.md"
_ROW = re.compile(r"^\| [^|]* \| (?P<says>[^|]+) \| (?P<advice>[^|]*) \|$", re.MULTILINE)
_REFUSALS = {
    name for name, error in vars(errors).items() if isinstance(error, type) and issubclass(error, InputError)
}


def written() -> set[tuple[str, str]]:
    """The sentence and the advice of each row of the table."""
    part = DOCUMENT.read_text(encoding="utf-8").partition("## What is refused")[2].partition("\n## ")[0]
    rows = {(row["says"], row["advice"]) for row in _ROW.finditer(part)}
    return rows - {("what is said", "what to do")}


def raised() -> Iterator[tuple[str, str]]:
    """The sentence and the advice of every refusal in the code, … standing for what differs."""
    for file in sorted((ROOT / "pipeline" / "paper").glob("*.py")):
        module = importlib.import_module(f"pipeline.paper.{file.stem}")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _REFUSALS:
                sentence, advice = [*(said(argument, module) for argument in node.args), ""][:2]
                yield sentence, advice


def said(node: ast.expr, module: Any) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(said(part, module) for part in parts)
        case ast.Name(id=name) if isinstance(text := getattr(module, name, None), str):
            return text
        case _:
            return "…"


def test_every_refusal_stands_in_the_document_and_no_other() -> None:
    code = set(raised())
    missing = "\n".join(f"| … | {sentence} | {advice} |" for sentence, advice in sorted(code - written()))
    assert not missing, f"docs/papers.md lacks:\n{missing}"
    assert not written() - code, "docs/papers.md holds what nothing says"
