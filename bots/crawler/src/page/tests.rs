use super::*;

fn page(html: &str) -> Content {
    read_with(html, None)
}

fn read_with(html: &str, part: Option<&str>) -> Content {
    let part = part.map(|part| Part::parse(part).unwrap());
    let url = Url::parse("https://example.com/fr/page").unwrap();
    let response = Response { status: 200, body: html.into(), ..Response::default() };
    read(&url, &response, part.as_ref(), "ExampleBot")
}

fn texts(content: &Content) -> Vec<String> {
    let text = |block: &Block| match block {
        Block::Heading { level, text, anchor } => {
            format!(
                "{} {text}{}",
                "#".repeat((*level).into()),
                anchor.as_ref().map_or(String::new(), |id| format!(" #{id}"))
            )
        }
        Block::Paragraph(text) => text.clone(),
        Block::Item(text) => format!("- {text}"),
        Block::Fact(text) => format!("= {text}"),
    };
    content.blocks.iter().map(text).collect()
}

#[test]
fn the_main_part_is_read_without_what_stands_around_it() {
    let content = page(
        "<html lang='fr-FR'><head><title>Tarifs | École</title></head><body><div id='cookie-banner'>Cookies !</div>\
         <header><a href='/'>Accueil</a></header><nav><a href='/menu'>Menu</a></nav>\
         <main><header><h1>Nos <b>tarifs</b></h1></header><p>Le cours coûte\n 10&nbsp;€.</p><ul><li>Un <a href='/a'>lien</a> ici</li>\
         <li>Deux</li></ul><form>Nom</form><script>x</script><aside>Ailleurs</aside></main><footer>Pied</footer></body></html>",
    );
    assert_eq!(texts(&content), ["# Nos tarifs", "Le cours coûte 10\u{a0}€.", "- Un lien ici", "- Deux"]);
    assert_eq!((content.title.as_str(), content.language.as_deref()), ("Nos tarifs", Some("fr")));
    let links: Vec<_> = content.links.iter().map(Url::path).collect();
    assert_eq!(links, ["/", "/menu", "/a"]);
}

#[test]
fn a_page_without_a_main_part_is_read_whole() {
    let content = page(
        "<title>Contact | École</title><body class='has-menu'><div class='menu'>Menu</div><div>Appelez-nous.</div>",
    );
    assert_eq!(texts(&content), ["Appelez-nous."]);
    assert_eq!(content.title, "Contact");
}

#[test]
fn the_owner_may_name_the_part_that_counts() {
    let html = "<main><h1>A</h1><div class='x'>Dedans<p class='x'>aussi</p></div>Dehors</main>";
    assert_eq!(texts(&read_with(html, Some(".x"))), ["Dedans", "aussi"]);
    assert_eq!(texts(&read_with(html, Some("#none"))), ["# A", "Dedans", "aussi", "Dehors"]);
    assert!(Part::parse("<<").unwrap_err().to_string().contains("CSS selector"));
}

#[test]
fn headings_know_the_fragment_that_leads_to_them() {
    let content = page(
        "<main><section id='prix'><h2>Prix</h2><p>x</p><h3>Autre</h3></section><h2 id='cpf'>CPF</h2>\
         <details id='faq1'><summary>Et sans le bac ?</summary><p>Oui.</p></details><h3><button>Ouvrir</button></h3></main>",
    );
    assert_eq!(
        texts(&content),
        ["## Prix #prix", "x", "### Autre", "## CPF #cpf", "#### Et sans le bac ? #faq1", "Oui.", "### Ouvrir"]
    );
}

#[test]
fn rows_of_tables_say_what_they_are_about() {
    let content = page(
        "<main><table><tr><th>Durée</th><td>12 mois</td></tr><tr><th>Prix :</th><td>10 €</td></tr></table>\
         <table><thead><tr><th>Formation</th><th>Prix</th><th>Durée</th></tr></thead><tbody><tr><td>BTS</td><td>20 €</td>\
         <td>2 ans</td></tr><tr><td>Bac</td><td></td><td>1 an</td></tr></tbody></table><dl><dt>Ville</dt><dd>Lyon</dd></dl></main>",
    );
    assert_eq!(
        texts(&content),
        [
            "= Durée\u{a0}: 12 mois",
            "= Prix\u{a0}: 10 €",
            "= BTS — Prix\u{a0}: 20 €\u{a0}; Durée\u{a0}: 2 ans",
            "= Bac — Durée\u{a0}: 1 an",
            "= Ville\u{a0}: Lyon"
        ]
    );
}

#[test]
fn links_in_a_row_are_a_menu_and_single_ones_are_text() {
    let link = |n: usize| format!("<li><a href='/{n}'>Page {n}</a></li>");
    let menu: String = (0..4).map(link).collect();
    let content = page(&format!("<main><p><a href='/x'>Un lien</a></p><p>Texte.</p><ul>{menu}</ul></main>"));
    assert_eq!(texts(&content), ["Un lien", "Texte."]);
    assert_eq!(content.links.len(), 5);
}

#[test]
fn structured_data_says_what_the_text_does_not() {
    let content = page(
        r#"<html lang="fr"><main><h1>Bachelor</h1><h2>Quand ?</h2><p>Toute l’année.</p></main>
        <script type="application/ld+json">{"@graph":[
          {"@type":"FAQPage","mainEntity":[
            {"@type":"Question","name":"Quand ?","acceptedAnswer":{"text":"Toute l’année."}},
            {"@type":"Question","name":"Où ?","acceptedAnswer":{"text":"<p>À <b>distance</b> &amp; en ligne.</p>"}}]},
          {"@type":["Course"],"name":"Bachelor Marketing","timeToComplete":"P12M","dateModified":"2026-03-04T10:00:00Z",
            "offers":{"@type":"Offer","price":3900,"priceCurrency":"EUR"}}]}</script>
        <script type="application/ld+json">broken</script></html>"#,
    );
    assert_eq!(
        texts(&content),
        [
            "# Bachelor",
            "## Quand ?",
            "Toute l’année.",
            "## Où ?",
            "= À distance & en ligne.",
            "## Bachelor Marketing",
            "= Durée\u{a0}: 12 mois",
            "= Prix\u{a0}: 3900\u{a0}€"
        ]
    );
    assert_eq!(content.changed.as_deref(), Some("2026-03-04"));
}

#[test]
fn what_a_page_asks_of_crawlers_is_read() {
    let content = page(
        "<head><base href='/en/'><link rel='canonical' href='/fr/vraie?utm_source=x'><meta name='Robots' content='NOINDEX, nofollow'>\
         <link rel='alternate' hreflang='en' href='page'></head><a href='/non'>x</a>",
    );
    assert!(content.noindex);
    assert_eq!(content.canonical.unwrap().as_str(), "https://example.com/fr/vraie");
    // The same page in another language is no link that it has to vouch for.
    assert_eq!(content.links.iter().map(Url::path).collect::<Vec<_>>(), ["/en/page"]);
    assert!(!page("<meta name='otherbot' content='noindex'><a rel='nofollow' href='/x'>x</a>").noindex);
}

#[test]
fn rules_in_the_answer_may_be_for_another_crawler() {
    let url = Url::parse("https://example.com/").unwrap();
    let told = |robots: &str| {
        let response = Response { robots: robots.into(), ..Response::default() };
        read(&url, &response, None, "ExampleBot").noindex
    };
    assert!(told("noindex") && told("examplebot: noindex") && told("otherbot: nofollow, examplebot: none"));
    assert!(!told("otherbot: noindex, nofollow") && !told("max-snippet: 20"));
}

#[test]
fn text_is_read_in_its_own_encoding() {
    let url = Url::parse("https://example.com/").unwrap();
    let body = b"<main><p>\xe9cole</p></main>".to_vec();
    let response = Response { content_type: Some("text/html; charset=ISO-8859-1".into()), body, ..Response::default() };
    assert_eq!(texts(&read(&url, &response, None, "x")), ["école"]);
    let body = b"<meta charset=\"windows-1252\"><main><p>10 \x80</p></main>".to_vec();
    assert_eq!(texts(&read(&url, &Response { body, ..Response::default() }, None, "x")), ["10 €"]);
}

#[test]
fn any_bytes_are_a_page() {
    for html in ["", "<", "<main>", "</p></p>", "<table><tr>", "\u{0}", &"<div>".repeat(5000)] {
        page(html);
    }
}

#[test]
fn there_is_an_end_to_the_questions_of_a_page() {
    let questions: Vec<String> = (0..3000)
        .map(|n| {
            format!(r#"{{"@type":"Question","name":"Question {n} ?","acceptedAnswer":{{"text":"Réponse {n}."}}}}"#)
        })
        .collect();
    let data = format!(r#"{{"@type":"FAQPage","mainEntity":[{}]}}"#, questions.join(","));
    let content = page(&format!("<main><p>x</p></main><script type='application/ld+json'>{data}</script>"));
    assert_eq!(content.blocks.len(), 1 + 2000);
}

#[test]
fn a_page_without_the_part_that_counts_is_told() {
    let html = "<main><div id='content'><p>Voici la page.</p></div></main>";
    assert!(!read_with(html, Some("#content")).lacks_part && !read_with(html, None).lacks_part);
    let whole = read_with(html, Some("#elsewhere"));
    assert!(whole.lacks_part && !whole.blocks.is_empty());
}
