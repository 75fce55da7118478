//! Looks up names, and forgets the addresses that may not be asked: no name leads into a private network.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::may_be_asked;

/// What a refused name fails with.
pub(super) const PRIVATE: &str = "the name leads to a private address";

#[derive(Debug)]
pub(super) struct Guard {
    pub(super) allow_loopback: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_loopback = self.allow_loopback;
        Box::pin(async move {
            // The port is filled in by who asks.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let open: Vec<SocketAddr> = found.filter(|address| may_be_asked(address.ip(), allow_loopback)).collect();
            if open.is_empty() {
                return Err(PRIVATE.into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}
