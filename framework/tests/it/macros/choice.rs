//! `#[derive(Choice)]`.

use bavard::{Choice, FromArg, Text};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
enum Env {
    Staging,
    #[choice("prod", "Production")]
    Production,
    PréProd,
}

fn choose(text: &str) -> Option<Env> {
    Env::from_arg(&Text::plain(text))
}

#[test]
fn a_variant_is_chosen_by_its_words_whatever_their_case_and_accents() {
    assert_eq!(choose("staging"), Some(Env::Staging));
    assert_eq!(choose("STAGING"), Some(Env::Staging));
    assert_eq!(choose("prod"), Some(Env::Production));
    assert_eq!(choose("production"), Some(Env::Production));
    assert_eq!(choose("pre-prod"), Some(Env::PréProd));
    assert_eq!(choose("stag"), None);
    assert_eq!(choose(""), None);
}

#[test]
fn the_first_word_of_each_variant_is_shown() {
    assert_eq!(Env::CHOICES, ["staging", "prod", "pré-prod"]);
    assert_eq!(Env::LABEL.french, "une des valeurs proposées");
    assert_eq!(Env::VARIANTS[1], (Env::Production, &["prod", "Production"][..]));
}
