//! What can go wrong, in words: what happened, why, and the next step.

use std::fmt;
use std::path::{Path, PathBuf};

/// A failure that a person has to do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The address of the site is no address of a website.
    Address {
        /// What was given.
        address: String,
    },
    /// The site's first page leads to another site.
    Elsewhere {
        /// The address that was given.
        address: String,
        /// Where it leads.
        to: String,
    },
    /// The rules of the site could not be had, or close all of it.
    Closed {
        /// The site.
        address: String,
        /// Why.
        why: String,
    },
    /// Nothing can be read of the site.
    Empty {
        /// The site.
        address: String,
        /// What became of its first page.
        why: String,
    },
    /// The part of the page that counts is no CSS selector.
    Selector {
        /// What was given.
        selector: String,
    },
    /// No connection can be made at all.
    Client {
        /// What the system said.
        why: String,
    },
    /// What was read of the site cannot be kept.
    Keep {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

impl Error {
    pub(crate) fn keep(path: &Path, why: impl fmt::Display) -> Self {
        Self::Keep { path: path.into(), why: why.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address } => {
                write!(f, "{address:?} is no address of a website; give it whole, as https://www.example.com/")
            }
            Self::Elsewhere { address, to } => {
                write!(f, "{address} leads to {to}, which is another site; give that address if it is the one you mean")
            }
            Self::Closed { address, why } => {
                write!(
                    f,
                    "{address} cannot be crawled: {why}; check the address and the network of this machine, or let the \
                     owner of the site see to it. The next crawl tries again"
                )
            }
            Self::Empty { address, why } => write!(
                f,
                "no page of {address} can be read: {why}; look whether the address opens in a browser, and the next crawl \
                 tries again"
            ),
            Self::Selector { selector } => {
                write!(f, "{selector:?} is no CSS selector; write one as `main article` or `#content`, or leave it out")
            }
            Self::Client { why } => {
                write!(f, "no connection to the web can be made: {why}; install the certificates of this system")
            }
            Self::Keep { path, why } => write!(
                f,
                "what was read of the site cannot be kept in {}: {why}; make the folder writable or choose another",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Error {}
