"""What the stages import, imported at once, and what they look up slowly, looked up.

Only the server that stages are forked from imports this. Nothing here may start a thread or open a
connection: neither survives a fork. (That is why the voice's model is not loaded here.)
"""

from __future__ import annotations

import gc
from contextlib import suppress

import jobs.kit
import jobs.stage_process
import pipeline.narration.hibari
import pipeline.paper.pubmed
import pipeline.render.join
import pipeline.render.segment
import pipeline.script.extractive
import pipeline.steps
from pipeline.narration.phonemes import pronunciation
from pipeline.render.captions_layer import caption_fits
from storage.errors import StoreRefusedError
from storage.s3 import S3Objects

__all__ = ["jobs", "pipeline"]

caption_fits("fonts")
pronunciation()
with suppress(StoreRefusedError):  # boto3 is not installed; then there is no bucket
    S3Objects("none", endpoint_url="http://localhost", access_key="-", secret_key="-")  # noqa: S106 - none
gc.freeze()  # what is here already is never collected: its pages stay shared
