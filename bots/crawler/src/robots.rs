//! What a site asks of crawlers in `robots.txt`, by RFC 9309.

use std::time::Duration;

use url::Url;

/// So much of the file is read; RFC 9309 (2.5) asks for 500 KiB at least.
pub(crate) const LONGEST: usize = 512 << 10;

/// The rules for one crawler.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Robots {
    rules: Vec<Rule>,
    /// How long the site asks to wait between two requests.
    pub(crate) delay: Option<Duration>,
    /// The sitemaps it names.
    pub(crate) sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    pattern: String,
    allow: bool,
}

impl Robots {
    /// Rules for when the file could not be had from a server that fails: nothing may be read (2.3.1.4).
    pub(crate) fn closed() -> Self {
        Self { rules: vec![Rule { pattern: "/".into(), allow: false }], ..Self::default() }
    }

    /// Reads `text` as the crawler whose product token is `product`. Lines that are no rules are passed over.
    pub(crate) fn parse(text: &str, product: &str) -> Self {
        let groups = groups(text);
        let ours = |group: &&Group| group.agents.iter().any(|agent| agent.eq_ignore_ascii_case(product));
        let everybodys = |group: &&Group| group.agents.iter().any(|agent| agent == "*");
        let mut chosen: Vec<&Group> = groups.iter().filter(ours).collect();
        if chosen.is_empty() {
            chosen = groups.iter().filter(everybodys).collect();
        }
        Self {
            rules: chosen.iter().flat_map(|group| group.rules.iter().cloned()).collect(),
            delay: chosen.iter().filter_map(|group| group.delay).max(),
            sitemaps: fields(text)
                .filter(|(name, _)| name.eq_ignore_ascii_case("sitemap"))
                .map(|(_, value)| value.to_owned())
                .collect(),
        }
    }

    /// Whether the page may be read: the longest rule decides, and allows when two are as long.
    pub(crate) fn allows(&self, page: &Url) -> bool {
        if page.path() == "/robots.txt" {
            return true;
        }
        let query = page.query().map_or(String::new(), |query| format!("?{query}"));
        let path = encoded(&format!("{}{query}", page.path()));
        let longest =
            self.rules.iter().filter(|rule| rule.matches(&path)).max_by_key(|rule| (rule.pattern.len(), rule.allow));
        longest.is_none_or(|rule| rule.allow)
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        match self.pattern.strip_suffix('$') {
            Some(pattern) => globs(pattern.as_bytes(), path.as_bytes(), true),
            None => globs(self.pattern.as_bytes(), path.as_bytes(), false),
        }
    }
}

#[derive(Debug, Default)]
struct Group {
    agents: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut naming = false;
    for (name, value) in fields(text) {
        let name = name.to_ascii_lowercase();
        if name == "user-agent" {
            if !naming {
                groups.push(Group::default());
            }
            naming = true;
            if let Some(group) = groups.last_mut() {
                group.agents.push(product(value));
            }
            continue;
        }
        let Some(group) = groups.last_mut() else { continue };
        match name.as_str() {
            "allow" | "disallow" => {
                naming = false;
                // A rule without a path is none: "Disallow:" closes nothing.
                if !value.is_empty() {
                    group.rules.push(Rule { pattern: encoded(value), allow: name == "allow" });
                }
            }
            "crawl-delay" => {
                naming = false;
                let delay = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                group.delay = delay.or(group.delay);
            }
            // What belongs to no group, as a sitemap, does not end one.
            _ => {}
        }
    }
    groups
}

/// The lines that are `name: value`, without comments.
fn fields(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.trim_start_matches('\u{feff}').lines().filter_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_once(':').map(|(name, value)| (name.trim(), value.trim()))
    })
}

/// The product token of a `User-agent` line: `ExampleBot/1.2` speaks of `ExampleBot`.
fn product(agent: &str) -> String {
    if agent.starts_with('*') {
        return "*".into();
    }
    agent.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-')).collect()
}

/// Percent-encoding in one spelling, so that `/é`, `/%c3%a9` and `/%C3%A9` are one path (2.2.2).
fn encoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = (byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let value =
            escape.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match value {
            Some(plain) if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => out.push(char::from(plain)),
            Some(other) => out.push_str(&format!("%{other:02X}")),
            None if byte.is_ascii_graphic() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
        at += if value.is_some() { 3 } else { 1 };
    }
    out
}

/// Whether `pattern`, in which `*` stands for anything, is the beginning of `text`, or all of it.
fn globs(pattern: &[u8], text: &[u8], to_the_end: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on when what follows the last star did not fit.
    let mut star: Option<(usize, usize)> = None;
    loop {
        match pattern.get(p) {
            None if !to_the_end || t == text.len() => return true,
            Some(b'*') => {
                star = Some((p + 1, t));
                p += 1;
                continue;
            }
            Some(wanted) if text.get(t) == Some(wanted) => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = star.filter(|(_, from)| *from < text.len()) else { return false };
        star = Some((after, from + 1));
        (p, t) = (after, from + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str, path: &str) -> bool {
        let page = Url::parse("https://example.com").unwrap().join(path).unwrap();
        Robots::parse(text, "ExampleBot").allows(&page)
    }

    #[test]
    fn the_longest_rule_decides_and_allows_on_a_tie() {
        let text =
            "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\nDisallow: /b\nAllow: /b\n";
        assert!(allows(text, "/example/page/"));
        assert!(!allows(text, "/example/page/disallowed.gif"));
        assert!(allows(text, "/b"));
        assert!(allows("", "/anything"));
    }

    #[test]
    fn groups_of_one_crawler_are_merged_and_replace_those_of_everybody() {
        let text = "User-agent: *\nDisallow: /\n\nuser-agent: examplebot/2.0\nUser-Agent: other\nDisallow: /a\n\n\
                    User-agent: third\nDisallow: /c\n\nUser-agent: EXAMPLEBOT\nDisallow: /b # private\n";
        assert!(!allows(text, "/a/x") && !allows(text, "/b"));
        assert!(allows(text, "/c") && allows(text, "/"));
    }

    #[test]
    fn stars_and_ends_are_understood() {
        let text = "User-agent: *\nDisallow: /*?utm_\nDisallow: /*.php$\nDisallow: /a*b*c\n";
        assert!(!allows(text, "/x?utm_source=1") && allows(text, "/x?page=1"));
        assert!(!allows(text, "/x/index.php") && allows(text, "/index.php?x"));
        assert!(!allows(text, "/a-b-b-c/d") && allows(text, "/a-c-b"));
    }

    #[test]
    fn one_path_has_one_spelling() {
        let text = "User-agent: *\nDisallow: /é\nDisallow: /foo%2fbar\nDisallow: /%7Euser\n";
        assert!(!allows(text, "/%c3%a9cole") && !allows(text, "/école"));
        assert!(!allows(text, "/foo%2Fbar") && allows(text, "/foo/bar"));
        assert!(!allows(text, "/~user"));
    }

    #[test]
    fn empty_rules_close_nothing_and_the_file_itself_is_open() {
        assert!(allows("User-agent: *\nDisallow:\n", "/"));
        assert!(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
        assert!(!allows("\u{feff}User-agent: *\r\nDisallow: /\r\n", "/"));
        assert!(!Robots::closed().allows(&Url::parse("https://example.com/").unwrap()));
    }

    #[test]
    fn delays_and_sitemaps_are_read_wherever_they_stand() {
        let text =
            "Sitemap: https://example.com/a.xml\nUser-agent: *\nCrawl-delay: 2.5\nsitemap: /b.xml\nDisallow: /x\n";
        let robots = Robots::parse(text, "ExampleBot");
        assert_eq!(robots.delay, Some(Duration::from_millis(2500)));
        assert_eq!(robots.sitemaps, ["https://example.com/a.xml", "/b.xml"]);
        assert!(!allows(text, "/x"));
        assert_eq!(Robots::parse("User-agent: *\nCrawl-delay: -1\n", "x").delay, None);
    }

    #[test]
    fn many_stars_take_no_time() {
        let text = format!("User-agent: *\nDisallow: /{}x\n", "a*".repeat(200));
        assert!(allows(&text, &format!("/{}", "a".repeat(2000))));
    }
}
