//! That the files for operators say what the bots are. No container engine is asked.
#![allow(clippy::unwrap_used)] // Helpers of tests, which the lints do not see.

use std::{fs, path::PathBuf};

/// The files of containers, services and proxies.
const FILES: [&str; 7] = [
    "bots/Dockerfile",
    "bots/Dockerfile.dockerignore",
    "bots/compose.yaml",
    "bots/compose.replicas.yaml",
    "docs/operation/Caddyfile",
    "docs/operation/nginx.conf",
    "docs/operation/bavard@.service",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(file: &str) -> String {
    let path = root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between two words.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// A bot, as its source says.
#[derive(Debug)]
struct Bot {
    package: String,
    port: String,
    admin_port: String,
    events_path: String,
}

/// The bots that are programs.
fn bots() -> Vec<Bot> {
    let folders = fs::read_dir(root().join("bots")).unwrap().map(|entry| entry.unwrap().path());
    let bots = folders.filter_map(|folder| {
        let source = fs::read_to_string(folder.join("src/main.rs")).ok()?;
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let given = |before, after| between(&source, before, after).unwrap().to_owned();
        Some(Bot {
            package: between(&manifest, "name = \"", "\"").unwrap().to_owned(),
            port: given(".port(", ")"),
            admin_port: given(".admin_port(", ")"),
            events_path: given(".events_path(\"", "\")"),
        })
    });
    bots.collect()
}

/// The bot that the files run unless they are told otherwise.
fn usual() -> Bot {
    bots().into_iter().find(|bot| bot.package == "codedoc-bot").unwrap()
}

#[test]
fn the_image_is_made_of_any_bot_by_a_compiler_that_is_new_enough() {
    let (dockerfile, manifest) = (text("bots/Dockerfile"), text("Cargo.toml"));
    assert_eq!(between(&dockerfile, "ARG BOT=", "\n"), Some(&*usual().package));
    let minor = |version: &str| version.split('.').nth(1).unwrap().parse::<u32>().unwrap();
    let oldest = between(&manifest, "rust-version = \"", "\"").unwrap();
    assert!(minor(between(&dockerfile, "ARG RUST=", "\n").unwrap()) >= minor(oldest));
    // The C library that it is built with is the one that it runs with.
    assert!(dockerfile.contains("-bookworm AS build") && dockerfile.contains("/cc-debian12:nonroot"));
    assert!(dockerfile.contains("\nUSER 65532:65532\n") && dockerfile.contains("--chown=65532:65532"));
    let data = between(&dockerfile, "ENV BAVARD_DATA_DIR=", "\n").unwrap();
    assert!(dockerfile.contains(&format!("\nVOLUME {data}\n")));
    for compose in ["bots/compose.yaml", "bots/compose.replicas.yaml"] {
        assert!(text(compose).contains(&format!(":{data}\n")), "{compose} has no volume on {data}");
    }
}

#[test]
fn the_build_is_given_every_member_of_the_workspace_and_no_secret() {
    let (ignored, manifest) = (text("bots/Dockerfile.dockerignore"), text("Cargo.toml"));
    let members = between(&manifest, "members = [", "]").unwrap();
    let folders = members.split(", ").map(|member| member.trim_matches('"').trim_end_matches("/*"));
    let mut given: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let mut expected: Vec<&str> = folders.chain(["Cargo.toml", "Cargo.lock"]).collect();
    given.sort_unstable();
    expected.sort_unstable();
    assert_eq!(given, expected);
    let last = ignored.rfind("\n!").unwrap();
    for secret in ["\n**/.env\n", "\n**/.env.*\n", "\n**/.bavard\n"] {
        // The last line that fits decides.
        assert!(ignored.find(secret).is_some_and(|at| at > last), "{secret:?}");
    }
}

#[test]
fn ports_and_paths_are_those_of_the_bots() {
    let usual = usual();
    let (caddy, nginx) = (text("docs/operation/Caddyfile"), text("docs/operation/nginx.conf"));
    assert!(caddy.contains(&format!("{{$BOT_UPSTREAMS:127.0.0.1:{}}}", usual.port)));
    assert!(nginx.contains(&format!("server 127.0.0.1:{} ", usual.port)));
    for compose in ["bots/compose.yaml", "bots/compose.replicas.yaml"] {
        let compose = text(compose);
        assert!(compose.contains(&format!("${{BOT:-{}}}", usual.package)));
        let ports = compose.split("${BOT_PORT:-").skip(1).filter_map(|rest| rest.split('}').next());
        let ports: Vec<&str> = ports.collect();
        assert!(ports.len() == 2 && ports.iter().all(|port| *port == usual.port), "{ports:?}");
    }
    let page = text("docs/deployment.md");
    let bots = bots();
    assert_eq!(bots.len(), 2, "{bots:?}");
    for Bot { package, port, admin_port, events_path } in bots {
        let row = format!("| `{package}` | {port} | {admin_port} | `{events_path}` |");
        assert!(page.contains(&row), "{row}");
        assert!(caddy.contains(&format!("@bot path {events_path} /bot_user_id\n")));
        assert!(nginx.contains(&format!("location = {events_path} {{")));
        if package != usual.package {
            for compose in ["bots/compose.yaml", "bots/compose.replicas.yaml"] {
                let compose = text(compose);
                let told = format!("BOT={package} and BOT_PORT={port}").replace(' ', "");
                assert!(compose.replace(['\n', '#', ' '], "").contains(&told), "{told}");
            }
        }
    }
}

#[test]
fn whoever_stops_a_bot_waits_until_it_has_come_to_its_end() {
    for compose in ["bots/compose.yaml", "bots/compose.replicas.yaml"] {
        let compose = text(compose);
        assert!(compose.contains("\n    stop_grace_period: 40s\n") || compose.contains("\n  stop_grace_period: 40s\n"));
    }
    let unit = text("docs/operation/bavard@.service");
    assert!(unit.contains("\nTimeoutStopSec=40\n") && unit.contains("\nKillSignal=SIGTERM\n"));
}

#[test]
fn the_compose_files_are_of_the_form_that_yaml_has() {
    for file in ["bots/compose.yaml", "bots/compose.replicas.yaml"] {
        let text = text(file);
        let mut depth = 0;
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
            let indent = line.len() - line.trim_start().len();
            assert!(indent % 2 == 0 && indent <= depth + 2 && !line.contains('\t'), "{file}: {line}");
            assert_eq!(line, line.trim_end(), "{file}");
            for (open, close) in [('{', '}'), ('[', ']')] {
                assert_eq!(line.matches(open).count(), line.matches(close).count(), "{file}: {line}");
            }
            let inner = line.trim_start().trim_start_matches("- ");
            // A colon within a plain text would begin a mapping.
            assert!(inner.matches(": ").count() <= 1, "{file}: {line}");
            depth = indent;
        }
    }
}

#[test]
fn the_page_names_every_file_and_the_summary_names_the_page() {
    let page = text("docs/deployment.md");
    for file in FILES {
        assert!(!text(file).is_empty());
        assert!(file.ends_with(".dockerignore") || page.contains(&format!("`{file}`")), "{file} is not in the book");
    }
    assert!(text("docs/SUMMARY.md").contains("(deployment.md)"));
}
