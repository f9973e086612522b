"""Every table of the first release."""

from __future__ import annotations

from typing import Final

from storage.engine import Dialect

#: What the two call the same: a number that counts itself up, a double, a truth value, a 64-bit number.
_TYPES: Final = {
    "sqlite": {"auto": "INTEGER", "double": "REAL", "bool": "INTEGER", "big": "INTEGER"},
    "postgres": {"auto": "SERIAL", "double": "DOUBLE PRECISION", "bool": "BOOLEAN", "big": "BIGINT"},
}


def up(dialect: Dialect) -> list[str]:
    """The tables and their indexes."""
    return [statement.strip() for statement in _SQL.format(**_TYPES[dialect]).split(";") if statement.strip()]


_SQL: Final = """
CREATE TABLE "workspace" (
    "id" VARCHAR(100) NOT NULL PRIMARY KEY,
    "settings" TEXT NOT NULL,
    "created_at" {double} NOT NULL
);
CREATE TABLE "user" (
    "id" {auto} NOT NULL PRIMARY KEY,
    "workspace" VARCHAR(100) NOT NULL,
    "platform" VARCHAR(20) NOT NULL,
    "platform_user" VARCHAR(100) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "preferences" TEXT NOT NULL,
    "created_at" {double} NOT NULL
);
CREATE UNIQUE INDEX "user_workspace_platform_platform_user" ON "user" ("workspace", "platform", "platform_user");
CREATE TABLE "job" (
    "id" VARCHAR(12) NOT NULL PRIMARY KEY,
    "workspace" VARCHAR(100) NOT NULL,
    "user" INTEGER NOT NULL,
    "private" {bool} NOT NULL,
    "job_order" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "sameness" VARCHAR(64) NOT NULL,
    "follows" VARCHAR(12),
    "paper" TEXT NOT NULL,
    "state" VARCHAR(20) NOT NULL,
    "stage" VARCHAR(20) NOT NULL,
    "fraction" {double} NOT NULL,
    "message" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "waiting" TEXT,
    "waiting_until" {double},
    "failure" TEXT,
    "reference" VARCHAR(12),
    "needs_approval" {bool} NOT NULL,
    "approved_at" {double},
    "estimate_cents" INTEGER NOT NULL,
    "created_at" {double} NOT NULL,
    "queued_at" {double} NOT NULL,
    "in_line_since" {double} NOT NULL,
    "started_at" {double},
    "finished_at" {double},
    "updated_at" {double} NOT NULL,
    "kept_at" {double},
    "told_end" {double},
    "token" VARCHAR(64) NOT NULL,
    "link" TEXT,
    "scenes" INTEGER,
    "seconds" {double},
    "finished" TEXT
);
CREATE INDEX "jobrow_reference" ON "job" ("reference");
CREATE UNIQUE INDEX "jobrow_token" ON "job" ("token");
CREATE INDEX "jobrow_state_queued_at" ON "job" ("state", "queued_at");
CREATE INDEX "jobrow_workspace_sameness" ON "job" ("workspace", "sameness");
CREATE INDEX "jobrow_workspace_created_at" ON "job" ("workspace", "created_at");
CREATE INDEX "jobrow_user_state" ON "job" ("user", "state");
CREATE INDEX "jobrow_updated_at" ON "job" ("updated_at");
CREATE TABLE "stage_run" (
    "id" {auto} NOT NULL PRIMARY KEY,
    "job" VARCHAR(12) NOT NULL,
    "stage" VARCHAR(20) NOT NULL,
    "scene" INTEGER NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "attempt" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "away" INTEGER NOT NULL,
    "away_since" {double},
    "defects" INTEGER NOT NULL,
    "lost" INTEGER NOT NULL,
    "owner" VARCHAR(64),
    "lease_until" {double},
    "due_at" {double},
    "fraction" {double} NOT NULL,
    "weight" {double} NOT NULL,
    "key" VARCHAR(64),
    "provider" VARCHAR(60),
    "version" VARCHAR(60),
    "seconds" {double},
    "reused" {bool},
    "task" TEXT,
    "error" TEXT,
    "give_up_at" {double},
    "began_at" {double},
    "ended_at" {double}
);
CREATE UNIQUE INDEX "stagerunrow_job_stage_scene" ON "stage_run" ("job", "stage", "scene");
CREATE INDEX "stagerunrow_state_lease_until" ON "stage_run" ("state", "lease_until");
CREATE INDEX "stagerunrow_stage_ended_at" ON "stage_run" ("stage", "ended_at");
CREATE TABLE "purchase" (
    "id" VARCHAR(32) NOT NULL PRIMARY KEY,
    "workspace" VARCHAR(100) NOT NULL,
    "job" VARCHAR(12) NOT NULL,
    "what" VARCHAR(200) NOT NULL,
    "provider" VARCHAR(60) NOT NULL,
    "cents" INTEGER NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "task" TEXT,
    "repeatable" {bool} NOT NULL,
    "owner" VARCHAR(64),
    "lease_until" {double},
    "created_at" {double} NOT NULL,
    "updated_at" {double} NOT NULL
);
CREATE UNIQUE INDEX "purchase_workspace_what" ON "purchase" ("workspace", "what");
CREATE INDEX "purchase_job" ON "purchase" ("job");
CREATE INDEX "purchase_state" ON "purchase" ("state");
CREATE TABLE "ledger" (
    "id" {auto} NOT NULL PRIMARY KEY,
    "workspace" VARCHAR(100) NOT NULL,
    "user" INTEGER NOT NULL,
    "job" VARCHAR(12) NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "reservation" INTEGER,
    "videos" INTEGER NOT NULL,
    "reserved_cents" INTEGER NOT NULL,
    "spent_cents" INTEGER NOT NULL,
    "purchase" VARCHAR(32),
    "at" {double} NOT NULL,
    "written_at" {double} NOT NULL
);
CREATE INDEX "ledgerentry_job" ON "ledger" ("job");
CREATE UNIQUE INDEX "ledgerentry_purchase" ON "ledger" ("purchase");
CREATE INDEX "ledgerentry_workspace_at" ON "ledger" ("workspace", "at");
CREATE INDEX "ledgerentry_workspace_user_at" ON "ledger" ("workspace", "user", "at");
CREATE TABLE "published" (
    "job" VARCHAR(12) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "key" VARCHAR(300) NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "bytes" {big} NOT NULL,
    "content_type" VARCHAR(100) NOT NULL,
    "current" {bool} NOT NULL,
    PRIMARY KEY ("job", "key")
);
CREATE INDEX "publishedrow_key" ON "published" ("key");
CREATE TABLE "artefact_use" (
    "workspace" VARCHAR(100) NOT NULL,
    "stage" VARCHAR(20) NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    "job" VARCHAR(12) NOT NULL,
    "used_at" {double} NOT NULL,
    PRIMARY KEY ("workspace", "stage", "key", "job")
);
CREATE INDEX "artefactuse_job" ON "artefact_use" ("job");
CREATE TABLE "doomed" (
    "key" VARCHAR(300) NOT NULL PRIMARY KEY,
    "workspace" VARCHAR(100) NOT NULL,
    "doomed_at" {double} NOT NULL,
    "due_at" {double} NOT NULL,
    "claimed_until" {double}
);
CREATE INDEX "doomedrow_due_at" ON "doomed" ("due_at");
CREATE TABLE "chat_message" (
    "job" VARCHAR(12) NOT NULL PRIMARY KEY,
    "platform" VARCHAR(20) NOT NULL,
    "workspace" VARCHAR(100) NOT NULL,
    "channel" VARCHAR(100) NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "message" VARCHAR(100),
    "thread" VARCHAR(100),
    "origin" VARCHAR(100),
    "shown_revision" INTEGER NOT NULL,
    "shown_digest" VARCHAR(64) NOT NULL,
    "said" TEXT NOT NULL,
    "gone" {bool} NOT NULL,
    "posted_at" {double},
    "checked_at" {double},
    "owner" VARCHAR(64),
    "lease_until" {double}
);
CREATE INDEX "chatmessage_platform_channel_message" ON "chat_message" ("platform", "channel", "message");
CREATE INDEX "chatmessage_platform_channel_thread" ON "chat_message" ("platform", "channel", "thread");
CREATE INDEX "chatmessage_platform_channel_origin" ON "chat_message" ("platform", "channel", "origin");
CREATE INDEX "chatmessage_lease_until" ON "chat_message" ("lease_until");
CREATE TABLE "seen_event" (
    "platform" VARCHAR(20) NOT NULL,
    "event" VARCHAR(200) NOT NULL,
    "at" {double} NOT NULL,
    PRIMARY KEY ("platform", "event")
);
CREATE INDEX "seenevent_at" ON "seen_event" ("at");
CREATE TABLE "audit" (
    "id" {auto} NOT NULL PRIMARY KEY,
    "at" {double} NOT NULL,
    "workspace" VARCHAR(100) NOT NULL,
    "actor" VARCHAR(200) NOT NULL,
    "action" VARCHAR(60) NOT NULL,
    "target" VARCHAR(200) NOT NULL,
    "detail" TEXT NOT NULL
);
CREATE INDEX "auditrow_workspace_at" ON "audit" ("workspace", "at");
CREATE TABLE "worker" (
    "id" VARCHAR(64) NOT NULL PRIMARY KEY,
    "host" VARCHAR(100) NOT NULL,
    "pid" INTEGER NOT NULL,
    "io" INTEGER NOT NULL,
    "cpu" INTEGER NOT NULL,
    "started_at" {double} NOT NULL,
    "seen_at" {double} NOT NULL
);
CREATE TABLE "listener" (
    "id" VARCHAR(64) NOT NULL PRIMARY KEY,
    "platform" VARCHAR(20) NOT NULL,
    "host" VARCHAR(100) NOT NULL,
    "pid" INTEGER NOT NULL,
    "seen_at" {double} NOT NULL
);
CREATE TABLE "lease" (
    "name" VARCHAR(60) NOT NULL PRIMARY KEY,
    "owner" VARCHAR(64) NOT NULL,
    "until" {double} NOT NULL
);
"""
