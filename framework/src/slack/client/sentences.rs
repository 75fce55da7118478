//! Codes of refusals, in the words of the person who reads them.

/// What a code means, and what to do about it.
pub(super) struct Sentence {
    pub(super) what: &'static str,
    pub(super) next: &'static str,
    pub(super) what_french: &'static str,
    pub(super) next_french: &'static str,
}

/// The sentence for a code; `None` for one that is not known.
pub(super) fn find(code: &str) -> Option<&'static Sentence> {
    if code.starts_with("http_3") || code == "http_404" {
        return Some(&WRONG_BASE);
    }
    let (_, sentence) = SENTENCES.iter().find(|(codes, _)| codes.contains(&code))?;
    Some(sentence)
}

const fn say(what: &'static str, next: &'static str, what_french: &'static str, next_french: &'static str) -> Sentence {
    Sentence { what, next, what_french, next_french }
}

static WRONG_BASE: Sentence = say(
    "there is no Web API at this address",
    "Check SLACK_API_URL: it ends in /api/, and redirects are not followed.",
    "il n'y a pas de Web API à cette adresse",
    "Vérifiez SLACK_API_URL : elle finit par /api/, et les redirections ne sont pas suivies.",
);

static SENTENCES: [(&[&str], Sentence); 30] = [
    (
        &["invalid_auth", "not_authed"],
        say(
            "the platform does not accept the token",
            "Copy the Bot User OAuth Token again into SLACK_BOT_TOKEN.",
            "la plateforme n'accepte pas le jeton",
            "Recopiez le Bot User OAuth Token dans SLACK_BOT_TOKEN.",
        ),
    ),
    (
        &["account_inactive", "token_revoked"],
        say(
            "the token was revoked, or the app removed from the workspace",
            "Reinstall the app and copy its new token.",
            "le jeton est révoqué, ou l'application retirée de l'espace de travail",
            "Réinstallez l'application et copiez son nouveau jeton.",
        ),
    ),
    (
        &["token_expired"],
        say(
            "the token has expired",
            "Renew it with its refresh token, or turn token rotation off.",
            "le jeton a expiré",
            "Renouvelez-le, ou désactivez la rotation des jetons.",
        ),
    ),
    (
        &["not_allowed_token_type"],
        say(
            "this method takes another kind of token",
            "Bot methods take SLACK_BOT_TOKEN (xoxb-), sockets take SLACK_APP_TOKEN (xapp-).",
            "cette méthode demande un autre type de jeton",
            "Les méthodes de bot prennent SLACK_BOT_TOKEN (xoxb-), les sockets SLACK_APP_TOKEN (xapp-).",
        ),
    ),
    (
        &[
            "no_permission",
            "access_denied",
            "accesslimited",
            "org_login_required",
            "ekm_access_denied",
            "team_access_not_granted",
            "enterprise_is_restricted",
            "two_factor_setup_required",
            "not_authorized",
        ],
        say(
            "the workspace does not allow it",
            "Ask an administrator of the workspace.",
            "l'espace de travail ne le permet pas",
            "Demandez à son administrateur.",
        ),
    ),
    (
        &["channel_not_found"],
        say(
            "there is no such conversation, or it is private and the bot is not in it",
            "Check the identifier, and invite the bot with /invite @bot.",
            "cette conversation n'existe pas, ou elle est privée et le bot n'y est pas",
            "Vérifiez l'identifiant, et invitez le bot avec /invite @bot.",
        ),
    ),
    (
        &["not_in_channel"],
        say(
            "the bot is not in the conversation",
            "Invite it there with /invite @bot.",
            "le bot n'est pas dans la conversation",
            "Invitez-le avec /invite @bot.",
        ),
    ),
    (
        &["is_archived"],
        say(
            "the conversation is archived",
            "Unarchive it, or write elsewhere.",
            "la conversation est archivée",
            "Désarchivez-la, ou écrivez ailleurs.",
        ),
    ),
    (
        &["user_not_found", "users_not_found", "user_not_visible", "user_disabled"],
        say(
            "there is no such person, or the bot may not see them",
            "Check the identifier (U…).",
            "cette personne n'existe pas, ou le bot ne peut pas la voir",
            "Vérifiez l'identifiant (U…).",
        ),
    ),
    (
        &["user_not_in_channel"],
        say(
            "the person is not in the conversation",
            "Write to them in a direct message.",
            "la personne n'est pas dans la conversation",
            "Écrivez-lui en message direct.",
        ),
    ),
    (
        &["cannot_dm_bot"],
        say(
            "a bot cannot write to a bot",
            "Write to a person or to a channel.",
            "un bot ne peut pas écrire à un bot",
            "Écrivez à une personne ou dans un canal.",
        ),
    ),
    (
        &["messages_tab_disabled"],
        say(
            "direct messages with the app are off",
            "Allow them under App Home, Messages Tab.",
            "les messages directs avec l'application sont désactivés",
            "Autorisez-les sous App Home, Messages Tab.",
        ),
    ),
    (
        &[
            "msg_too_long",
            "msg_blocks_too_long",
            "markdown_text_too_long",
            "metadata_too_large",
            "attachment_payload_limit_exceeded",
            "too_many_attachments",
            "view_too_large",
        ],
        say(
            "what was to be sent is too long",
            "Send less, or in several parts.",
            "ce qui devait partir est trop long",
            "Envoyez moins, ou en plusieurs parties.",
        ),
    ),
    (
        &["no_text"],
        say(
            "the message is empty",
            "Give it text or blocks.",
            "le message est vide",
            "Donnez-lui du texte ou des blocs.",
        ),
    ),
    (
        &["invalid_blocks", "invalid_blocks_format", "invalid_attachments"],
        say(
            "a block is malformed",
            "Correct the block that is named.",
            "un bloc est mal formé",
            "Corrigez le bloc indiqué.",
        ),
    ),
    (
        &[
            "invalid_arguments",
            "missing_argument",
            "invalid_arg_name",
            "invalid_array_arg",
            "invalid_json",
            "json_not_object",
            "invalid_form_data",
            "invalid_charset",
            "invalid_post_type",
            "missing_post_type",
        ],
        say(
            "the arguments are not what the method takes",
            "Compare them with the method's reference.",
            "les arguments ne conviennent pas à la méthode",
            "Comparez-les à la page de la méthode.",
        ),
    ),
    (
        &["message_not_found", "thread_not_found", "bad_timestamp", "invalid_ts_latest"],
        say(
            "there is no such message",
            "It may have been deleted; check the channel and the time stamp.",
            "ce message n'existe pas",
            "Il a pu être supprimé ; vérifiez le canal et l'horodatage.",
        ),
    ),
    (
        &["cannot_reply_to_message"],
        say(
            "this message cannot be answered in a thread",
            "Answer in the channel.",
            "ce message n'accepte pas de fil",
            "Répondez dans le canal.",
        ),
    ),
    (
        &["cant_update_message", "edit_window_closed", "cant_delete_message"],
        say(
            "this message is not the bot's to change, or no longer",
            "Only its own messages, and not the ephemeral ones, can be changed.",
            "le bot ne peut pas, ou plus, modifier ce message",
            "Il ne peut modifier que ses propres messages, et pas les éphémères.",
        ),
    ),
    (
        &[
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "restricted_action_thread_locked",
            "channel_is_limited_access",
        ],
        say(
            "posting there is restricted by the workspace",
            "Ask an administrator, or write elsewhere.",
            "l'espace de travail y restreint les messages",
            "Demandez à un administrateur, ou écrivez ailleurs.",
        ),
    ),
    (
        &["already_reacted", "no_reaction"],
        say(
            "the reaction is already as asked",
            "Nothing is to be done.",
            "la réaction est déjà dans l'état voulu",
            "Il n'y a rien à faire.",
        ),
    ),
    (
        &["invalid_name", "too_many_emoji", "too_many_reactions", "not_reactable"],
        say(
            "this reaction cannot be put there",
            "Give the emoji's name without colons.",
            "cette réaction ne peut pas y être mise",
            "Donnez le nom de l'emoji sans les deux-points.",
        ),
    ),
    (
        &["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"],
        say(
            "the three seconds in which a window may open have passed, or one was opened already",
            "Open it first, then do the work and update it.",
            "les trois secondes pour ouvrir une fenêtre sont passées, ou une autre est déjà ouverte",
            "Ouvrez-la d'abord, travaillez ensuite et mettez-la à jour.",
        ),
    ),
    (
        &["hash_conflict"],
        say(
            "the window has changed meanwhile",
            "Read it again and repeat the change.",
            "la fenêtre a changé entre-temps",
            "Relisez-la et refaites le changement.",
        ),
    ),
    (
        &["push_limit_reached"],
        say(
            "three windows are open, and no more can be",
            "Update one instead.",
            "trois fenêtres sont ouvertes, et c'est le maximum",
            "Mettez-en une à jour.",
        ),
    ),
    (
        &["unknown_method", "method_deprecated", "deprecated_endpoint"],
        say(
            "the platform does not know the method, or no longer",
            "Check its name.",
            "la plateforme ne connaît pas, ou plus, cette méthode",
            "Vérifiez son nom.",
        ),
    ),
    (
        &["method_not_supported_for_channel_type", "channel_type_not_supported"],
        say(
            "the method does not work in this kind of conversation",
            "Use it in a channel.",
            "la méthode ne marche pas dans ce type de conversation",
            "Utilisez-la dans un canal.",
        ),
    ),
    (
        &["invalid_cursor"],
        say(
            "the place in the list has expired",
            "Ask again from the first page.",
            "la position dans la liste a expiré",
            "Recommencez à la première page.",
        ),
    ),
    (
        &["used_url", "expired_url"],
        say(
            "the address for late answers is used up: five answers within thirty minutes",
            "Answer with a message.",
            "l'adresse des réponses tardives est épuisée : cinq réponses en trente minutes",
            "Répondez par un message.",
        ),
    ),
    (
        &["team_added_to_org", "upgrade_required"],
        say(
            "the workspace is being moved",
            "Try again later.",
            "l'espace de travail est en cours de migration",
            "Réessayez plus tard.",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_code_has_two_sentences_and_each_is_whole() {
        let mut seen = HashSet::new();
        for (codes, sentence) in &SENTENCES {
            assert!(codes.iter().all(|code| seen.insert(*code)), "{codes:?}");
            for next in [sentence.next, sentence.next_french] {
                assert!(next.ends_with('.') && next.starts_with(char::is_uppercase), "{next}");
            }
            for what in [sentence.what, sentence.what_french] {
                assert!(!what.ends_with('.') && what.starts_with(char::is_lowercase), "{what}");
            }
        }
    }

    #[test]
    fn an_answer_from_elsewhere_points_to_the_address() {
        assert!(find("http_302").is_some_and(|said| said.next.contains("SLACK_API_URL")));
        assert!(find("http_404").is_some() && find("http_418").is_none() && find("brand_new").is_none());
    }
}
