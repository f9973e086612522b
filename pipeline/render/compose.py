"""A plan → its frames. The one place where ground, stage, header and captions meet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.model import FPS
from pipeline.render.captions_layer import Captions
from pipeline.render.ground import Ground
from pipeline.render.header import Header
from pipeline.render.layout import Box, Scale
from pipeline.render.picture import (
    CardPicture,
    FootagePicture,
    NumberPicture,
    QuotePicture,
    SheetPicture,
    SourcePicture,
    TitlePicture,
)
from pipeline.render.pictures import read_picture
from pipeline.render.plan import SegmentPlan
from pipeline.render.planes import Planes
from pipeline.render.stage.card import card_stage
from pipeline.render.stage.footage import footage_stage
from pipeline.render.stage.layers import Layer, Moment
from pipeline.render.stage.number import number_stage
from pipeline.render.stage.quote import quote_stage
from pipeline.render.stage.sheet import sheet_stage
from pipeline.render.stage.source import source_stage
from pipeline.render.stage.title import title_stage
from pipeline.render.theme import THEMES
from pipeline.render.veil import Veil


class Composer:
    """Draws any frame of one scene; the same plan and frame number give the same bytes."""

    def __init__(self, plan: SegmentPlan, files: Mapping[str, Path]) -> None:
        self._plan = plan
        scale = Scale(*plan.size)
        theme = THEMES[plan.theme]
        self._ground = Ground(theme=theme, seed=plan.seed, scale=scale)
        self._veil: Veil | None = None
        self._stage = self._set_stage(plan, files, scale)
        self._header = Header(
            label=plan.label, badges=plan.badges, index=plan.index, count=plan.count, theme=theme, scale=scale
        )
        self._captions = Captions(plan.cues, theme=theme, scale=scale)

    def draw(self, number: int, frame: Planes) -> None:
        """Draw frame `number` (from 0) of the scene."""
        plan = self._plan
        moment = Moment(number / FPS, plan.seconds)
        veil = self._veil
        self._ground.draw(
            frame,
            (plan.index + number / plan.frames) / plan.count,
            (lambda heaven: veil.paint(heaven, moment)) if veil else None,
        )
        for layer in self._stage:
            layer.draw(frame, moment)
        self._header.draw(frame, moment)
        self._captions.draw(frame, moment.at)

    def texts(self, number: int) -> list[Box]:
        """The boxes (units) of all lines that stand in frame `number`."""
        boxes = list(self._header.texts)
        for layer in self._stage:
            boxes += layer.texts
        return boxes + self._captions.texts(number / FPS)

    def _set_stage(self, plan: SegmentPlan, files: Mapping[str, Path], scale: Scale) -> tuple[Layer, ...]:
        theme = THEMES[plan.theme]
        match plan.picture:
            case TitlePicture():
                return title_stage(plan.picture, theme, scale)
            case SheetPicture():
                rgb = read_picture(files[plan.picture.sha256])
                self._veil = Veil(rgb, theme=theme, scale=scale, height=self._ground.horizon)
                return sheet_stage(plan.picture, rgb, plan.seconds, scale)
            case NumberPicture():
                return number_stage(plan.picture, theme, scale)
            case CardPicture():
                return card_stage(plan.picture, plan.index, theme, scale)
            case QuotePicture():
                return quote_stage(plan.picture, theme, scale)
            case FootagePicture():
                return footage_stage(plan.picture, files[plan.picture.sha256], theme, scale)
            case SourcePicture():
                return source_stage(plan.picture, theme, scale)
