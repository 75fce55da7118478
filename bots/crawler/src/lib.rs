//! Crawls a website politely and keeps what its pages say.
//!
//! [`crawl`] reads a site through a [`Web`], which is [`Http`] or stands in for it, and gives the [`Site`] as it is now
//! with a [`Report`] of each page. A [`Draft`] lets one that is interrupted go on. `Site::passages` cuts it into what `answers` indexes.
//!
//! The way of a page: `crawl` asks for it within the rules of `robots`, found by `sitemap` and by links; `page` reads its
//! blocks; `site` keeps them between crawls; `passages` drops what stands on every page and cuts the rest.

mod address;
mod crawl;
mod draft;
mod error;
mod http;
mod page;
mod passages;
mod report;
mod robots;
mod site;
mod sitemap;
mod web;

pub use crawl::{Progress, Settings, crawl};
pub use draft::Draft;
pub use error::Error;
pub use http::Http;
pub use page::{Block, Content, Part};
pub use report::{Outcome, Reason, Report};
pub use site::Site;
pub use web::{Failure, Request, Response, Web};
