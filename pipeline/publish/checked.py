"""What the checks found, for whoever is handed the video."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Finding, Script


def checked(script: Script | None, findings: Sequence[Finding]) -> list[str]:
    """What the checks found, in sentences: how many claims have their passage, then each remark.

    A scene in a person's own words is not among those that are counted: only its numbers could be held to the paper.
    """
    if script is None:
        return []
    claims = [
        (number, claim)
        for number, scene in enumerate(script.scenes)
        for claim in scene.claims
        if not scene.by_hand
    ]
    missing = {
        (one.scene, one.passage) for one in findings if one.check == "evidence" and one.severity != "warn"
    }
    backed = sum(
        all((number, evidence.quote) not in missing for evidence in claim.evidence)
        for number, claim in claims
    )
    where = " in the scenes left as written" if any(scene.by_hand for scene in script.scenes) else ""
    have = f"claim{where} has its" if len(claims) == 1 else f"claims{where} have their"
    said = [f"✓ {backed} of {len(claims)} {have} passage in the paper."] if claims else []
    if backed < len(claims):
        said = [f"⚠ Only {said[0].removeprefix('✓ ')}"]
    if not any(one.check == "numbers" for one in findings):
        said.append("✓ Every number that is said or shown stands in its passage.")
    return said + [f"⚠ {one.sentence}" for one in findings]
