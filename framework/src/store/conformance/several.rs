//! What a store does that several processes use at the same time.

use super::*;

/// Two holders of leases on the same tables, and the ways in which the first one ends.
pub(crate) struct Several {
    pub(crate) one: Arc<dyn Store>,
    pub(crate) other: Arc<dyn Store>,
    /// The leases of the first run out, without its knowing.
    pub(crate) one_is_lost: BoxFuture<'static, ()>,
    /// What is taken away once the test is over.
    pub(crate) rest: Option<Box<dyn Any>>,
}

/// What a look brings; each look is the first one after whatever was done before.
async fn look(store: &dyn Store) -> Vec<Leased> {
    store.lease(10, NOW).await.unwrap()
}

fn sequences(leased: &[Leased]) -> Vec<Sequence> {
    leased.iter().flat_map(|lane| &lane.events).map(|event| event.sequence).collect()
}

async fn admit_behind(store: &dyn Store, id: &str, lane: &str) -> Sequence {
    match store.admit(inbound(id, lane)).await.unwrap() {
        Admitted::New { sequence, lease: None, dispatch: true } => sequence,
        other => panic!("the lane is held by another: {other:?}"),
    }
}

/// What comes in elsewhere for a lane that is held goes to its holder, once, and to nobody else.
pub(crate) async fn what_comes_in_elsewhere_goes_to_the_holder(several: Several) {
    let Several { one, other, rest: _rest, .. } = several;
    let (first, lease) = admit(&*one, inbound("a", "l")).await;
    let second = admit_behind(&*other, "b", "l").await;
    assert!(second > first);
    assert!(look(&*other).await.is_empty());
    let told = look(&*one).await;
    assert_eq!((told[0].lease.clone(), sequences(&told)), (lease.clone(), vec![second]));
    assert!(look(&*one).await.is_empty(), "it is told once");
    for event in [first, second] {
        one.settle(&lease, done(event, vec![])).await.unwrap();
    }
    admit(&*other, inbound("c", "l")).await;
}

/// What comes in here behind what came in elsewhere is told in the order of admission.
pub(crate) async fn what_comes_in_at_both_places_is_told_in_order(several: Several) {
    let Several { one, other, rest: _rest, .. } = several;
    admit(&*one, inbound("a", "l")).await;
    let second = admit_behind(&*other, "b", "l").await;
    let third = admit_behind(&*one, "c", "l").await;
    assert_eq!(sequences(&look(&*one).await), [second, third]);
    // Who looks may not yet have heard of what the last look found.
    let fourth = admit_behind(&*one, "x", "l").await;
    assert_eq!(sequences(&look(&*one).await), [fourth]);
    assert!(look(&*one).await.is_empty());
    let (fifth, _) = admit(&*one, inbound("d", "l")).await;
    assert!(fifth > fourth && fourth > third);
}

/// A lane is not left while something comes in elsewhere: whoever ends the work that it knows of is told of the rest.
pub(crate) async fn a_lane_is_not_left_while_something_comes_in(several: Several) {
    let Several { one, other, rest: _rest, .. } = several;
    let (first, lease) = admit(&*one, inbound("a", "l")).await;
    let second = admit_behind(&*other, "b", "l").await;
    one.settle(&lease, done(first, vec![])).await.unwrap();
    assert_eq!(sequences(&look(&*one).await), [second]);
    one.settle(&lease, done(second, vec![])).await.unwrap();
    assert_eq!(one.counts().await, Ok(Counts::default()));
}

/// One event that comes in at two places is taken in at one.
pub(crate) async fn one_event_at_two_places_is_taken_in_once(several: Several) {
    let Several { one, other, rest: _rest, .. } = several;
    for number in 0..20 {
        let event = || inbound(&format!("e{number}"), "l");
        let (here, there) = tokio::join!(one.admit(event()), other.admit(event()));
        let new = [here, there].into_iter().filter(|result| matches!(result, Ok(Admitted::New { .. }))).count();
        assert_eq!(new, 1);
    }
    assert_eq!(one.counts().await.unwrap().open, 20);
}

/// Lanes of a holder that is lost are taken over, which counts as a crash, and the lost one is told at every change.
pub(crate) async fn the_lanes_of_a_lost_holder_are_taken_over(several: Several) {
    let Several { one, other, one_is_lost, rest: _rest } = several;
    let (first, old) = admit(&*one, inbound("a", "l")).await;
    one.record(&old, vec![effect(first, 0)]).await.unwrap();
    assert!(look(&*other).await.is_empty(), "nobody else's");
    one_is_lost.await;
    let leased = look(&*other).await.remove(0);
    assert!(leased.lease.token > old.token);
    assert_eq!((leased.events[0].sequence, leased.events[0].crashes), (first, 1));
    assert_eq!((leased.events[0].recorded.len(), leased.effects.len()), (1, 1));
    let fenced = Err(StoreError::Fenced);
    assert_eq!(one.settle(&old, done(first, vec![])).await, fenced);
    assert_eq!(one.mark(&old, &effect(first, 0).key, sent()).await, fenced);
    other.mark(&leased.lease, &effect(first, 0).key, sent()).await.unwrap();
    other.settle(&leased.lease, done(first, vec![])).await.unwrap();
    assert_eq!(other.counts().await, Ok(Counts::default()));
}

/// What a lost holder was not told of is not lost with it.
pub(crate) async fn what_a_lost_holder_was_not_told_of_is_taken_over_too(several: Several) {
    let Several { one, other, one_is_lost, rest: _rest } = several;
    let (first, _) = admit(&*one, inbound("a", "l")).await;
    let second = admit_behind(&*other, "b", "l").await;
    one_is_lost.await;
    let third = admit_behind(&*other, "c", "l").await;
    let leased = look(&*other).await.remove(0);
    let crashes: Vec<_> = leased.events.iter().map(|event| (event.sequence, event.crashes)).collect();
    assert_eq!(crashes, [(first, 1), (second, 0), (third, 0)]);
    assert!(look(&*other).await.is_empty());
}

/// A holder that ends in good order leaves its lanes to the others at once, and nothing counts as a crash.
pub(crate) async fn a_holder_that_closes_leaves_its_lanes(several: Several) {
    let Several { one, other, rest: _rest, .. } = several;
    let (first, _) = admit(&*one, inbound("a", "l")).await;
    one.close().await.unwrap();
    let leased = look(&*other).await.remove(0);
    assert_eq!((leased.events[0].sequence, leased.events[0].crashes), (first, 0));
}

/// Several that look at once share the lanes, and none is given twice.
pub(crate) async fn lanes_are_given_to_one_holder(several: Several) {
    let Several { one, other, one_is_lost, rest: _rest } = several;
    for number in 0..20 {
        admit(&*one, inbound(&format!("e{number}"), &format!("l{number}"))).await;
    }
    one_is_lost.await;
    let mut all = Vec::new();
    for _ in 0..10 {
        let (here, there) = tokio::join!(one.lease(2, NOW), other.lease(2, NOW));
        all.extend(sequences(&here.unwrap()));
        all.extend(sequences(&there.unwrap()));
    }
    let given = all.len();
    all.sort();
    all.dedup();
    assert_eq!((given, all.len()), (20, 20));
}

/// Of two that change one value at the same time, having seen the same, one does.
pub(crate) async fn one_value_is_changed_by_one_at_a_time(several: Several) {
    let Several { one, other, rest: _rest, .. } = several;
    let mut stands = Expected::Exactly(None);
    for number in 0..20 {
        let here =
            one.change(vec![keeps("a", stands.clone(), &format!("{number}")), keeps("b", Expected::Anything, "")]);
        let there = other.change(vec![keeps("c", Expected::Anything, ""), keeps("a", stands, &format!("-{number}"))]);
        let (here, there) = tokio::join!(here, there);
        let conflict = Err(StoreError::Conflict(Box::new(place("a"))));
        let value = match (here, there) {
            (Ok(()), refused) if refused == conflict => format!("{number}"),
            (refused, Ok(())) if refused == conflict => format!("-{number}"),
            both => panic!("{both:?}"),
        };
        assert_eq!(kept(&*one, "a", NOW).await.as_deref(), Some(&*value));
        stands = is(&value);
    }
}

/// Writes the tests of a store that several use; `$several` makes a fresh pair, or none where it cannot be tested.
macro_rules! several {
    ($several:expr; $($name:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            let Some(several) = $several else { return };
            crate::store::conformance::several::$name(several).await;
        })*
    };
    ($several:expr) => {
        crate::store::conformance::several! { $several;
            what_comes_in_elsewhere_goes_to_the_holder,
            what_comes_in_at_both_places_is_told_in_order,
            a_lane_is_not_left_while_something_comes_in,
            one_event_at_two_places_is_taken_in_once,
            the_lanes_of_a_lost_holder_are_taken_over,
            what_a_lost_holder_was_not_told_of_is_taken_over_too,
            a_holder_that_closes_leaves_its_lanes,
            lanes_are_given_to_one_holder,
            one_value_is_changed_by_one_at_a_time,
        }
    };
}
pub(crate) use several;
