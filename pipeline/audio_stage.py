"""The stage generate-audio: the script in one voice from its first word to its last, the voice's or the spare one's."""

from __future__ import annotations

import logging
from pathlib import Path

from pipeline.errors import BadKeyError, OutOfFundsError, ProviderError
from pipeline.keys import key_of, once, read, recall, write
from pipeline.model import FPS, Narration, Script
from pipeline.narration import narrate as narration_room
from pipeline.order import Made, Tools
from pipeline.providers import Report, Speech, Voice

_log = logging.getLogger(__name__)


def generate_audio(tools: Tools, script: Script, report: Report) -> Made[Narration]:
    """Speak every scene (each kept by itself, so an edited scene speaks alone) and join them into one track.

    Where the voice fails, the spare voice speaks all of it, and the narration says so.
    """
    try:
        return _spoken(tools, script, tools.voice, report)
    except ProviderError as error:
        spare = tools.spare_voice
        if spare is None or (error.retryable and not tools.last_try):
            raise
        _log.log(
            logging.ERROR if isinstance(error, BadKeyError | OutOfFundsError) else logging.WARNING,
            "%s could not speak, %s does (%s).",
            tools.voice.name,
            spare.name,
            error.code,
        )
        return _spoken(tools, script, spare, report, (spare_remark(error),))


def spare_remark(error: ProviderError) -> str:
    """What is said of a narration that the spare voice speaks because the voice failed with `error`."""
    return f"{error.sentence} The embedded voice speaks instead."


def _spoken(
    tools: Tools, script: Script, voice: Voice, report: Report, remarks: tuple[str, ...] = ()
) -> Made[Narration]:
    """The narration that `voice` speaks, or spoke before; with these `remarks`."""
    provider = _speaker(voice)

    def build(folder: Path) -> None:
        speeches = _speeches(tools, script, voice, report)
        who = f"{voice.name} {voice.version}"
        narration = narration_room.narrate(script, speeches, folder, report, voice=who, remarks=remarks)
        write(folder / "narration.json", narration)

    texts = [scene.narration for scene in script.scenes]
    key = key_of("audio", texts, script.pace, provider, *([remarks] if remarks else []))
    narration, folder, reused = once(tools.artefacts, "generate-audio", key, build, _load)
    report(1.0, f"{narration.frames / FPS:.0f} s at {narration.loudness:.1f} LUFS")
    return Made(narration, folder, key, voice.name, voice.version, reused)


def _speeches(tools: Tools, script: Script, voice: Voice, report: Report) -> list[Speech]:
    """What is said in each scene. The voice is asked once, for all that it has not said before."""
    keys = _keys(voice, script)
    texts = dict(zip(keys, (scene.narration for scene in script.scenes), strict=True))
    said = {
        key: found[0]
        for key in texts
        if (found := recall(tools.artefacts, "speech", key, narration_room.load_speech))
    }
    missing = [key for key in texts if key not in said]
    new = iter(voice.speak([texts[key] for key in missing], pace=script.pace) if missing else ())
    for key in missing:
        index = keys.index(key)
        report(0.9 * index / len(keys), f"scene {index + 1} of {len(keys)}")
        said[key] = _kept(tools, key, next(new))
    return [said[key] for key in keys]


def _kept(tools: Tools, key: str, speech: Speech) -> Speech:
    def build(folder: Path) -> None:
        narration_room.save_speech(speech, folder)

    return once(tools.artefacts, "speech", key, build, narration_room.load_speech)[0]


def _speaker(voice: Voice) -> list[str]:
    return [voice.name, voice.version, narration_room.VERSION]


def _keys(voice: Voice, script: Script) -> list[str]:
    return [key_of(_speaker(voice), scene.narration, script.pace) for scene in script.scenes]


def speech_keys(tools: Tools, script: Script, narration: Narration) -> list[str]:
    """The keys under which `generate_audio` kept each scene of `narration` (stage "speech")."""
    spare = tools.spare_voice
    by_spare = spare is not None and narration.voice == f"{spare.name} {spare.version}"
    return _keys(spare if spare is not None and by_spare else tools.voice, script)


def _load(folder: Path) -> Narration:
    return read(folder / "narration.json", Narration)


def known_narration(tools: Tools, key: str) -> Made[Narration] | None:
    """The narration that was spoken under `key`; `None` when it is gone."""
    found = recall(tools.artefacts, "generate-audio", key, _load)
    if found is None:
        return None
    name, _, version = found[0].voice.rpartition(" ")
    return Made(*found, key, name, version, reused=True)
