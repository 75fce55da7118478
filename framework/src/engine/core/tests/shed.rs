//! What is not taken in, and which workspace is served.

use super::*;

fn arrives(core: &mut Core, now: Timestamp, number: u64, lane: &str) -> Option<Shed> {
    let input = Input::Arrived { ticket: Ticket(number), job: job(vec![]), inbound: inbound("f", lane) };
    match &core.step(now, input)[..] {
        [Output::Respond { acknowledgement: Acknowledgement::Shed(shed), .. }] => Some(*shed),
        [Output::Admit { .. }] => None,
        outputs => panic!("{outputs:?}"),
    }
}

fn busy(waiting: usize) -> Core {
    let mut core = Core::new(CoreLimits { waiting, workers: 0, ..CoreLimits::default() });
    admitted(&mut core, 1, "l", job(vec![]));
    core
}

#[test]
fn conversations_that_begin_are_shed_first_and_those_that_go_on_last() {
    let mut core = busy(1);
    assert_eq!(arrives(&mut core, NOW, 2, "new"), Some(Shed::Backlog));
    assert_eq!(arrives(&mut core, NOW, 3, "l"), None);
    assert_eq!(core.busy(), (0, 1));
    assert!(!core.is_open());
}

#[test]
fn past_the_end_of_the_memory_nothing_is_taken_in() {
    let mut core = busy(1);
    for number in 2..11 {
        admitted(&mut core, number, "l", job(vec![]));
    }
    assert_eq!(arrives(&mut core, NOW, 11, "l"), Some(Shed::Backlog));
}

#[test]
fn what_lags_for_long_is_taken_in_again() {
    let mut core = busy(1);
    assert_eq!(arrives(&mut core, NOW, 2, "new"), Some(Shed::Backlog));
    assert_eq!(notes(&mut core), [Note::Sheds { waiting: 1, oldest: Duration::ZERO }]);
    let later = NOW + Duration::from_secs(180);
    assert_eq!(arrives(&mut core, later, 3, "new"), None);
    assert_eq!(notes(&mut core), [Note::Lags]);
}

#[test]
fn a_lane_that_waits_for_too_long_sheds_what_is_new() {
    let mut core = busy(100);
    assert_eq!(arrives(&mut core, NOW + Duration::from_secs(899), 2, "new"), None);
    assert_eq!(arrives(&mut core, NOW + Duration::from_secs(900), 3, "new"), Some(Shed::Age));
}

#[test]
fn a_full_disk_sheds_until_there_is_room() {
    let mut core = busy(100);
    for (room, new, known) in [
        (Room::Little, Some(Shed::Disk), None),
        (Room::None, Some(Shed::Disk), Some(Shed::Disk)),
        (Room::Enough, None, None),
    ] {
        core.step(NOW, Input::Disk(room));
        assert_eq!(arrives(&mut core, NOW, 2, "new"), new, "{room:?}");
        assert_eq!(arrives(&mut core, NOW, 3, "l"), known, "{room:?}");
        assert_eq!(core.is_open(), room == Room::Enough);
    }
}

#[test]
fn so_many_are_admitted_at_once_and_no_more() {
    let mut core = Core::new(CoreLimits { admitting: 1, ..CoreLimits::default() });
    assert_eq!(arrives(&mut core, NOW, 1, "l"), None);
    assert_eq!(arrives(&mut core, NOW, 2, "l"), Some(Shed::Admitting));
}

/// An event of a workspace.
fn of_team(team: &str) -> Arc<Job> {
    let event = Event { team: team.into(), ..Arc::unwrap_or_clone(event()) };
    Arc::new(Job { event: Arc::new(event), ..Arc::into_inner(job(vec![])).unwrap() })
}

#[test]
fn a_noisy_workspace_does_not_hold_up_another() {
    let mut core = Core::new(CoreLimits { workers: 8, ..CoreLimits::default() });
    for number in 0..100 {
        admitted(&mut core, number, &format!("noisy/{number}"), of_team("noisy"));
    }
    for number in 100..104 {
        assert_eq!(runs(&admitted(&mut core, number, &format!("quiet/{number}"), of_team("quiet"))), [0; 0]);
    }
    // Each end of the noisy one is the turn of the quiet one, until that has its share, too.
    for (ended, started) in [(0, vec![100]), (1, vec![101]), (2, vec![]), (3, vec![])] {
        assert_eq!(runs(&end(&mut core, &format!("noisy/{ended}"), ended, vec![])), started, "{ended}");
    }
    assert_eq!(runs(&end(&mut core, "quiet/100", 100, vec![])), [102]);
    assert_eq!(runs(&end(&mut core, "quiet/101", 101, vec![])), [103]);
    end(&mut core, "quiet/102", 102, vec![]);
    // Who is left alone has all workers again: four still run.
    assert_eq!(runs(&end(&mut core, "quiet/103", 103, vec![])), [8, 9, 10, 11]);
}

fn notes(core: &mut Core) -> Vec<Note> {
    let mut notes = Vec::new();
    core.swap_notes(&mut notes);
    notes
}
