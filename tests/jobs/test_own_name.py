"""Names that people (or programs in their name) give to files: kept for the eye, never used as paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.stage_process import own_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("paper.pdf", "paper.pdf"),
        ("Étude № 3 (final).PDF", "Étude № 3 (final).pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\system.ini.pdf", "system.ini.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("..", "paper.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "paper.pdf"),
        (" . . ", "paper.pdf"),
        ("a\0b.pdf", "b.pdf"),
        ("a\nb\x1b[31m.pdf", "[31m.pdf"),
        ("paper\u202efdp.exe", "fdp.exe.pdf"),
        ("\ud800.pdf", "paper.pdf"),
        ("-rf.pdf", "-rf.pdf"),
    ],
)
def test_a_name_is_in_no_other_folder_and_of_the_type_that_the_file_is(said: str, name: str) -> None:
    assert own_name(said, ".pdf") == name


@pytest.mark.parametrize("letter", ["x", "é", "字", "𝔘", "👩‍🔬"])
def test_long_names_fit_on_a_disk(letter: str, tmp_path: Path) -> None:
    name = own_name(letter * 300 + ".pdf", ".pdf")
    (tmp_path / name).write_bytes(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert name.startswith(letter[0])
