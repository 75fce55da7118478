//! The schema, and the way from older ones to it.

/// What marks a file as a store of this crate: `bvrd`.
pub(super) const APPLICATION: i32 = 0x6276_7264;

/// The steps of the schema: the first makes it, each other one makes the next version of it. Steps are never changed
/// once they were published, only added.
pub(super) const STEPS: &[&str] = &[FIRST];

/// Rows are for what is not at its end; of what has ended, only keys and dead events stay.
///
/// The long columns stand last, so that what is looked at alone is read without them.
const FIRST: &str = "
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('epoch', 0);

-- By which a second delivery is known: keys of events and of messages.
CREATE TABLE keys (
    key   BLOB NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    sequence INTEGER NOT NULL PRIMARY KEY,
    lane     TEXT NOT NULL,
    state    TEXT NOT NULL,
    received INTEGER NOT NULL,
    dispatch INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    crashes  INTEGER NOT NULL DEFAULT 0,
    body     BLOB NOT NULL
) STRICT;

-- Events that were given up, for people to look at.
CREATE TABLE dead (
    sequence INTEGER NOT NULL PRIMARY KEY,
    lane     TEXT NOT NULL,
    received INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    body     BLOB NOT NULL
) STRICT;

CREATE TABLE effects (
    event    INTEGER NOT NULL,
    handler  TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    lane     TEXT NOT NULL,
    ended    INTEGER NOT NULL,
    state    TEXT NOT NULL,
    outgoing TEXT NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (event, handler, ordinal, part)
) STRICT, WITHOUT ROWID;
";
