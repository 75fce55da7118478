//! Who is let in, and who is not.

use tower_service::Service;

use super::*;

const TOKEN: &str = "0123456789abcdef";

async fn ask(token: Option<&str>, headers: &[(&str, &str)]) -> (u16, Response) {
    let mut request = Request::get("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut router = Admin::new("bench").router(token.map(SecretString::from));
    let response = router.call(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status().as_u16(), response)
}

#[tokio::test]
async fn programs_of_this_machine_are_let_in_by_address_and_not_by_name() {
    for host in ["127.0.0.1:9300", "127.0.0.1", "localhost:9300", "LOCALHOST", "[::1]:9300", "[::1]", "10.0.0.1"] {
        assert_eq!(ask(None, &[("host", host)]).await.0, 200, "{host}");
    }
    for host in ["", "evil.example", "127.0.0.1.evil.example:9300", "localhost.evil.example", "::1", "[evil]", "é"] {
        assert_eq!(ask(None, &[("host", host)]).await.0, 403, "{host}");
    }
    assert_eq!(ask(None, &[]).await.0, 403);
}

#[tokio::test]
async fn pages_are_not_let_in_and_whoever_types_the_address_is() {
    let local = ("host", "127.0.0.1:9300");
    let bearer = ("authorization", "Bearer 0123456789abcdef");
    for page in [("origin", "null"), ("origin", "http://127.0.0.1:9300"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(ask(None, &[local, page]).await.0, 403, "{page:?}");
        assert_eq!(ask(Some(TOKEN), &[local, bearer, page]).await.0, 403, "{page:?}");
    }
    assert_eq!(ask(None, &[local, ("sec-fetch-site", "none")]).await.0, 200);
}

#[tokio::test]
async fn with_a_token_whoever_shows_it_is_let_in() {
    let elsewhere = ("host", "bot.example:9300");
    for right in ["Bearer 0123456789abcdef", "bearer 0123456789abcdef"] {
        assert_eq!(ask(Some(TOKEN), &[elsewhere, ("authorization", right)]).await.0, 200, "{right}");
    }
    for wrong in ["Bearer", "Bearer ", "Bearer 0123456789abcdeg", "Bearer 0123456789abcdef0", "Basic 0123456789abcdef"]
    {
        let (status, response) = ask(Some(TOKEN), &[elsewhere, ("authorization", wrong)]).await;
        assert_eq!((status, &response.headers()["www-authenticate"]), (401, &HeaderValue::from_static("Bearer")));
    }
    assert_eq!(ask(Some(TOKEN), &[("host", "127.0.0.1:9300")]).await.0, 401);
}

#[tokio::test]
async fn what_is_not_there_tells_nobody_so_before_the_door() {
    let request = Request::get("/nothing").header("host", "evil.example").body(Body::empty()).unwrap();
    let status = Admin::new("bench").router(None).call(request).await.unwrap().status();
    assert_eq!(status, StatusCode::FORBIDDEN);
}
