use super::*;
use crate::site::{Page, digest};

fn site(pages: Vec<Content>) -> Site {
    let mut site = Site::default();
    for (at, content) in pages.into_iter().enumerate() {
        let hash = digest(&content);
        let page = Page { content, hash, etag: None, last_modified: None, missed: 0, kept: true };
        site.pages.insert(Url::parse(&format!("https://example.com/{at}")).unwrap(), page);
    }
    site
}

fn heading(level: u8, text: &str, anchor: Option<&str>) -> Block {
    Block::Heading { level, text: text.into(), anchor: anchor.map(str::to_owned) }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn page(blocks: Vec<Block>) -> Content {
    Content {
        title: "Bachelor".into(),
        language: Some("fr".into()),
        changed: Some("2026-03-04".into()),
        blocks,
        ..Content::default()
    }
}

#[test]
fn a_section_knows_its_page_its_fragment_and_its_headings() {
    let site = site(vec![page(vec![
        heading(1, "Bachelor", None),
        paragraph("Un an."),
        heading(2, "Financement", None),
        heading(3, "CPF", Some("cpf")),
        paragraph("Oui."),
        Block::Item("Sous conditions.".into()),
        heading(2, "Vide", None),
    ])]);
    let passages = site.passages(Language::French);
    assert_eq!(passages.len(), 2);
    assert_eq!((passages[0].title.as_str(), passages[0].text.as_str()), ("Bachelor", "Un an."));
    assert_eq!(passages[1].title, "CPF");
    assert_eq!(passages[1].trail, ["Bachelor", "Financement"]);
    assert_eq!(passages[1].text, "Oui.\n- Sous conditions.");
    let (url, anchor, changed) = ("https://example.com/0".into(), Some("cpf".into()), Some("2026-03-04".into()));
    assert_eq!(passages[1].locator, Locator::Page { url, anchor, changed });
    assert!(site.passages(Language::English).is_empty());
}

#[test]
fn what_stands_on_many_pages_is_left_out() {
    let pages = (0..20).map(|n| {
        page(vec![
            heading(2, "Tarif", None),
            paragraph(&format!("Mis à jour le {n:02}/03/2024 · Temps de lecture : {} min", n + 1)),
            paragraph(&format!("La formation {n} coûte {n}00 €.")),
            Block::Fact("Durée : 12 mois".into()),
            paragraph("Cette page vous a-t-elle été utile ?"),
        ])
    });
    let site = site(pages.collect());
    let passages = site.passages(Language::French);
    assert_eq!(passages.len(), 20);
    assert!(passages.iter().any(|passage| passage.text == "La formation 3 coûte 300 €.\n- Durée : 12 mois"));
}

#[test]
fn a_few_pages_that_say_the_same_are_no_frame() {
    let same = || page(vec![paragraph("La formation est éligible au CPF.")]);
    assert_eq!(site(vec![same(), same(), same()]).passages(Language::French).len(), 3);
}

#[test]
fn long_sections_are_cut_between_their_blocks() {
    let blocks = (0..10).map(|n| paragraph(&format!("{n} {}", "mot ".repeat(90)))).collect();
    let passages = site(vec![page(blocks)]).passages(Language::French);
    assert!(passages.len() > 2 && passages.iter().all(|passage| passage.text.len() <= LONGEST + 100));
}
