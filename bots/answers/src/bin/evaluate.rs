//! Measures the search on folders of `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`.
//!
//! `evaluate <folder>` takes one set, or a folder of sets. It serves them from the very index and
//! ranking that the library serves.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints its result")]

#[path = "evaluate/identifiers.rs"]
mod identifiers;
#[path = "evaluate/measure.rs"]
mod measure;
#[path = "evaluate/set.rs"]
mod set;

use answers::Library;
use set::Set;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: evaluate <folder of sets>");
        return ExitCode::from(2);
    };
    match run(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot evaluate {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut places: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    places.push(folder.into());
    places.retain(|place| place.join("corpus.jsonl").is_file());
    places.sort();
    if places.is_empty() {
        return Err("no corpus.jsonl in it or in its folders".into());
    }
    let sets: Vec<Set> = places.iter().map(|place| Set::read(place)).collect::<Result<_, _>>()?;
    for set in &sets {
        evaluate(set, &sets)?;
    }
    Ok(())
}

fn evaluate(set: &Set, all: &[Set]) -> Result<(), Box<dyn Error>> {
    let directory = std::env::temp_dir().join(format!("answers-evaluate-{}-{}", std::process::id(), set.name));
    let library = Library::open(&directory)?;
    library.replace(set.passages())?;
    let outcome = report(set, all, &library);
    drop(library);
    std::fs::remove_dir_all(&directory)?;
    outcome
}

fn report(set: &Set, all: &[Set], library: &Library) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let typed = measure::ranking(set, library, str::to_owned)?;
    let each = started.elapsed() / u32::try_from(set.queries.len().max(1))?;
    let plain = measure::ranking(set, library, measure::without_accents)?;
    println!(
        "{}: nDCG@10 {:.3}, MRR@10 {:.3}, Recall@10 {:.3}; without accents: nDCG@10 {:.3}, MRR@10 {:.3}, Recall@10 {:.3} ({} {} passages, {} questions{}, {each:.1?} each)",
        set.name,
        typed.ndcg,
        typed.mrr,
        typed.recall,
        plain.ndcg,
        plain.mrr,
        plain.recall,
        set.documents.len(),
        set.subject,
        set.queries.len(),
        if set.titles_asked { ", titles left out: they are the questions" } else { "" },
    );
    if let Some(found) = identifiers::measure(set, library)? {
        println!(
            "{} identifiers: P@1 exact {:.3}, as words {:.3}, camelCase {:.3}, in a sentence {:.3} ({} names)",
            set.name, found.exact, found.words, found.camel, found.sentence, found.count
        );
    }
    let others: Vec<&str> = all
        .iter()
        .filter(|other| other.name != set.name && other.subject != set.subject)
        .flat_map(|other| other.queries.iter().map(|query| query.text.as_str()))
        .collect();
    if !others.is_empty() {
        let told = measure::refusal(set, &others, library)?;
        println!(
            "{} off-topic: AUC {:.3}, refused at 90 % answered {:.3} (score {:.3}); as served: answered {:.3} of its own, {:.3} of {} questions of the other sets",
            set.name,
            told.auc,
            told.refused,
            told.at,
            told.own_answered,
            told.others_answered,
            others.len()
        );
    }
    Ok(())
}
