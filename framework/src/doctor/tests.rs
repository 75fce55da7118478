//! Whole examinations: bots, a fake workspace and programs that are neither, over real TCP.

mod addresses;
mod errata;
mod secure;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use url::Url;

use super::{Check, Examined, examine};
use crate::{
    App,
    clock::{Clock, ManualClock, SystemClock},
    handlers,
    language::Language,
    on_command, on_dm, on_mention,
    settings::Environment,
    testing::TestBot,
    workspace::{Builder, Fault, Identity, Workspace},
};

#[on_mention("where is {thing}")]
#[on_dm("where is {thing}")]
async fn where_is(thing: String) -> String {
    thing
}

#[on_command("/codedoc {question..}")]
async fn ask(question: String) -> String {
    question
}

/// Claims the words of another.
#[on_mention("where is {place}")]
async fn there(place: String) -> String {
    place
}

fn app() -> App {
    App::empty().named("codedoc").events_path("/twilio/events").handlers(handlers![where_is, ask])
}

/// The settings of a bot in a workspace, by their names.
struct Set(BTreeMap<&'static str, String>);

impl Set {
    /// Those that the guide asks for. Where the bot listens, nobody does.
    fn of(workspace: &Workspace) -> Self {
        let Identity { token, signing_secret, .. } = &*workspace.identity();
        Self(BTreeMap::from([
            ("SLACK_BOT_TOKEN", token.clone()),
            ("SLACK_SIGNING_SECRET", signing_secret.clone()),
            ("SLACK_API_URL", workspace.api_url()),
            ("BAVARD_LISTEN", NOBODY.to_owned()),
        ]))
    }

    /// Those of a bot that runs.
    fn of_bot(bot: &TestBot) -> Self {
        Self::of(bot.workspace()).with("BAVARD_LISTEN", &bot.bot().address().to_string())
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.insert(name, value.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    /// What is told of a bot with these settings, in English and in French. It never holds a value that is secret.
    async fn told(&self, url: Option<&str>) -> [Vec<String>; 2] {
        self.told_of(&app(), url).await
    }

    async fn told_of(&self, app: &App, url: Option<&str>) -> [Vec<String>; 2] {
        let environment = Environment::of(self.0.iter().map(|(name, value)| (*name, value.as_str())));
        let url = url.map(|url| Url::parse(url).unwrap());
        let dispatcher = app.dispatcher();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let examined = Examined {
            environment: &environment,
            preferences: app.preferences(),
            handlers: dispatcher.as_ref().map(|dispatcher| dispatcher.handlers()),
            url: url.as_ref(),
            clock,
        };
        let checks = examine(&examined).await;
        self.assert_no_secret(&checks);
        [Language::English, Language::French].map(|language| checks.iter().map(|check| check.text(language)).collect())
    }

    fn assert_no_secret(&self, checks: &[Check]) {
        let shown = format!("{checks:?}");
        for (name, value) in &self.0 {
            if ["TOKEN", "SECRET"].iter().any(|kind| name.ends_with(kind)) {
                assert!(value.len() < 8 || !shown.contains(value.as_str()), "{name} is in {shown}");
            }
        }
    }
}

/// An address of this machine on which nobody listens.
const NOBODY: &str = "127.0.0.1:1";

async fn workspace(build: impl FnOnce(Builder) -> Builder) -> Workspace {
    build(Workspace::builder()).start().await.unwrap()
}

#[track_caller]
fn assert_told(told: &[Vec<String>; 2], english: &str, french: &str) {
    for (told, expected) in told.iter().zip([english, french]) {
        assert!(told.iter().any(|line| line.contains(expected)), "{expected}: {told:#?}");
    }
}

/// The lines that begin with a word.
fn lines<'a>(told: &'a [String], word: &str) -> Vec<&'a str> {
    told.iter().map(String::as_str).filter(|line| line.starts_with(word)).collect()
}

#[tokio::test]
async fn nothing_is_wrong_with_a_bot_that_is_set_up_by_the_guide() {
    let bot = TestBot::builder().workspace(|workspace| workspace.bot_name("codedoc")).start(app()).await;
    let identity = bot.workspace().identity();
    let set = Set::of_bot(&bot).with("SLACK_CLIENT_ID", &identity.client_id);
    let [english, french] = set.told(Some(&format!("http://{}", bot.bot().address()))).await;
    assert!(lines(&english, "failed").is_empty() && lines(&french, "échec").is_empty(), "{english:#?}");
    let passed = lines(&english, "ok").join("\n");
    for expected in [
        "that of @codedoc (U0BAVARD0BT) in Workspace (T0BAVARD001)",
        "every scope",
        "the clock of this machine is right",
        "is not the Client Secret",
        "leads to this very bot",
        "has this Signing Secret",
    ] {
        assert!(passed.to_lowercase().contains(&expected.to_lowercase()), "{expected}: {english:#?}");
    }
    let notes = lines(&english, "note");
    assert!(
        matches!(&*notes, [only] if only.contains("groups:history")),
        "one line says what would improve: {english:#?}"
    );
    assert!(lines(&english, "skipped").iter().any(|line| line.contains("--compare FILE")), "{english:#?}");
}

#[tokio::test]
async fn the_first_failure_does_not_hold_up_the_rest() {
    let workspace = workspace(|builder| builder).await;
    let set = Set::of(&workspace).without("SLACK_BOT_TOKEN").with("BAVARD_PACE", "fast").with("SLACK_TOKEN", "x");
    let told = set.told(Some(&format!("http://{NOBODY}"))).await;
    for (english, french) in [
        ("failed   SLACK_BOT_TOKEN is missing", "échec    SLACK_BOT_TOKEN manque"),
        ("failed   BAVARD_PACE", "échec    BAVARD_PACE"),
        ("Did you mean SLACK_BOT_TOKEN", "Est-ce SLACK_BOT_TOKEN"),
        ("skipped  There is no token", "omis     Il n’y a pas de jeton"),
        ("ok       The clock of this machine is right", "ok       L’horloge de cette machine est à l’heure"),
        ("note     No bot listens at", "note     Aucun bot n’écoute"),
        ("failed   Nobody answers at", "échec    Personne ne répond"),
    ] {
        assert_told(&told, english, french);
    }
}

#[tokio::test]
async fn handlers_that_do_not_go_together_are_told_and_ask_for_no_scope() {
    let workspace = workspace(|builder| builder).await;
    let app = app().handlers(handlers![there]);
    let told = Set::of(&workspace).told_of(&app, None).await;
    assert_told(&told, "failed   1 problem in the handlers", "échec    1 problem in the handlers");
    assert_told(&told, "skipped  The scopes are checked once", "omis     Les portées sont vérifiées une fois");
    assert_told(&told, "ok       The token works", "ok       Le jeton fonctionne");
}

#[tokio::test]
async fn each_way_in_which_a_token_fails_has_a_sentence_of_its_own() {
    let workspace = workspace(|builder| builder).await;
    let mut sentences = Vec::new();
    for code in ["invalid_auth", "token_revoked", "token_expired"] {
        workspace.fail(Fault::error(code).on("auth.test"));
        let [told, _] = Set::of(&workspace).told(None).await;
        let failed = lines(&told, "failed");
        assert!(
            matches!(&*failed, [only] if only.contains(code) && only.contains("https://api.slack.com/apps")),
            "{told:#?}"
        );
        sentences.push(failed[0].replace(code, ""));
    }
    sentences.dedup();
    assert_eq!(sentences.len(), 3);
}

#[tokio::test]
async fn slack_that_cannot_be_reached_is_told_as_that() {
    let workspace = workspace(|builder| builder).await;
    let set = Set::of(&workspace).with("SLACK_API_URL", &format!("http://{NOBODY}/api/"));
    let told = set.with("SLACK_CLIENT_ID", "1.2").told(None).await;
    assert_told(&told, "auth.test: the platform was not reached", "auth.test : la plateforme est injoignable");
    assert_told(&told, "HTTPS_PROXY", "SSL_CERT_FILE");
    assert_told(&told, "skipped  Slack does not say whether", "omis     Slack ne dit pas si");
    let set = Set::of(&workspace).with("SLACK_API_URL", "http://slack.com/api/");
    assert_told(
        &set.told(None).await,
        "failed   SLACK_API_URL would send the token",
        "échec    SLACK_API_URL enverrait",
    );
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_the_date_of_the_answer() {
    let behind = Arc::new(ManualClock::at(SystemClock.now() + Duration::from_secs(12_600)));
    let workspace = workspace(|builder| builder.clock(behind)).await;
    let told = Set::of(&workspace).told(None).await;
    assert_told(&told, "The clock of this machine is 3 h ", "L’horloge de cette machine a 3 h ");
    assert_told(&told, " behind.", " de retard.");
}

#[tokio::test]
async fn tokens_of_two_apps_are_told_where_the_app_is_known() {
    let workspace = workspace(|builder| builder.scope("users:read")).await;
    let other = Set::of(&workspace).with("SLACK_APP_TOKEN", "xapp-1-A0OTHER-2-canary");
    assert_told(&other.told(None).await, "SLACK_APP_TOKEN belongs to the app A0OTHER", "est de l’application A0OTHER");
    let same = Set::of(&workspace).with("SLACK_APP_TOKEN", "xapp-1-A0BAVARD001-2-canary");
    assert_told(&same.told(None).await, "ok       The app is A0BAVARD001.", "ok       L’application est A0BAVARD001.");
}

#[tokio::test]
async fn the_bot_of_this_machine_may_have_been_started_with_other_settings() {
    let bot = TestBot::start(app()).await;
    let told = Set::of_bot(&bot).with("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef").told(None).await;
    assert_told(&told, "refuses what is signed with these settings", "refuse ce qui est signé avec ces réglages");
    let told = Set::of_bot(&bot).with("BAVARD_EVENTS_PATH", "/elsewhere").told(None).await;
    assert_told(&told, "has nothing at /elsewhere (404)", "n’a rien à /elsewhere (404)");
    let workspace_itself = bot.workspace().api_url().replace("http://", "").replace("/api/", "");
    let told = Set::of_bot(&bot).with("BAVARD_LISTEN", &workspace_itself).told(None).await;
    assert_told(&told, "has nothing at /twilio/events (404)", "n’a rien à /twilio/events (404)");
}
