//! Crawls a website politely and keeps what its pages say.

mod address;
mod crawl;
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
pub use error::Error;
pub use http::Http;
pub use page::{Block, Content, Part};
pub use report::{Outcome, Reason, Report};
pub use site::Site;
pub use web::{Failure, Request, Response, Web};
