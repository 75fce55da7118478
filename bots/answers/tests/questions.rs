//! Questions of developers about this very code base, written by two who had read it and not how it is searched. Answering
//! was bettered on them afterwards.

use std::path::Path;

use answers::{Answer, Library, Question, Root, Source};

/// A question, and the files that answer it.
const QUESTIONS: &str = include_str!("questions/code.tsv");
/// What developers ask that no code base answers.
const OFF_TOPIC: &str = include_str!("questions/off_topic.txt");

#[test]
fn questions_about_this_code_base_lead_to_the_files_that_answer_them() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    library.sync(&[Root::new(&repository)], &|_| ()).unwrap();
    let ask = |text: &str| sources(&library.answer(&Question::new(text)).unwrap());

    let (mut first, mut among_three, mut refused) = (0, 0, 0);
    for line in QUESTIONS.lines() {
        let (text, files) = line.split_once('\t').unwrap();
        for file in files.split('|') {
            assert!(repository.join(file).exists(), "{text}: {file} moved");
        }
        let found = ask(text);
        let place = found.iter().position(|path| files.split('|').any(|file| file == path));
        first += usize::from(place == Some(0));
        among_three += usize::from(place.is_some_and(|place| place < 3));
        refused += usize::from(found.is_empty());
    }
    let total = QUESTIONS.lines().count();
    println!("of {total}: {first} have their file first, {among_three} among three; {refused} are refused");
    assert!(first * 100 >= total * 50 && among_three * 100 >= total * 62 && refused * 100 <= total * 10);

    let answered = OFF_TOPIC.lines().filter(|text| !ask(text).is_empty()).count();
    println!("of {} off topic: {answered} are answered", OFF_TOPIC.lines().count());
    assert!(answered * 100 <= OFF_TOPIC.lines().count() * 10);
}

fn sources(answer: &Answer) -> Vec<String> {
    let paths = |sources: &[Source]| sources.iter().map(|source| source.path.clone()).collect();
    match answer {
        Answer::Found { sources, .. } => paths(sources),
        Answer::Unsure { nearest, .. } => paths(nearest),
        _ => Vec::new(),
    }
}
