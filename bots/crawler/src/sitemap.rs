//! What a site says its pages are: sitemaps and indexes of sitemaps, plain or compressed.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use quick_xml::{Reader, events::Event};

/// The most that a sitemap may hold, by the rules of sitemaps.org.
pub(crate) const LONGEST: usize = 50 << 20;
const MOST_ADDRESSES: usize = 50_000;

/// What stands in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sitemap {
    /// Other sitemaps.
    pub(crate) sitemaps: Vec<String>,
    /// Pages.
    pub(crate) pages: Vec<String>,
}

/// Reads a sitemap, as far as it is well formed. It may be compressed with gzip, whatever its name is, or be a list of
/// addresses, one on each line.
pub(crate) fn read(bytes: &[u8]) -> Sitemap {
    let mut text = Vec::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    if bytes.starts_with(&[0x1f, 0x8b]) {
        // What could be read before an error is kept.
        let _ = MultiGzDecoder::new(bytes).take(most).read_to_end(&mut text);
    } else {
        text.extend_from_slice(&bytes[..bytes.len().min(LONGEST)]);
    }
    let text = String::from_utf8_lossy(&text);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') { xml(text) } else { lines(text) }
}

fn lines(text: &str) -> Sitemap {
    let pages = text.lines().map(str::trim).filter(|line| line.starts_with("http")).take(MOST_ADDRESSES);
    Sitemap { sitemaps: Vec::new(), pages: pages.map(str::to_owned).collect() }
}

fn xml(text: &str) -> Sitemap {
    let mut reader = Reader::from_str(text);
    let mut found = Sitemap::default();
    let mut is_index = false;
    let mut address: Option<String> = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                // The names of images and videos are `image:loc`, which is not ours.
                "loc" if tag.name().as_ref() == tag.local_name().as_ref() => address = Some(String::new()),
                "sitemap" => is_index = true,
                "url" => is_index = false,
                _ => {}
            },
            Ok(Event::Text(text)) => {
                if let Some(address) = &mut address {
                    address.push_str(&text);
                }
            }
            Ok(Event::CData(text)) => {
                if let Some(address) = &mut address {
                    address.push_str(&text);
                }
            }
            Ok(Event::GeneralRef(name)) => {
                if let Some(address) = &mut address {
                    address.push_str(if &*name == "amp" { "&" } else { "" });
                }
            }
            Ok(Event::End(_)) => {
                let Some(address) = address.take() else { continue };
                let into = if is_index { &mut found.sitemaps } else { &mut found.pages };
                into.push(address.trim().to_owned());
                if found.pages.len() + found.sitemaps.len() >= MOST_ADDRESSES {
                    return found;
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    const PAGES: &str = "<?xml version=\"1.0\"?><urlset xmlns:image=\"x\"><url><loc> https://example.com/a?b=1&amp;c=2 \
                         </loc><image:image><image:loc>https://example.com/i.png</image:loc></image:image></url>\
                         <url><loc><![CDATA[https://example.com/d]]></loc><lastmod>2024-01-01</lastmod></url></urlset>";

    #[test]
    fn pages_are_read_and_pictures_are_not() {
        assert_eq!(read(PAGES.as_bytes()).pages, ["https://example.com/a?b=1&c=2", "https://example.com/d"]);
    }

    #[test]
    fn an_index_leads_to_sitemaps() {
        let text = "<sitemapindex><sitemap><loc>https://example.com/1.xml.gz</loc></sitemap></sitemapindex>";
        let found = read(text.as_bytes());
        assert_eq!((found.sitemaps.len(), found.pages.len()), (1, 0));
    }

    #[test]
    fn there_is_an_end_to_what_is_read_of_one_file() {
        let many = |tag: &str| format!("<{tag}><loc>https://example.com/a</loc></{tag}>").repeat(MOST_ADDRESSES + 5);
        for text in [many("sitemap"), many("url")] {
            let found = read(format!("<x>{text}").as_bytes());
            assert_eq!(found.sitemaps.len() + found.pages.len(), MOST_ADDRESSES);
        }
    }

    #[test]
    fn compressed_files_are_known_by_their_bytes() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(PAGES.as_bytes()).unwrap();
        let mut bytes = encoder.finish().unwrap();
        assert_eq!(read(&bytes).pages.len(), 2);
        bytes.truncate(bytes.len() / 2);
        read(&bytes);
    }

    #[test]
    fn what_is_broken_gives_what_was_read_before() {
        assert_eq!(read(b"<urlset><url><loc>https://example.com/a</loc></url><url><lo").pages.len(), 1);
        assert_eq!(read(b"https://example.com/a\nnonsense\n").pages.len(), 1);
        assert_eq!(read(b"\xff\xfe<"), Sitemap::default());
    }
}
