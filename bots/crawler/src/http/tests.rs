use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::*;

/// A server that answers one request with `answer`, and gives what it was asked.
async fn server(answer: String) -> (Url, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/page", listener.local_addr().unwrap())).unwrap();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            let mut more = [0; 1024];
            let read = stream.read(&mut more).await.unwrap();
            asked.extend_from_slice(&more[..read]);
        }
        // Who has read enough may hang up first.
        let _ = stream.write_all(answer.as_bytes()).await;
        String::from_utf8(asked).unwrap().to_lowercase()
    });
    (url, asked)
}

fn request(url: &Url) -> Request<'_> {
    Request { url, etag: Some("\"1\""), last_modified: Some("Wed, 25 Nov 2026 10:00:00 GMT"), most_bytes: 10 }
}

#[tokio::test]
async fn it_says_who_asks_and_what_is_known() {
    let (url, asked) = server("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n".into()).await;
    let response = Http::new("Example/1.0 (+https://example.com)", true).unwrap().get(request(&url)).await.unwrap();
    assert_eq!((response.status, response.etag.as_deref()), (304, Some("\"1\"")));
    let asked = asked.await.unwrap();
    for line in [
        "get /page",
        "user-agent: example/1.0 (+https://example.com)",
        "if-none-match: \"1\"",
        "if-modified-since: wed",
    ] {
        assert!(asked.contains(line), "{line}: {asked}");
    }
    assert!(!asked.contains("cookie"));
}

#[tokio::test]
async fn it_follows_nothing_and_reads_no_more_than_asked() {
    let (url, _) = server("HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n".into()).await;
    let http = Http::new("Example", true).unwrap();
    let response = http.get(request(&url)).await.unwrap();
    assert_eq!((response.status, response.location.as_deref()), (301, Some("/other")));
    let head = "HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex\r\nX-Robots-Tag: nofollow\r\nRetry-After: 7\r\nContent-Length: 20\r\n\r\n";
    let (url, _) = server(format!("{head}{}", "x".repeat(20))).await;
    let response = http.get(request(&url)).await.unwrap();
    assert_eq!((response.body.len(), response.cut), (10, true));
    assert_eq!((response.robots.as_str(), response.retry_after), ("noindex,nofollow", Some(Duration::from_secs(7))));
}

#[tokio::test]
async fn no_name_and_no_number_leads_into_a_private_network() {
    let http = Http::new("Example", false).unwrap();
    for address in ["http://127.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/latest/", "http://localhost:1/"] {
        let url = Url::parse(address).unwrap();
        assert_eq!(http.get(request(&url)).await, Err(Failure::Private), "{address}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let told = Http::new("Example", true).unwrap().get(request(&url)).await;
    assert!(matches!(told, Err(Failure::Unreachable(_))), "{told:?}");
}

#[test]
fn a_busy_server_names_seconds_or_a_date() {
    let now = httpdate::parse_http_date("Wed, 25 Nov 2026 10:00:00 GMT").unwrap();
    for (told, wait) in [
        ("7", Some(7)),
        ("Wed, 25 Nov 2026 10:02:00 GMT", Some(120)),
        ("Wed, 25 Nov 2026 09:00:00 GMT", Some(0)),
        ("soon", None),
    ] {
        assert_eq!(retry_after(told, now), wait.map(Duration::from_secs), "{told}");
    }
}
