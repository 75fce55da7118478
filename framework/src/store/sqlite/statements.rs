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
    forget_dead: "DELETE FROM dead WHERE received <= ?1 \
                  AND sequence IN (SELECT sequence FROM dead ORDER BY sequence LIMIT 4)",

    insert_event: "INSERT INTO events (sequence, lane, state, received, dispatch, sum, body) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    event: "SELECT state, received, dispatch, attempts, crashes, body, lane, sum FROM events WHERE sequence = ?1",
    change_event: "UPDATE events SET state = ?2, attempts = attempts + ?3 WHERE sequence = ?1",
    count_crash: "UPDATE events SET crashes = crashes + 1 WHERE sequence = ?1",
    bury_event: "INSERT INTO dead (sequence, lane, received, reason, body) \
                 SELECT sequence, lane, received, ?2, body FROM events WHERE sequence = ?1",
    delete_event: "DELETE FROM events WHERE sequence = ?1",

    insert_effect: "INSERT INTO effects (event, handler, ordinal, part, lane, state, ended, sum, outgoing, body) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
    effects: "SELECT handler, ordinal, part, state, outgoing, body, lane, sum FROM effects WHERE event = ?1 \
              ORDER BY handler, ordinal, part",
    change_effect: "UPDATE effects SET state = ?5, ended = ?6 \
                    WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 AND ended = 0",
    /// An effect at its end is of no more use when its event is at its end too.
    delete_effect: "DELETE FROM effects \
                    WHERE event = ?1 AND handler = ?2 AND ordinal = ?3 AND part = ?4 AND ended = 0 \
                    AND NOT EXISTS (SELECT 1 FROM events WHERE sequence = ?1)",
    forget_effects: "DELETE FROM effects WHERE event = ?1 AND ended = 1",

    kept: "SELECT value FROM kept WHERE scope = ?1 AND key = ?2 AND (expires IS NULL OR expires > ?3)",
    keep: "INSERT INTO kept (scope, key, expires, value) VALUES (?1, ?2, ?3, ?4) \
           ON CONFLICT (scope, key) DO UPDATE SET expires = excluded.expires, value = excluded.value",
    forget_kept: "DELETE FROM kept WHERE scope = ?1 AND key = ?2",
    forget_expired: "DELETE FROM kept WHERE rowid IN \
                     (SELECT rowid FROM kept WHERE expires <= ?1 ORDER BY expires LIMIT 8)",

    counts: "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM dead), \
             (SELECT count(*) FROM effects WHERE ended = 0)",
}
