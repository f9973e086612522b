"""Files to damage where there are no real papers: the project's own example, as Word file too,
and a small PDF."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.pipeline.paper.docx_press import pressed_from
from tests.pipeline.paper.pdf_press import print_paper

EXAMPLE = Path(__file__).parents[2] / "examples" / "caption-times.xml"


def made_files(folder: Path) -> list[Path]:
    """A PDF, a JATS file and a Word file in `folder`."""
    return [
        print_paper(folder / "made.pdf"),
        Path(shutil.copy(EXAMPLE, folder / "example.xml")),
        pressed_from(EXAMPLE, folder / "example.docx"),
    ]
