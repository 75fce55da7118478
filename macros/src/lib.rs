//! The attributes of the bavard chat-bot framework.
