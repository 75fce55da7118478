//! The listener for operators: what it answers, and how it starts.

use crate::{
    server::{Admin, Server, bind},
    settings,
};

/// Starts it. A bot serves people without it: what stands in its way is a warning.
pub(super) async fn start(settings: Option<settings::Admin>, admin: Admin) -> Option<Server> {
    let settings::Admin { listen, token } = settings?;
    let started = match bind(listen).await {
        Ok(listener) => Server::start(listener, admin.router(token)),
        Err(cause) => Err(cause),
    };
    match started {
        Ok(server) => Some(server),
        Err(cause) => {
            tracing::warn!(
                address = %listen,
                %cause,
                "nothing is shown to operators: the address cannot be listened on, perhaps another bot has it. Set \
                 BAVARD_ADMIN_LISTEN to another, as 127.0.0.1:9310, or to nothing to do without"
            );
            None
        }
    }
}
