"""The values that pass between the stages. All are frozen; all that is written to disk is one of them.

Times are seconds; a scene's times count from the scene's first frame unless a field says otherwise.
Pages are 1-based, `None` where the source has no pages. Paths are relative to the folder of the
artefact that holds the value.
"""

from pipeline.model.media import FPS, LAST_TAIL, LEAD, TAIL, Clip, Cue, Footage, Narration, SceneTiming, Word
from pipeline.model.paper import (
    Author,
    English,
    Evidence,
    Figure,
    Formula,
    Panel,
    Paper,
    Passage,
    Quantity,
    Relation,
    Section,
    SectionKind,
    Summary,
    Table,
)
from pipeline.model.script import (
    Audience,
    CardVisual,
    Claim,
    FigurePolicy,
    FigureVisual,
    Finding,
    ImageVisual,
    NumberVisual,
    Scene,
    SceneKind,
    Script,
    Severity,
    Tone,
    Visual,
)
from pipeline.model.value import StageName, Value

__all__ = [
    "FPS",
    "LAST_TAIL",
    "LEAD",
    "TAIL",
    "Audience",
    "Author",
    "CardVisual",
    "Claim",
    "Clip",
    "Cue",
    "English",
    "Evidence",
    "Figure",
    "FigurePolicy",
    "FigureVisual",
    "Finding",
    "Footage",
    "Formula",
    "ImageVisual",
    "Narration",
    "NumberVisual",
    "Panel",
    "Paper",
    "Passage",
    "Quantity",
    "Relation",
    "Scene",
    "SceneKind",
    "SceneTiming",
    "Script",
    "Section",
    "SectionKind",
    "Severity",
    "StageName",
    "Summary",
    "Table",
    "Tone",
    "Value",
    "Visual",
    "Word",
]
