//! Every statement, prepared once.

use rusqlite::{Connection, Statement};

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident: $sql:literal,)*) => {
        /// The statements of one connection.
        pub(super) struct Statements<'c> {
            $($(#[$doc])* pub(super) $name: Statement<'c>,)*
        }

        impl<'c> Statements<'c> {
            pub(super) fn prepare(connection: &'c Connection) -> rusqlite::Result<Self> {
                Ok(Self { $($name: connection.prepare($sql)?,)* })
            }
        }
    };
}

statements! {
    begin: "BEGIN IMMEDIATE",
    commit: "COMMIT",
    rollback: "ROLLBACK",

    /// Whether the work on events ended in good order.
    set_closed: "UPDATE meta SET value = ?1 WHERE name = 'closed' AND value <> ?1",

    /// What is written must change, or nothing would reach the disk.
    probe: "INSERT INTO meta (name, value) VALUES ('probe', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",

    /// Changes one row when the key is new, or was forgotten; none when it is known.
    remember: "INSERT INTO keys (key, since) VALUES (?1, ?2) \
               ON CONFLICT (key) DO UPDATE SET since = excluded.since WHERE since <= ?3",
    /// The end of the next few keys behind one.
    keys_up_to: "SELECT key FROM keys WHERE key > ?1 ORDER BY key LIMIT 1 OFFSET ?2",
    forget_keys: "DELETE FROM keys WHERE key > ?1 AND key <= ?2 AND since <= ?3",
    forget_last_keys: "DELETE FROM keys WHERE key > ?1 AND since <= ?2",

    insert_event: "INSERT INTO events (sequence, lane, person, state, received, dispatch, replays, sum, body) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    event: "SELECT state, received, dispatch, attempts, crashes, replays, body, lane, sum FROM events \
            WHERE sequence = ?1",
    lane_of_event: "SELECT lane FROM events WHERE sequence = ?1",
    change_event: "UPDATE events SET state = ?2, attempts = attempts + ?3 WHERE sequence = ?1",
    cut_short: "UPDATE events SET crashes = ?2, state = ?3 WHERE sequence = ?1",
    bury_event: "INSERT INTO dead (sequence, lane, person, reason, received, dispatch, attempts, crashes, replays, body) \
                 SELECT sequence, lane, person, ?2, received, dispatch, attempts, crashes, replays, body \
                 FROM events WHERE sequence = ?1",
    dead: "SELECT lane, person, received, dispatch, replays, body FROM dead WHERE sequence = ?1",
    delete_event: "DELETE FROM events WHERE sequence = ?1",
    delete_dead: "DELETE FROM dead WHERE sequence = ?1",

    insert_effect: "INSERT INTO effects \
                    (event, handler, ordinal, part, lane, person, received, ended, state, sum, outgoing, body) \
                    VALUES (?1, ?2, ?3, ?4, ?5, (SELECT person FROM events WHERE sequence = ?1), \
                    coalesce((SELECT received FROM events WHERE sequence = ?1), 0), ?6, ?7, ?8, ?9, ?10) \
                    ON CONFLICT DO NOTHING",
    effects: "SELECT handler, ordinal, part, state, outgoing, body, lane, sum FROM effects WHERE event = ?1 \
              ORDER BY handler, ordinal, part",
    lane_of_effect: "SELECT lane FROM effects \
                     WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 AND ended = 0",
    change_effect: "UPDATE effects SET state = ?5, ended = ?6 \
                    WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 AND ended = 0",
    bury_effect: "INSERT OR REPLACE INTO dead_effects \
                  (event, handler, ordinal, part, lane, person, received, reason, sum, outgoing, body) \
                  SELECT event, handler, ordinal, part, lane, person, received, ?5, sum, outgoing, body FROM effects \
                  WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 AND ended = 0",
    revive_effect: "INSERT INTO effects \
                    (event, handler, ordinal, part, lane, person, received, ended, state, sum, outgoing, body) \
                    SELECT event, handler, ordinal, part, lane, person, received, 0, ?5, sum, outgoing, body \
                    FROM dead_effects \
                    WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 \
                    ON CONFLICT DO UPDATE SET ended = 0, state = excluded.state RETURNING lane",
    /// An effect at its end is of no more use when its event is at its end too.
    delete_effect: "DELETE FROM effects \
                    WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 AND ended = 0 \
                    AND NOT EXISTS (SELECT 1 FROM events WHERE sequence = ?1)",
    delete_dead_effect: "DELETE FROM dead_effects WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4",
    forget_effects: "DELETE FROM effects WHERE event = ?1 AND ended = 1",

    note: "INSERT INTO audit (at, who, action, what) VALUES (?1, ?2, ?3, ?4)",
    forget_dead: "DELETE FROM dead WHERE received <= ?1",
    forget_dead_effects: "DELETE FROM dead_effects WHERE received <= ?1",
    forget_audit: "DELETE FROM audit WHERE at <= ?1",
    kept: "SELECT value FROM kept WHERE scope = ?1 AND key = ?2 AND (expires IS NULL OR expires > ?3)",
    keep: "INSERT INTO kept (scope, key, expires, value) VALUES (?1, ?2, ?3, ?4) \
           ON CONFLICT (scope, key) DO UPDATE SET expires = excluded.expires, value = excluded.value",
    forget_kept: "DELETE FROM kept WHERE scope = ?1 AND key = ?2",
    forget_all_expired: "DELETE FROM kept WHERE expires <= ?1",
    forget_expired: "DELETE FROM kept WHERE rowid IN \
                     (SELECT rowid FROM kept WHERE expires <= ?1 ORDER BY expires LIMIT 8)",

    counts: "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM dead), \
             (SELECT count(*) FROM effects WHERE ended = 0)",
}
