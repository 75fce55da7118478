use super::*;
use crate::passage::{Kind, Locator};
use proptest::prelude::*;

fn summary(path: &str, text: &str) -> Vec<(Kind, String, usize)> {
    let passages = chunk("demo", path, text);
    passages.iter().map(|passage| (passage.kind, passage.title.clone(), passage.line().unwrap_or(0))).collect()
}

fn find(path: &str, text: &str, title: &str) -> Passage {
    let passages = chunk("demo", path, text);
    passages.iter().find(|passage| passage.title == title).unwrap_or_else(|| panic!("{title} in {passages:#?}")).clone()
}

fn titled(kind: Kind, title: &str, line: usize) -> (Kind, String, usize) {
    (kind, title.into(), line)
}

const RUST: &str = "\
//! Routes requests.

use std::fmt;

/// Sends requests to handlers.
///
/// It is cheap to clone.
#[derive(Clone)]
pub struct Router<S> {
    routes: Vec<S>,
}

impl<S> Router<S> {
    /// Adds a route.
    pub fn route(mut self, path: &str) -> Self {
        self
    }
}

cfg_rt! {
    /// A task that can be awaited.
    pub struct JoinHandle<T> {
        raw: T,
    }
}

enum Method { Get, Post }

#[cfg(test)]
mod tests {
    #[test]
    fn routes() {}
}
";

#[test]
fn rust_definitions_are_found_with_their_comments() {
    let found = summary("src/routing.rs", RUST);
    for expected in [
        titled(Kind::Module, "routing.rs", 1),
        titled(Kind::Type, "Router", 9),
        titled(Kind::Implementation, "impl Router", 13),
        titled(Kind::Method, "Router::route", 15),
        titled(Kind::Type, "JoinHandle", 22),
        titled(Kind::Type, "Method", 27),
        titled(Kind::Function, "routes", 32),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
    let router = find("src/routing.rs", RUST, "Router");
    assert_eq!(router.documentation, "Sends requests to handlers.\n\nIt is cheap to clone.");
    assert_eq!(router.signature, "pub struct Router<S>");
    assert!(router.text.starts_with("/// Sends"));
    let method = find("src/routing.rs", RUST, "Method");
    assert_eq!(method.also.iter().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["Get", "Post"]);
    assert!(find("src/routing.rs", RUST, "routes").test);
    assert!(!router.test);
}

const PYTHON: &str = "\
\"\"\"Timers.\"\"\"
import time

LIMIT = 3

if time:
    def wait(seconds):
        # first
        return seconds

class Timer(Base):
    \"\"\"Counts down.

    Slowly.
    \"\"\"
    @property
    async def left(self) -> int:
        \"\"\"What is left.\"\"\"
        return 1
";

#[test]
fn python_definitions_are_found_with_their_docstrings() {
    let found = summary("pkg/timer.py", PYTHON);
    for expected in [
        titled(Kind::Module, "timer.py", 1),
        titled(Kind::Function, "wait", 7),
        titled(Kind::Type, "Timer", 11),
        titled(Kind::Method, "Timer.left", 17),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
    let timer = find("pkg/timer.py", PYTHON, "Timer");
    assert_eq!(timer.documentation, "Counts down.\n\nSlowly.");
    assert_eq!(timer.signature, "class Timer(Base)");
    let left = find("pkg/timer.py", PYTHON, "Timer.left");
    assert_eq!(left.documentation, "What is left.");
    assert!(left.signature.ends_with("async def left(self) -> int"), "{}", left.signature);
    let names: Vec<_> = chunk("", "pkg/timer.py", PYTHON).into_iter().flat_map(|passage| passage.also).collect();
    assert_eq!(names, [crate::passage::Name { name: "LIMIT".into(), line: 4 }]);
}

const TYPESCRIPT: &str = "\
import x from 'y';

/**
 * Sends mail.
 * @param to whom
 */
export async function send(to: string): Promise<void> {
  await x(to);
}

export default class Mailer extends Base {
  /** Opens the line. */
  connect = () => {
    return 1;
  };
  close(): void {}
}

export interface Options { retries: number }
type Id = string;
enum Level { Low, High = 2 }
export const twice = (n: number) => n * 2;
export namespace Deep { export function inner() {} }
";

#[test]
fn typescript_definitions_are_found() {
    let found = summary("src/mail.ts", TYPESCRIPT);
    for expected in [
        titled(Kind::Function, "send", 7),
        titled(Kind::Type, "Mailer", 11),
        titled(Kind::Method, "Mailer.connect", 13),
        titled(Kind::Method, "Mailer.close", 16),
        titled(Kind::Type, "Options", 19),
        titled(Kind::Alias, "Id", 20),
        titled(Kind::Type, "Level", 21),
        titled(Kind::Function, "twice", 22),
        titled(Kind::Function, "inner", 23),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
    let send = find("src/mail.ts", TYPESCRIPT, "send");
    assert_eq!(send.documentation, "Sends mail.");
    assert_eq!(send.signature, "export async function send(to: string): Promise<void>");
}

#[test]
fn older_javascript_is_understood() {
    let text = "(function () {\n  function hidden() {}\n})();\n\nexports.open = function (path) {\n  return path;\n};\nQueue.prototype.push = function push(x) {};\nmodule.exports = class Store {\n  get() {}\n};\n";
    let found = summary("lib/a.js", text);
    for (kind, title) in [
        (Kind::Function, "hidden"),
        (Kind::Function, "open"),
        (Kind::Function, "Queue.push"),
        (Kind::Type, "Store"),
        (Kind::Method, "Store.get"),
    ] {
        assert!(found.iter().any(|one| one.0 == kind && one.1 == title), "{title} in {found:#?}");
    }
}

#[test]
fn markdown_is_cut_by_heading() {
    let text = "---\nt: x\n---\nIntro.\n\n# Guide\n\nHello.\n\n## `Install` it\n\n```sh\n# not a heading\n```\n\nMore\n----\nEnd.\n";
    let passages = chunk("", "README.md", text);
    let found: Vec<_> =
        passages.iter().map(|passage| (passage.title.as_str(), passage.trail.join(">"), passage.line())).collect();
    assert_eq!(
        found,
        [
            ("README.md", String::new(), Some(4)),
            ("Guide", String::new(), Some(6)),
            ("Install it", "Guide".into(), Some(10)),
            ("More", "Guide".into(), Some(16)),
        ]
    );
}

#[test]
fn rows_of_tables_are_passages_too() {
    let text = "# Settings\n\n| name | meaning |\n|---|:--|\n| `LOG_LEVEL` | `a|b`, or **c** |\n| path | `DATA_DIR=…` |\n\n```\n| no | \
                row |\n|---|---|\n| x | y |\n```\n";
    let passages = chunk("", "a.md", text);
    let found: Vec<_> = passages.iter().map(|passage| (passage.line(), passage.documentation.as_str())).collect();
    assert_eq!(found, [(Some(1), ""), (Some(5), "`LOG_LEVEL` — `a|b`, or **c**"), (Some(6), "path — `DATA_DIR=…`")]);
    assert_eq!(passages[1].title, "LOG_LEVEL");
    assert_eq!(passages[1].trail, ["Settings"]);
    let names: Vec<_> =
        passages.iter().flat_map(|passage| &passage.also).map(|name| (&*name.name, name.line)).collect();
    assert_eq!(names, [("LOG_LEVEL", 5), ("DATA_DIR", 6)]);
}

#[test]
fn a_declaration_keeps_its_shape() {
    let text = "mod a {\n    pub fn run<F>(\n        task: F,\n    ) -> u8\n    where\n        F: Send,\n    {\n        1\n    }\n}\n";
    assert_eq!(find("a.rs", text, "run").signature, "pub fn run<F>(\n    task: F,\n) -> u8\nwhere\n    F: Send,");
}

#[test]
fn a_long_function_is_split_and_keeps_its_signature() {
    let text = format!("/// Works.\nfn work() {{\n{}}}\n", "    step();\n".repeat(200));
    let passages = chunk("", "a.rs", &text);
    assert!(passages.len() > 2);
    assert_eq!(passages[0].symbol.as_deref(), Some("work"));
    assert!(passages[1..].iter().all(|passage| passage.kind == Kind::Block && passage.title == "work"));
}

#[test]
fn a_large_class_becomes_a_card() {
    let methods: String =
        (0..20).map(|n| format!("    def m{n}(self):\n        x = 1\n        return x\n\n")).collect();
    let card = find("a.py", &format!("class Big:\n    \"\"\"Much.\"\"\"\n{methods}"), "Big");
    assert!(card.text.contains("def m19(self)") && !card.text.contains("return x"), "{}", card.text);
}

#[test]
fn other_languages_name_what_they_declare() {
    let text = "package a\n\nfunc (s *Server) Serve(x int) {\n}\n\ntype Server struct {\n}\n";
    let names: Vec<_> = chunk("", "a.go", text)
        .into_iter()
        .flat_map(|passage| passage.also)
        .map(|name| (name.name, name.line))
        .collect();
    assert_eq!(names, [("Serve".to_owned(), 3), ("Server".to_owned(), 6)]);
    let text = "#include <x.h>\n\nstatic int run_all(int n)\n{\n  return go(n);\n}\n";
    let names: Vec<_> =
        chunk("", "a.c", text).into_iter().flat_map(|passage| passage.also).map(|name| name.name).collect();
    assert_eq!(names, ["run_all"]);
}

fn holds(path: &str, text: &str) -> Result<(), TestCaseError> {
    let lines = text.lines().count();
    for passage in chunk("r", path, text) {
        let Locator::Lines { first, last, .. } = passage.locator else { panic!("a file has lines") };
        prop_assert!(1 <= first && first <= last && last <= lines, "{first}..{last} of {lines}");
        if let Some(declared) = passage.declared {
            prop_assert!((first..=lines).contains(&declared));
        }
        prop_assert!(passage.also.iter().all(|name| (1..=lines).contains(&name.line)));
        prop_assert!(!passage.text.trim().is_empty());
    }
    Ok(())
}

/// Whole programs with a piece missing: broken, but not noise.
fn broken(text: &'static str) -> impl Strategy<Value = String> {
    let length = text.len();
    (0..length, 0..40_usize).prop_map(move |(at, gap)| {
        let from = text.floor_char_boundary(at);
        let to = text.floor_char_boundary((at + gap).min(length));
        format!("{}{}", &text[..from], &text[to..])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_cut(text in "(\\PC|[\n\r#={}():;/* \t`-]){0,200}") {
        for path in ["a.rs", "a.py", "a.ts", "a.tsx", "a.js", "a.md", "a.rst", "a.go", "a"] {
            holds(path, &text)?;
        }
    }

    #[test]
    fn broken_code_is_cut(rust in broken(RUST), python in broken(PYTHON), script in broken(TYPESCRIPT)) {
        holds("a.rs", &rust)?;
        holds("a.py", &python)?;
        holds("a.ts", &script)?;
        holds("a.tsx", &script)?;
    }
}
