"""What providers are still making for jobs that were cancelled is called off, as far as they allow."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from jobs.office import Office
from pipeline.errors import ProviderError, TransientProviderError
from pipeline.line import holding, place_of
from pipeline.providers import Watcher
from storage.unwanted import Unwanted, give_up, settle, unwanted

_log = logging.getLogger(__name__)


def call_off(office: Office, watchers: Mapping[str, Watcher]) -> int:
    """Look at what cancelled jobs had ordered, stop what still waits, and book what it cost; how many were seen to.

    A provider that is away is asked again the next time. Asks providers: it may take a minute.
    """
    done = 0
    away: set[str] = set()
    for one in unwanted(office.database, watchers):
        if one.provider in away:
            continue
        try:
            cents = _called_off(office, watchers[one.provider], one)
        except TransientProviderError:
            away.add(one.provider)
            continue
        except ProviderError as error:  # it refuses us: then it stays as it is, and its cost as it was booked
            _log.warning("A task could not be called off: %s", error.sentence)
            cents = None
        if settle(office.database, one, cents):
            office.hints.changed(one.job)
        done += 1
    return done


def _called_off(office: Office, watcher: Watcher, one: Unwanted) -> int | None:
    task = holding(one.task, place_of(one.workspace, one.what))
    return watcher.call_off(task, partial(give_up, office.database, one))
