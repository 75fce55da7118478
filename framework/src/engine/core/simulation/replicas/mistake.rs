//! The mistakes that others make, each behind a switch.

/// What a framework may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// 200 before the event is stored.
    AcknowledgesBeforeTheCommit,
    /// Whoever lost a lane goes on changing it.
    ChecksNoToken,
    /// What may have arrived is sent again at once.
    SendsAgainAfterATimeout,
    /// What is delivered again is taken for known, whether or not it is.
    BelievesTheRetryHeader,
    /// Leases are judged by the clock of whoever wants them.
    JudgesLeasesByItsOwnClock,
    /// A lane is left when what its holder knows of is done.
    LeavesALaneWithWork,
    /// A message goes out before it is committed as being sent.
    SendsBeforeTheCommit,
    /// The end of an event and what it says are two commits.
    SettlesInTwoCommits,
    /// A process sends although its lease may be lost.
    SendsUnderALostLease,
    /// A message that two events bring is two messages.
    KnowsEventsAlone,
    /// The keys of events are gone with the process.
    ForgetsKeysWithTheProcess,
    /// A handler that is run again says what it said under a new number.
    NumbersEffectsAnew,
}

impl Mistake {
    pub(super) const ALL: [Self; 12] = [
        Self::AcknowledgesBeforeTheCommit,
        Self::ChecksNoToken,
        Self::SendsAgainAfterATimeout,
        Self::BelievesTheRetryHeader,
        Self::JudgesLeasesByItsOwnClock,
        Self::LeavesALaneWithWork,
        Self::SendsBeforeTheCommit,
        Self::SettlesInTwoCommits,
        Self::SendsUnderALostLease,
        Self::KnowsEventsAlone,
        Self::ForgetsKeysWithTheProcess,
        Self::NumbersEffectsAnew,
    ];

    pub(super) fn named(name: &str) -> Self {
        let one = Self::ALL.into_iter().find(|mistake| format!("{mistake:?}") == name);
        one.unwrap_or_else(|| panic!("BAVARD_MISTAKE is one of {:?}", Self::ALL))
    }
}
