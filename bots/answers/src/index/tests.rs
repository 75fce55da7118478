use super::*;
use crate::read::{Progress, Reason, Root};
use std::cell::Cell;
use std::fs;
use tantivy::query::{Query, TermQuery};
use tantivy::schema::IndexRecordOption;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.root().path).unwrap();
        place
    }

    fn root(&self) -> Root {
        Root { name: "demo".into(), path: self.folder.path().join("code") }
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.root().path.join(path), text).unwrap();
    }

    fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn open(&self) -> Index {
        Index::open(&self.index()).unwrap()
    }
}

fn sync(index: &Index, place: &Place) -> SyncReport {
    index.sync(&[place.root()], &|_| ()).unwrap()
}

fn defines(index: &Index, name: &str) -> usize {
    let term = tantivy::Term::from_field_text(index.fields.name, name);
    TermQuery::new(term, IndexRecordOption::Basic).count(&index.searcher()).unwrap()
}

#[test]
fn only_what_changed_is_read_again() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    place.write("b.rs", "fn beta() {}");
    let index = place.open();
    let first = sync(&index, &place);
    assert_eq!((first.added, first.changed, first.removed, first.unchanged), (2, 0, 0, 0));
    assert_eq!((defines(&index, "alpha"), defines(&index, "beta")), (1, 1));

    place.write("a.rs", "fn gamma() {}");
    fs::remove_file(place.root().path.join("b.rs")).unwrap();
    place.write("c.rs", "fn delta() {}");
    let second = sync(&index, &place);
    assert_eq!((second.added, second.changed, second.removed, second.unchanged), (1, 1, 1, 0));
    assert_eq!((defines(&index, "alpha"), defines(&index, "beta")), (0, 0));
    assert_eq!((defines(&index, "gamma"), defines(&index, "delta")), (1, 1));

    let third = sync(&index, &place);
    assert_eq!((third.added, third.changed, third.removed, third.unchanged), (0, 0, 0, 2));
}

#[test]
fn an_index_survives_being_closed() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    sync(&place.open(), &place);
    let again = place.open();
    assert_eq!(*lock(&again.rebuilt), None);
    assert_eq!(defines(&again, "alpha"), 1);
    assert_eq!(sync(&again, &place).unchanged, 1);
}

#[test]
fn a_root_that_vanished_changes_nothing() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    let index = place.open();
    sync(&index, &place);
    fs::rename(place.root().path, place.folder.path().join("away")).unwrap();
    assert!(matches!(index.sync(&[place.root()], &|_| ()), Err(Error::Root { .. })));
    assert_eq!(defines(&index, "alpha"), 1);
}

#[test]
fn progress_ends_at_the_total() {
    let place = Place::new();
    (0..5).for_each(|n| place.write(&format!("{n}.rs"), "fn f() {}"));
    let last = Cell::new(Progress { done: 0, total: 0 });
    place.open().sync(&[place.root()], &|progress| last.set(progress)).unwrap();
    assert_eq!(last.get(), Progress { done: 5, total: 5 });
}

#[test]
fn a_damaged_index_is_made_anew_and_says_why() {
    for damage in ["passages/meta.json", "manifest.json"] {
        let place = Place::new();
        place.write("a.rs", "fn alpha() {}");
        sync(&place.open(), &place);
        fs::write(place.index().join(damage), "{ not json").unwrap();
        let index = place.open();
        assert!(lock(&index.rebuilt).is_some(), "{damage}");
        let report = sync(&index, &place);
        assert!(report.rebuilt.is_some());
        assert_eq!((report.added, defines(&index, "alpha")), (1, 1));
    }
}

#[test]
fn a_damaged_segment_is_noticed() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    sync(&place.open(), &place);
    let segment = fs::read_dir(place.index().join("passages"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "idx" || extension == "store"))
        .unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    bytes[3] ^= 0xff;
    fs::write(&segment, bytes).unwrap();
    let index = place.open();
    assert!(sync(&index, &place).rebuilt.unwrap().contains("damaged"));
    assert_eq!(sync(&index, &place).rebuilt, None, "it is told once");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    place.write("file", "");
    let Err(error) = Index::open(&place.root().path.join("file/index")) else { panic!("opened below a file") };
    assert!(error.to_string().contains("file/index"), "{error}");
}

#[test]
fn a_second_writer_is_told() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    let (one, two) = (place.open(), place.open());
    sync(&one, &place);
    let _session = Session::begin(&one).unwrap();
    place.write("b.rs", "fn beta() {}");
    assert!(matches!(two.sync(&[place.root()], &|_| ()), Err(Error::Busy { .. })));
    assert_eq!(defines(&two, "alpha"), 1, "the second still reads, and sees the commit of the first");
}

#[test]
fn several_programs_may_open_it_at_once() {
    for _ in 0..10 {
        let place = Place::new();
        place.write("a.rs", "fn alpha() {}");
        std::thread::scope(|scope| {
            let opening: Vec<_> = (0..4).map(|_| scope.spawn(|| Index::open(&place.index()))).collect();
            for opened in opening {
                assert_eq!(*lock(&opened.join().unwrap().unwrap().rebuilt), None);
            }
        });
    }
}

#[test]
fn what_another_program_read_is_not_read_again() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    let (one, two) = (place.open(), place.open());
    assert_eq!(sync(&one, &place).added, 1);
    let report = sync(&two, &place);
    assert_eq!((report.added, report.unchanged, defines(&two, "alpha")), (0, 1, 1));
}

#[test]
fn what_a_crash_left_behind_is_removed() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    let index = place.open();
    sync(&index, &place);
    // As when the program ended after the commit, before the list was written.
    let mut manifest = Manifest::clone(&index.manifest());
    manifest.documents.clear();
    manifest.save(&place.index()).unwrap();
    fs::remove_file(place.root().path.join("a.rs")).unwrap();
    drop(index);
    let again = place.open();
    sync(&again, &place);
    assert_eq!(defines(&again, "alpha"), 0);
}

#[test]
fn left_out_files_are_counted_every_time() {
    let place = Place::new();
    place.write("a.rs", "fn alpha() {}");
    place.write("data", "a\0b");
    place.write("logo.png", "x");
    let index = place.open();
    for _ in 0..2 {
        let left_out = sync(&index, &place).left_out;
        assert_eq!(left_out.get(&Reason::Binary), Some(&2));
    }
    assert_eq!(index.stats().documents, 1);
}
