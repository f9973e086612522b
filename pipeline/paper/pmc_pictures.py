"""The figure files that PubMed Central keeps beside a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from pipeline.errors import ProviderError, TransientProviderError
from pipeline.paper.figure_files import file_name, stem_of
from pipeline.paper.ncbi_http import AddressError, NcbiHttp
from pipeline.paper.pace import AtOnce

#: A picture larger than this is left out.
MOST_BYTES = 25_000_000
#: Figures beyond this number are not fetched: a video shows fewer than ten.
MOST_FIGURES = 20
#: After this many figures without a single find, the paper's files are not there at all.
_MISSES_ENOUGH = 2
#: PMC publishes JPEGs of most figures, whatever the address in the XML says.
_ENDINGS = ("", ".jpg", ".png", ".gif", ".tif")


@dataclass(frozen=True, slots=True)
class Pictures:
    """Picture files by figure id; not `complete` when the server was busy or away before all were asked for."""

    files: dict[str, Path]
    complete: bool


class PmcPictures:
    """Figure files at `{base_url}/{PMCID}/{file}`, or at `{PMCID}.1/{file}` as PMC's cloud bucket has them."""

    def __init__(self, base_url: str, *, first_wait: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = NcbiHttp(setting="PMC_BASE_URL", pace=AtOnce(), first_wait=first_wait)

    def download(self, pmcid: str, hrefs: Mapping[str, str], folder: Path) -> Pictures:
        """The pictures that could be had, written into `folder`.

        A picture that is missing, refused or too large is left out; when the server stays away, so
        are those that follow. Raises `AddressError` when the base address is none.
        """
        layouts = [(place, ending) for place in (pmcid, f"{pmcid}.1") for ending in _ENDINGS]
        files: dict[str, Path] = {}
        for number, (figure, href) in enumerate(islice(hrefs.items(), MOST_FIGURES)):
            if number == _MISSES_ENOUGH and not files:
                break
            try:
                file = self._first_found(layouts, file_name(href), folder / str(number))
            except TransientProviderError:
                return Pictures(files, complete=False)
            if file is not None:
                files[figure] = file
        return Pictures(files, complete=True)

    def _first_found(self, layouts: list[tuple[str, str]], name: str, target: Path) -> Path | None:
        """Tries each layout; the one that serves is moved to the front for the next figure."""
        for layout in layouts:
            place, ending = layout
            tried = stem_of(name) + ending if ending else name
            picture = self._get(f"{self._base_url}/{place}/{quote(tried)}")
            if picture:
                layouts.remove(layout)
                layouts.insert(0, layout)
                target.write_bytes(picture)
                return target
        return None

    def _get(self, url: str) -> bytes | None:
        try:
            return self._http.get(url, {}, most_bytes=MOST_BYTES)
        except (TransientProviderError, AddressError):
            raise
        except ProviderError:
            return None
