//! The values that labels take.

use std::fmt::Debug;

/// A label whose values are all known.
pub(crate) trait Label: Copy + Debug {
    /// The words of its values, by number.
    const WORDS: &'static [&'static str];

    /// The number of this value.
    fn number(self) -> usize;
}

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$value_doc])* $value),* }

        impl Label for $name {
            const WORDS: &'static [&'static str] = &[$($word),*];

            fn number(self) -> usize {
                self as usize
            }
        }
    )*};
}

labels! {
    /// Which path was asked for.
    Route {
        Events "events",
        BotUserId "bot_user_id",
        Healthz "healthz",
        Readyz "readyz",
        Other "other",
    }

    /// The status that was answered.
    Code {
        Ok "200",
        BadRequest "400",
        Unauthorized "401",
        NotFound "404",
        MethodNotAllowed "405",
        Timeout "408",
        TooLarge "413",
        UnsupportedMedia "415",
        Unavailable "503",
        Other "other",
    }

    /// What an event is.
    EventKind {
        Message "message",
        Command "command",
        Reaction "reaction",
        Schedule "schedule",
        Other "other",
    }

    /// What became of an event that came in.
    Admission {
        New "new",
        Duplicate "duplicate",
        Shed "shed",
    }

    /// How a handler ended.
    HandlerOutcome {
        Ok "ok",
        /// It, or what is checked before it, told the person why not.
        Told "told",
        Error "error",
        Panic "panic",
        Timeout "timeout",
        Diverged "diverged",
    }

    /// How a run of an event ended.
    RunOutcome {
        Done "done",
        Retry "retry",
        Dead "dead",
    }

    /// Why something was given up: the first word of its reason.
    Reason {
        Failed "failed",
        Diverged "diverged",
        CrashLoop "crash_loop",
        Unanswered "unanswered",
        Unhandled "unhandled",
        Refused "refused",
        Unreachable "unreachable",
        Ambiguous "ambiguous",
        Deadline "deadline",
        Other "other",
    }

    /// How a call to the platform ended.
    CallOutcome {
        Ok "ok",
        RateLimited "rate_limited",
        NotSent "not_sent",
        Refused "refused",
        Ambiguous "ambiguous",
    }

    /// What became of something that may have arrived.
    Resolution {
        Found "found",
        Resent "resent",
        GivenUp "given_up",
    }

    /// Why an event was not taken in.
    Cause {
        Draining "draining",
        Admitting "admitting",
        Backlog "backlog",
        Age "age",
        Disk "disk",
        Store "store",
        Late "late",
    }
}

impl Code {
    pub(crate) fn of(status: u16) -> Self {
        match status {
            200 => Self::Ok,
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            408 => Self::Timeout,
            413 => Self::TooLarge,
            415 => Self::UnsupportedMedia,
            503 => Self::Unavailable,
            _ => Self::Other,
        }
    }
}

impl Reason {
    /// Takes a reason as it stands in the store: `failed: name`.
    pub(crate) fn of(reason: &str) -> Self {
        let word = reason.split(':').next().unwrap_or(reason);
        match word {
            "failed" => Self::Failed,
            "diverged" => Self::Diverged,
            "crash_loop" => Self::CrashLoop,
            "unanswered" => Self::Unanswered,
            "unhandled" => Self::Unhandled,
            "refused" => Self::Refused,
            "unreachable" => Self::Unreachable,
            "ambiguous" => Self::Ambiguous,
            "deadline" => Self::Deadline,
            _ => Self::Other,
        }
    }
}
