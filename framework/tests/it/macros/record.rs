//! The record that an attribute leaves.

use bavard::{
    __private::{Audience, Matching, On, ParameterKind, Registration, Trigger},
    Context, Failure, Handler, Raw, Result, State, Text, User, handlers, help, on_command, on_dm, on_event, on_failure,
    on_mention, on_message, on_reaction, on_unhandled,
};

/// Says hello.
///
/// At length.
#[on_mention("hello {name?}", "bonjour {name?}", priority = -2, hidden)]
#[help(fr = "Dit bonjour.", de = "Grüßt.")]
async fn hello(name: Option<String>) -> String {
    format!("Hello, {}!", name.as_deref().unwrap_or("you"))
}

async fn ops_only(_: Context) -> bool {
    true
}

fn one_of_us(_: Context) -> Result<()> {
    Ok(())
}

#[help(fr = "Déploie.")]
#[on_command("/Deploy {service} {env}", check = ops_only, cooldown = "1m30s", retry = 1, scopes("users:read"))]
#[bavard::on_mention("deploy {service}", only = channel, channel = "C0123ABCD", retry = 3, scopes("users:read", "a:b"))]
#[on_dm(check = one_of_us)]
pub(crate) fn deploy(service: Option<Text>, env: Option<bool>, _: State<u8>, mut user: User) -> Result<String> {
    drop((service, env));
    user.id = user.id.clone();
    Ok(user.to_string())
}

#[on_message(regex = r"^build (?<number>\d+)")]
async fn build(number: u32) -> String {
    number.to_string()
}

#[on_reaction("thumbsup", "+1")]
#[on_reaction]
async fn react() {}

#[on_event("team_join", "member_joined_channel")]
async fn joined(raw: Raw) -> Result<()> {
    drop(raw);
    Ok(())
}

#[on_unhandled]
fn unhandled() -> Option<&'static str> {
    None
}

#[on_failure]
async fn failed(failure: Failure) -> String {
    failure.reference
}

mod ops {
    /// Somewhere else.
    #[bavard::on_dm("restart")]
    pub(crate) async fn restart() {}
}

#[allow(clippy::expect_used)] // A helper of tests, which the lint does not see.
fn record<const N: usize>(handlers: &[&'static Handler]) -> [&'static Handler; N] {
    handlers.try_into().expect("as many handlers as are named")
}

fn matchings(handler: &Handler) -> Vec<(On, Matching)> {
    handler.triggers.iter().map(|trigger| (trigger.on, trigger.matching)).collect()
}

#[test]
fn describes_the_function() {
    let [hello] = record(handlers![hello]);
    assert_eq!((hello.name, hello.path), ("hello", concat!(module_path!(), "::hello")));
    assert_eq!(hello.doc, "Says hello.\n\nAt length.");
    assert_eq!(hello.help, [("fr", "Dit bonjour."), ("de", "Grüßt.")]);
    assert_eq!(hello.origin(), format!("{}:{}", file!(), hello.line));
}

#[test]
fn descriptions_may_stand_above_the_attribute() {
    let [deploy] = record(handlers![deploy]);
    assert_eq!(deploy.help, [("fr", "Déploie.")]);
}

#[test]
fn several_texts_are_alternatives() {
    let [hello] = record(handlers![hello]);
    let words = |text| (On::Mention, Matching::Words(text));
    assert_eq!(matchings(hello), [words("hello {name?}"), words("bonjour {name?}")]);
    assert!(hello.triggers.iter().all(|trigger| trigger.hidden && trigger.priority == -2));
}

#[test]
fn attributes_keep_their_order_and_their_own_options() {
    let [deploy] = record(handlers![deploy]);
    let [command, mention, dm]: &[Trigger; 3] = deploy.triggers.try_into().unwrap();
    assert_eq!((command.on, command.matching), (On::Command, Matching::Words("/deploy {service} {env}")));
    assert_eq!((command.cooldown, command.check.is_some()), (90_000, true));
    assert_eq!((mention.on, mention.matching), (On::Mention, Matching::Words("deploy {service}")));
    assert_eq!((mention.only, mention.channel), (Some(Audience::Channel), Some("C0123ABCD")));
    assert_eq!((mention.cooldown, mention.check.is_some(), mention.priority), (0, false, 0));
    assert_eq!((dm.on, dm.matching, dm.only), (On::Dm, Matching::Any, None));
    assert_eq!([mention.line, dm.line], [command.line + 1, command.line + 2]);
    assert_eq!(deploy.line, command.line);
}

#[test]
fn retries_and_scopes_are_those_of_all_attributes() {
    let [deploy] = record(handlers![deploy]);
    assert_eq!(deploy.retry, 3);
    assert_eq!(deploy.scopes, ["a:b", "users:read"]);
}

#[test]
fn parameters_are_arguments_or_extractors_by_name() {
    let [deploy] = record(handlers![deploy]);
    let names: Vec<_> = deploy.parameters.iter().map(|parameter| (parameter.name, parameter.ty)).collect();
    assert_eq!(names, [("service", "Option<Text>"), ("env", "Option<bool>"), ("_", "State<u8>"), ("user", "User")]);
    let ParameterKind::Argument { label, choices } = &deploy.parameters[1].kind else { panic!("an argument") };
    assert_eq!((label.english, *choices), ("yes or no", &["yes", "no"][..]));
    let ParameterKind::Extractor { need } = &deploy.parameters[2].kind else { panic!("an extractor") };
    assert_eq!(need().unwrap().name, "u8");
    let ParameterKind::Extractor { need } = &deploy.parameters[3].kind else { panic!("an extractor") };
    assert_eq!(need(), None);
}

#[test]
fn each_attribute_matches_in_its_own_way() {
    let [build, react, joined, unhandled, failed] = record(handlers![build, react, joined, unhandled, failed]);
    assert_eq!(matchings(build), [(On::Message, Matching::Regex(r"^build (?<number>\d+)"))]);
    let reaction = |matching| (On::Reaction, matching);
    assert_eq!(
        matchings(react),
        [reaction(Matching::Name("thumbsup")), reaction(Matching::Name("+1")), reaction(Matching::Any)]
    );
    let event = |name| (On::Event, Matching::Name(name));
    assert_eq!(matchings(joined), [event("team_join"), event("member_joined_channel")]);
    assert_eq!(matchings(unhandled), [(On::Unhandled, Matching::Any)]);
    assert_eq!(matchings(failed), [(On::Failure, Matching::Any)]);
}

#[test]
fn a_path_names_a_handler() {
    let [restart] = record(handlers![ops::restart]);
    assert_eq!(restart.path, concat!(module_path!(), "::ops::restart"));
    assert_eq!(restart.doc, "Somewhere else.");
}

#[test]
fn the_function_stays_what_it_was() {
    let user = User { id: bavard::UserId::new("U1") };
    assert_eq!(deploy(None, None, State::new(1), user.clone()).unwrap(), user.to_string());
    let _: fn() -> Option<&'static str> = unhandled;
}

#[test]
fn every_handler_of_the_process_is_registered_those_in_a_function_too() {
    fn inside() -> &'static [&'static Handler] {
        #[on_dm("inside")]
        async fn local() {}
        const LOCAL: &[&Handler] = handlers![local];
        LOCAL
    }
    let all: Vec<_> = bavard::__private::inventory::iter::<Registration>.into_iter().map(|one| one.0).collect();
    let registered = |name: &str| all.iter().filter(|one| one.name == name && one.file == file!()).count();
    assert_eq!(inside()[0].name, "local");
    for name in ["hello", "deploy", "build", "local"] {
        assert_eq!(registered(name), 1, "{name}");
    }
}
