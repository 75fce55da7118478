-- The first version of the schema. It is never changed once it was published: the next version is a file of its own.
--
-- Whatever changes a lane locks its row first, so that changes of one lane come one behind the other, and the counters
-- in it are always those of the committed rows. Leases are judged by the clock of the database alone.

CREATE TABLE meta (
    name  text   PRIMARY KEY,
    value bigint NOT NULL
);

-- The numbers of events, in the order of admission within each lane.
CREATE SEQUENCE numbers;
-- The tokens of leases, and the names of their holders: none is given twice.
CREATE SEQUENCE tokens;

-- The processes that hold leases, and until when.
CREATE TABLE holders (
    holder bigint      PRIMARY KEY,
    until  timestamptz NOT NULL
);

-- By which a second delivery is known: keys of events and of messages.
CREATE TABLE keys (
    key   bytea  PRIMARY KEY,
    since bigint NOT NULL
);
CREATE INDEX keys_since ON keys (since);

-- The lanes that have work, each with its lease.
CREATE TABLE lanes (
    lane    text    PRIMARY KEY,
    token   bigint  NOT NULL,
    -- Nobody: it is free.
    holder  bigint,
    -- Whether who held it last ended in the midst of its work.
    crashed boolean NOT NULL DEFAULT false,
    -- Events and effects that are not at their end, and events that the holder was not told of.
    events  integer NOT NULL,
    effects integer NOT NULL DEFAULT 0,
    unseen  integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE INDEX lanes_held ON lanes (holder);

-- `person` is who caused an event, and whom an effect answers.
CREATE TABLE events (
    sequence bigint  PRIMARY KEY,
    lane     text    NOT NULL,
    person   text,
    -- Whether the holder of the lane was told of it.
    seen     boolean NOT NULL,
    state    text    NOT NULL,
    received bigint  NOT NULL,
    dispatch boolean NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    crashes  integer NOT NULL DEFAULT 0,
    -- How often it was taken up again after it was given up.
    replays  integer NOT NULL DEFAULT 0,
    body     bytea   NOT NULL
);
CREATE INDEX events_of_lane ON events (lane, sequence);

-- Events that were given up, for people to look at.
CREATE TABLE dead (
    sequence bigint  PRIMARY KEY,
    lane     text    NOT NULL,
    person   text,
    reason   text    NOT NULL,
    received bigint  NOT NULL,
    dispatch boolean NOT NULL,
    attempts integer NOT NULL,
    crashes  integer NOT NULL,
    replays  integer NOT NULL,
    body     bytea   NOT NULL
);
CREATE INDEX dead_received ON dead (received);

CREATE TABLE effects (
    event    bigint  NOT NULL,
    handler  text    NOT NULL,
    ordinal  integer NOT NULL,
    part     integer NOT NULL,
    lane     text    NOT NULL,
    person   text,
    received bigint  NOT NULL,
    -- Whether it came back, and the holder of the lane was not told of it.
    unseen   boolean NOT NULL DEFAULT false,
    ended    boolean NOT NULL,
    state    text    NOT NULL,
    outgoing text    NOT NULL,
    body     bytea   NOT NULL,
    PRIMARY KEY (event, handler, ordinal, part)
);
CREATE INDEX effects_of_lane ON effects (lane);

-- What authors keep: JSON, by whose it is and its name. What is a person's has the scope `person/` and their id.
CREATE TABLE kept (
    scope   text NOT NULL,
    key     text NOT NULL,
    expires bigint,
    value   text NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX kept_expires ON kept (expires) WHERE expires IS NOT NULL;

-- Effects that were given up, for people to look at.
CREATE TABLE dead_effects (
    event    bigint  NOT NULL,
    handler  text    NOT NULL,
    ordinal  integer NOT NULL,
    part     integer NOT NULL,
    lane     text    NOT NULL,
    person   text,
    received bigint  NOT NULL,
    reason   text    NOT NULL,
    outgoing text    NOT NULL,
    body     bytea   NOT NULL,
    PRIMARY KEY (event, handler, ordinal, part)
);
CREATE INDEX dead_effects_received ON dead_effects (received);

-- What operators did.
CREATE TABLE audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     bigint NOT NULL,
    who    text   NOT NULL,
    action text   NOT NULL,
    what   text   NOT NULL
);

-- Remembers a key; says whether it is new, or was forgotten.
CREATE FUNCTION remember(new_key bytea, now bigint, forgotten bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO keys (key, since) VALUES (new_key, now)
    ON CONFLICT (key) DO UPDATE SET since = excluded.since WHERE keys.since <= forgotten;
    RETURN FOUND;
END $$;

-- Whether a key is remembered.
CREATE FUNCTION remembers(known_key bytea, forgotten bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM keys WHERE key = known_key AND since > forgotten)
$$;

-- Takes an event in. No number: it, or its message, was here before. No token: another holds its lane, or nobody does
-- although it has work; whoever holds it next is told.
CREATE FUNCTION admit(
    event_key bytea, message_key bytea, observed boolean, of_lane text, of_person text, new_state text, now bigint,
    forgotten bigint, new_body bytea, me bigint, OUT number bigint, OUT lease bigint, OUT is_new boolean
) LANGUAGE plpgsql AS $$
DECLARE
    -- All deliveries of an event bring the same message: the message's key stands for the event's, except for
    -- observers, who are shown each event of it.
    first_key bytea := CASE WHEN message_key IS NULL OR observed THEN event_key ELSE message_key END;
BEGIN
    -- Nearly all that is here already is so for long, and needs no lock.
    IF remembers(first_key, forgotten) THEN
        RETURN;
    END IF;
    -- Lanes are locked before keys: two that take in the same events in another order wait for each other here.
    INSERT INTO lanes AS known (lane, token, holder, events) VALUES (of_lane, nextval('tokens'), me, 1)
    ON CONFLICT (lane) DO UPDATE SET
        events = known.events + 1,
        -- Behind what its holder was not told of, the next event comes the same way: in order.
        unseen = known.unseen + (known.holder IS DISTINCT FROM me OR known.unseen > 0)::integer
    RETURNING CASE WHEN known.holder = me AND known.unseen = 0 THEN known.token END INTO lease;
    IF NOT remember(first_key, now, forgotten) THEN
        -- It came in while the lane was waited for.
        PERFORM count_work(of_lane, -1, 0);
        UPDATE lanes SET unseen = unseen - 1 WHERE lane = of_lane AND lease IS NULL;
        lease := NULL;
        RETURN;
    END IF;
    is_new := message_key IS NULL OR NOT observed OR remember(message_key, now, forgotten);
    -- Behind the lock of the lane, so that numbers come in the order of commits.
    number := nextval('numbers');
    INSERT INTO events (sequence, lane, person, seen, state, received, dispatch, body)
    VALUES (number, of_lane, of_person, lease IS NOT NULL, new_state, now, is_new, new_body);
END $$;

-- Locks a lane; says whether this is its lease.
CREATE FUNCTION holds(of_lane text, lease bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM lanes WHERE lane = of_lane AND token = lease FOR UPDATE;
    RETURN FOUND;
END $$;

-- Counts what came and went in a lane that is locked, and forgets a lane without work.
CREATE FUNCTION count_work(of_lane text, more_events integer, more_effects integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF more_events = 0 AND more_effects = 0 THEN
        RETURN;
    END IF;
    DELETE FROM lanes WHERE lane = of_lane AND events + more_events = 0 AND effects + more_effects = 0;
    IF NOT FOUND THEN
        UPDATE lanes SET events = events + more_events, effects = effects + more_effects WHERE lane = of_lane;
    END IF;
END $$;

-- Puts effects in, except those that a run before this one did; says how many of them are not at their end.
CREATE FUNCTION put_effects(
    of_lane text, of_event bigint, handlers text[], ordinals integer[], parts integer[], states text[],
    are_ended boolean[], outgoings text[], bodies bytea[]
) RETURNS integer LANGUAGE sql AS $$
    WITH put AS (
        INSERT INTO effects (event, handler, ordinal, part, lane, person, received, ended, state, outgoing, body)
        SELECT of_event, handler, ordinal, part, of_lane, events.person, coalesce(events.received, 0), ended,
            new.state, outgoing, new.body
        FROM unnest(handlers, ordinals, parts, are_ended, states, outgoings, bodies)
            AS new (handler, ordinal, part, ended, state, outgoing, body)
        LEFT JOIN events ON sequence = of_event
        ON CONFLICT DO NOTHING
        RETURNING ended
    )
    SELECT count(*)::integer FROM put WHERE NOT ended
$$;

-- A value, unless it has expired.
CREATE FUNCTION stands(of_scope text, of_key text, now bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT value FROM kept WHERE scope = of_scope AND key = of_key AND (expires IS NULL OR expires > now)
$$;

-- Makes changes of values; or none, and gives the number of the first that does not find what it expects. Places are
-- locked by their names, for there may be no row to lock, and in one order.
CREATE FUNCTION change(
    scopes text[], names text[], checked boolean[], expected text[], new_values text[], expiring bigint[], ats bigint[]
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
BEGIN
    FOR place IN
        SELECT DISTINCT hashtextextended(scope || ' ' || name, 0) FROM unnest(scopes, names) AS at (scope, name) ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(place);
    END LOOP;
    FOR number IN 1 .. cardinality(names) LOOP
        IF checked[number] AND stands(scopes[number], names[number], ats[number]) IS DISTINCT FROM expected[number] THEN
            RETURN number;
        END IF;
    END LOOP;
    FOR number IN 1 .. cardinality(names) LOOP
        IF new_values[number] IS NULL THEN
            DELETE FROM kept WHERE scope = scopes[number] AND key = names[number];
        ELSE
            INSERT INTO kept (scope, key, expires, value)
            VALUES (scopes[number], names[number], expiring[number], new_values[number])
            ON CONFLICT (scope, key) DO UPDATE SET expires = excluded.expires, value = excluded.value;
        END IF;
    END LOOP;
    RETURN 0;
END $$;

CREATE FUNCTION acknowledge(of_lane text, lease bigint, number bigint, new_state text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT holds(of_lane, lease) THEN
        RETURN false;
    END IF;
    UPDATE events SET state = new_state WHERE sequence = number;
    RETURN true;
END $$;

CREATE FUNCTION record(
    of_lane text, lease bigint, of_event bigint, handlers text[], ordinals integer[], parts integer[], states text[],
    are_ended boolean[], outgoings text[], bodies bytea[]
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT holds(of_lane, lease) THEN
        RETURN false;
    END IF;
    PERFORM count_work(
        of_lane, 0, put_effects(of_lane, of_event, handlers, ordinals, parts, states, are_ended, outgoings, bodies)
    );
    RETURN true;
END $$;

-- Gives an event up, and forgets it and its effects that are at their end; says how many events that were.
CREATE FUNCTION end_event(number bigint, why text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    gone integer;
BEGIN
    IF why IS NOT NULL THEN
        INSERT INTO dead (sequence, lane, person, reason, received, dispatch, attempts, crashes, replays, body)
        SELECT sequence, lane, person, why, received, dispatch, attempts, crashes, replays, body
        FROM events WHERE sequence = number;
    END IF;
    DELETE FROM events WHERE sequence = number;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM effects WHERE event = number AND ended;
    RETURN gone;
END $$;

-- Ends a run. A new state: the event goes on. A reason: it is given up. Neither: it is done. Gives 0; or -1 when the
-- lease is void, and otherwise the number of the change of a value that does not find what it expects: then nothing is
-- done.
CREATE FUNCTION settle(
    of_lane text, lease bigint, number bigint, new_state text, again boolean, why text, handlers text[],
    ordinals integer[], parts integer[], states text[], are_ended boolean[], outgoings text[], bodies bytea[],
    scopes text[], names text[], checked boolean[], expected text[], new_values text[], expiring bigint[], ats bigint[]
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    said integer;
    gone integer := 0;
    conflict integer;
BEGIN
    IF NOT holds(of_lane, lease) THEN
        RETURN -1;
    END IF;
    IF cardinality(names) > 0 THEN
        conflict := change(scopes, names, checked, expected, new_values, expiring, ats);
        IF conflict > 0 THEN
            RETURN conflict;
        END IF;
    END IF;
    said := put_effects(of_lane, number, handlers, ordinals, parts, states, are_ended, outgoings, bodies);
    IF new_state IS NOT NULL THEN
        UPDATE events SET state = new_state, attempts = attempts + again::integer WHERE sequence = number;
    ELSE
        gone := end_event(number, why);
    END IF;
    PERFORM count_work(of_lane, -gone, said);
    RETURN 0;
END $$;

-- Puts an effect that is not at its end into another state, in a lane that is locked. One that has ended is of no more
-- use when its event is at its end too.
CREATE FUNCTION change_effect(
    of_lane text, of_event bigint, of_handler text, at_ordinal integer, at_part integer, new_state text,
    is_ended boolean, why text
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF why IS NOT NULL THEN
        DELETE FROM dead_effects
        WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part;
        INSERT INTO dead_effects (event, handler, ordinal, part, lane, person, received, reason, outgoing, body)
        SELECT event, handler, ordinal, part, lane, person, received, why, outgoing, body FROM effects
        WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part AND NOT ended;
    END IF;
    IF is_ended AND NOT EXISTS (SELECT FROM events WHERE sequence = of_event) THEN
        DELETE FROM effects
        WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part AND NOT ended;
    ELSE
        UPDATE effects SET state = new_state, ended = is_ended
        WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part AND NOT ended;
    END IF;
    IF FOUND AND is_ended THEN
        PERFORM count_work(of_lane, 0, -1);
    END IF;
END $$;

-- Marks where an effect stands.
CREATE FUNCTION mark(
    of_lane text, lease bigint, of_event bigint, of_handler text, at_ordinal integer, at_part integer, new_state text,
    is_ended boolean, why text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT holds(of_lane, lease) THEN
        RETURN false;
    END IF;
    PERFORM change_effect(of_lane, of_event, of_handler, at_ordinal, at_part, new_state, is_ended, why);
    RETURN true;
END $$;

-- What operators change. Each says `done`, `held` where somebody works on it, or `missing`.

-- Locks a lane; says whether somebody holds it whose leases have not run out.
CREATE FUNCTION is_held(of_lane text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    known bigint;
BEGIN
    SELECT holder INTO known FROM lanes WHERE lane = of_lane FOR UPDATE;
    RETURN EXISTS (SELECT FROM holders WHERE holder = known AND until >= clock_timestamp());
END $$;

-- Something comes back to a lane, and whoever holds it is to be told.
CREATE FUNCTION comes_back(of_lane text, more_events integer, more_effects integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lanes AS known (lane, token, events, effects, unseen)
    VALUES (of_lane, nextval('tokens'), more_events, more_effects, 1)
    ON CONFLICT (lane) DO UPDATE SET
        events = known.events + more_events, effects = known.effects + more_effects, unseen = known.unseen + 1;
END $$;

-- Takes an event up again that was given up, under a new number: the old one may still be under way in what it said.
CREATE FUNCTION replay(old bigint, new_state text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    again bigint;
    of_lane text;
BEGIN
    SELECT lane INTO of_lane FROM dead WHERE sequence = old FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM comes_back(of_lane, 1, 0);
    again := nextval('numbers');
    INSERT INTO events (sequence, lane, person, seen, state, received, dispatch, replays, body)
    SELECT again, lane, person, false, new_state, received, dispatch, replays + 1, body FROM dead WHERE sequence = old;
    DELETE FROM dead WHERE sequence = old;
    RETURN again;
END $$;

CREATE FUNCTION drop_event(number bigint, why text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    of_lane text;
BEGIN
    SELECT lane INTO of_lane FROM events WHERE sequence = number;
    IF NOT FOUND THEN
        DELETE FROM dead WHERE sequence = number;
        RETURN CASE WHEN FOUND THEN 'done' ELSE 'missing' END;
    END IF;
    IF is_held(of_lane) THEN
        RETURN 'held';
    END IF;
    PERFORM count_work(of_lane, -end_event(number, why), 0);
    RETURN 'done';
END $$;

CREATE FUNCTION resolve(
    of_event bigint, of_handler text, at_ordinal integer, at_part integer, new_state text, is_ended boolean, why text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    of_lane text;
BEGIN
    SELECT lane INTO of_lane FROM effects
    WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part AND NOT ended;
    IF FOUND THEN
        IF is_held(of_lane) THEN
            RETURN 'held';
        END IF;
        PERFORM change_effect(of_lane, of_event, of_handler, at_ordinal, at_part, new_state, is_ended, why);
        RETURN 'done';
    END IF;
    SELECT lane INTO of_lane FROM dead_effects
    WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'missing';
    END IF;
    IF NOT is_ended THEN
        PERFORM comes_back(of_lane, 0, 1);
        INSERT INTO effects
            (event, handler, ordinal, part, lane, person, received, unseen, ended, state, outgoing, body)
        SELECT event, handler, ordinal, part, lane, person, received, true, false, new_state, outgoing, body
        FROM dead_effects
        WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part
        ON CONFLICT (event, handler, ordinal, part)
        DO UPDATE SET unseen = true, ended = false, state = excluded.state;
    END IF;
    DELETE FROM dead_effects
    WHERE event = of_event AND handler = of_handler AND ordinal = at_ordinal AND part = at_part;
    RETURN 'done';
END $$;

-- When the next call of each key is due, by the clock of the database, in microseconds. What a crash loses of it is
-- made good within seconds.
CREATE UNLOGGED TABLE turns (
    key text   PRIMARY KEY,
    due bigint NOT NULL
);

CREATE FUNCTION this_moment() RETURNS bigint LANGUAGE sql AS $$
    SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
$$;

-- Books the next turn of a call, and says in how many microseconds it is: as many as `burst` calls of a key may follow
-- each other before they are spread. A turn that is further away than `furthest` is not booked.
CREATE FUNCTION take_turn(held_by text, of_keys text[], intervals bigint[], burst bigint, furthest bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    moment bigint;
    wait bigint;
BEGIN
    -- All rows are there and locked, in one order.
    INSERT INTO turns (key, due) SELECT key, 0 FROM unnest(of_keys) AS key ORDER BY key
    ON CONFLICT (key) DO UPDATE SET due = turns.due;
    moment := this_moment();
    SELECT max(due - asked.gap * (burst - 1)) INTO wait
    FROM unnest(of_keys, intervals) AS asked(key, gap) JOIN turns USING (key);
    wait := greatest(0, wait - moment, (SELECT due FROM turns WHERE key = held_by) - moment);
    IF wait > furthest THEN
        RETURN wait;
    END IF;
    UPDATE turns SET due = greatest(due, moment) + asked.gap
    FROM unnest(of_keys, intervals) AS asked(key, gap) WHERE turns.key = asked.key;
    -- Now and then, what is long past is forgotten. Rows that others hold are left for another time.
    IF random() < 0.01 THEN
        DELETE FROM turns WHERE key IN (
            SELECT key FROM turns WHERE due < moment - 60000000 FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN wait;
END $$;

-- The platform asks to wait for so long.
CREATE FUNCTION hold_turns(held_by text, wait bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO turns (key, due) VALUES (held_by, this_moment() + wait)
    ON CONFLICT (key) DO UPDATE SET due = greatest(turns.due, excluded.due)
$$;
