"""What a message of a platform stands for and can't hold itself."""

from __future__ import annotations

from storage.engine import Dialect


def up(dialect: Dialect) -> list[str]:
    """The table and its index."""
    double = "REAL" if dialect == "sqlite" else "DOUBLE PRECISION"
    return [
        'CREATE TABLE "kept" ("workspace" VARCHAR(100) NOT NULL, "key" VARCHAR(200) NOT NULL, '
        f'"value" TEXT NOT NULL, "at" {double} NOT NULL, PRIMARY KEY ("workspace", "key"))',
        'CREATE INDEX "keptrow_at" ON "kept" ("at")',
    ]
