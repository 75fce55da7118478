//! `health`: whether the bot that runs here takes in what comes, for what watches over a container.

use std::{error::Error, net::SocketAddr, time::Duration};

use axum::http::{Request, StatusCode};
use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

use super::{FAILED, OK, print, talk};
use crate::{
    app::{App, StartError},
    language::Language,
    server::READYZ,
    settings::{Environment, from_here, listen},
};

/// The longest that the bot is waited for: less than what runs the command waits for the command.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Asks the bot that listens where the settings say whether it is ready. Gives the status of the program.
pub(super) async fn health(app: &App, environment: &Environment, language: Language) -> Result<u8, StartError> {
    let address = from_here(listen(environment, app.preferences())?);
    let health = Health::of(address).await;
    let told = health.told(address, language);
    Ok(match health {
        Health::Ready => {
            print(&told);
            OK
        }
        _ => {
            talk(&format!("error: {told}"));
            FAILED
        }
    })
}

/// How a bot is.
#[derive(Debug, PartialEq, Eq)]
enum Health {
    Ready,
    /// It runs, and asks to be left alone.
    NotReady,
    /// Something else listens there.
    Stranger(StatusCode),
    /// Nothing answers.
    Silent(String),
}

impl Health {
    /// Asks straight, past any proxy that the environment names.
    async fn of(address: SocketAddr) -> Self {
        let request = Request::get(format!("http://{address}{READYZ}")).body(Empty::new());
        let request = match request {
            Ok(request) => request,
            Err(error) => return Self::Silent(error.to_string()),
        };
        let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
        match tokio::time::timeout(ANSWER_WITHIN, client.request(request)).await {
            Err(_) => Self::Silent(format!("{ANSWER_WITHIN:?}")),
            Ok(Err(error)) => Self::Silent(first_cause(&error)),
            Ok(Ok(response)) => match response.status() {
                StatusCode::OK => Self::Ready,
                StatusCode::SERVICE_UNAVAILABLE => Self::NotReady,
                other => Self::Stranger(other),
            },
        }
    }

    fn told(&self, address: SocketAddr, language: Language) -> String {
        match self {
            Self::Ready => language
                .pick(format!("The bot at {address} is ready."), format!("Le bot à l’adresse {address} est prêt.")),
            Self::NotReady => language.pick(
                format!("the bot at {address} runs and is not ready: its log tells why."),
                format!("le bot à l’adresse {address} tourne et n’est pas prêt : son journal dit pourquoi."),
            ),
            Self::Stranger(status) => language.pick(
                format!(
                    "what answers at {address} is no bot ({READYZ}: {}). Set BAVARD_LISTEN here as it is set there.",
                    status.as_u16()
                ),
                format!(
                    "ce qui répond à l’adresse {address} n’est pas un bot ({READYZ} : {}). Donnez ici à BAVARD_LISTEN \
                     la valeur qu’il a là-bas.",
                    status.as_u16()
                ),
            ),
            Self::Silent(why) => language.pick(
                format!("no bot answers at {address} ({why}). Start it, or set BAVARD_LISTEN here as it is set there."),
                format!(
                    "aucun bot ne répond à l’adresse {address} ({why}). Démarrez-le, ou donnez ici à BAVARD_LISTEN la \
                     valeur qu’il a là-bas."
                ),
            ),
        }
    }
}

/// What the system says, which is behind all that the client says.
fn first_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(before) = cause.source() {
        cause = before;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    async fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// Answers one request with this status, and gives its first line.
    async fn answering(status: &str) -> (Health, String) {
        let (listener, address) = listener().await;
        let serving = async {
            let mut stream = listener.accept().await.unwrap().0;
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(head).unwrap().lines().next().unwrap().to_owned()
        };
        tokio::join!(Health::of(address), serving)
    }

    #[tokio::test]
    async fn the_status_of_readyz_tells_how_the_bot_is() {
        for (status, expected) in [
            ("200 OK", Health::Ready),
            ("503 Service Unavailable", Health::NotReady),
            ("404 Not Found", Health::Stranger(StatusCode::NOT_FOUND)),
            ("302 Found", Health::Stranger(StatusCode::FOUND)),
        ] {
            let (health, asked) = answering(status).await;
            assert_eq!((health, asked.as_str()), (expected, "GET /readyz HTTP/1.1"));
        }
    }

    #[tokio::test]
    async fn where_nobody_listens_the_word_of_the_system_is_told() {
        let (listener, address) = listener().await;
        drop(listener);
        let health = Health::of(address).await;
        assert!(matches!(&health, Health::Silent(why) if why.contains("refused")), "{health:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_answers_is_not_waited_for() {
        let (_listener, address) = listener().await;
        assert_eq!(Health::of(address).await, Health::Silent("3s".to_owned()));
    }

    #[test]
    fn each_is_told_with_the_address_in_both_languages() {
        let address = SocketAddr::from(([127, 0, 0, 1], 8301));
        for (health, english, french) in [
            (Health::Ready, "is ready", "est prêt"),
            (Health::NotReady, "not ready", "n’est pas prêt"),
            (Health::Stranger(StatusCode::NOT_FOUND), "404", "404"),
            (Health::Silent("3s".to_owned()), "Start it", "Démarrez-le"),
        ] {
            for (language, expected) in [(Language::English, english), (Language::French, french)] {
                let told = health.told(address, language);
                assert!(told.contains(expected) && told.contains("127.0.0.1:8301"), "{told}");
            }
        }
    }
}
