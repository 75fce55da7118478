//! What is indexed of a passage, and how.

use crate::analyse::{Chain, fold, squash, tokens};
use crate::passage::{Locator, Passage};
use std::collections::HashSet;
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::PreTokenizedString;
use tantivy::{TantivyDocument, Term};

/// The fields of the index. The text is analysed before it gets there, by the chain of the
/// passage, so one field holds several languages and needs no tokenizer registered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The document the passage belongs to.
    pub(crate) document: Field,
    /// Whether the passage is French or not: what the index holds decides how words are looked up.
    pub(crate) french: Field,
    /// Whether the passage is prose of a document, not of a program.
    prose: Field,
    /// The names the passage defines, without case and separators.
    pub(crate) name: Field,
    /// The words of the name it defines.
    pub(crate) symbol: Field,
    /// The words of its heading.
    pub(crate) title: Field,
    /// Header and text.
    pub(crate) body: Field,
    /// The words of a page as they are written, folded: what is misspelled is compared with them.
    pub(crate) word: Field,
    /// The passage itself.
    stored: Field,
}

impl Fields {
    /// The schema, and its fields.
    pub(crate) fn schema() -> (Schema, Self) {
        let words = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_index_option(IndexRecordOption::WithFreqsAndPositions);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut schema = Schema::builder();
        let fields = Self {
            document: schema.add_text_field("document", STRING),
            french: schema.add_bool_field("french", INDEXED),
            prose: schema.add_bool_field("prose", INDEXED),
            name: schema.add_text_field("name", STRING),
            symbol: schema.add_text_field("symbol", words()),
            title: schema.add_text_field("title", words()),
            body: schema.add_text_field("body", words()),
            word: schema.add_text_field("word", STRING),
            stored: schema.add_bytes_field("passage", STORED),
        };
        (schema.build(), fields)
    }

    /// The passage as the index takes it.
    pub(crate) fn write(&self, passage: &Passage) -> serde_json::Result<TantivyDocument> {
        let mut document = TantivyDocument::default();
        document.add_text(self.document, passage.locator.document());
        document.add_bool(self.french, passage.chain == Chain::French);
        document.add_bool(self.prose, passage.is_prose());
        let own = passage.symbol.as_deref().filter(|_| passage.kind.defines());
        for name in own.into_iter().chain(passage.also.iter().map(|name| name.name.as_str())) {
            document.add_text(self.name, squash(name));
        }
        if let Some(symbol) = &passage.symbol {
            document.add_pre_tokenized_text(self.symbol, analysed(symbol, passage.chain));
        }
        // The first cell of a row is no heading.
        if passage.symbol.is_none() && passage.is_prose() && !passage.is_row() {
            document.add_pre_tokenized_text(self.title, analysed(&passage.title, passage.chain));
        }
        let body = format!("{}\n{}", passage.header(), passage.text);
        document.add_pre_tokenized_text(self.body, analysed(&body, passage.chain));
        if matches!(passage.locator, Locator::Page { .. }) {
            written(&body).into_iter().for_each(|word| document.add_text(self.word, word));
        }
        document.add_bytes(self.stored, &serde_json::to_vec(passage)?);
        Ok(document)
    }

    /// The passage of an index entry.
    pub(crate) fn read(&self, document: &TantivyDocument) -> Option<Passage> {
        serde_json::from_slice(document.get_first(self.stored)?.as_bytes()?).ok()
    }

    /// The term of all French passages, or of all others.
    pub(crate) fn french_term(&self, french: bool) -> Term {
        Term::from_field_bool(self.french, french)
    }

    /// The term of all prose.
    pub(crate) fn prose_term(&self) -> Term {
        Term::from_field_bool(self.prose, true)
    }

    /// The term all passages of a document share.
    pub(crate) fn document_term(&self, document: &str) -> Term {
        Term::from_field_text(self.document, document)
    }
}

/// The distinct words of a text, but for numbers.
fn written(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
    words.filter(|word| word.chars().all(char::is_alphabetic)).map(fold).collect()
}

fn analysed(text: &str, chain: Chain) -> PreTokenizedString {
    let tokens = tokens(text, chain)
        .into_iter()
        .map(|token| tantivy::tokenizer::Token {
            offset_from: token.from,
            offset_to: token.to,
            position: token.position,
            text: token.text,
            position_length: 1,
        })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}
