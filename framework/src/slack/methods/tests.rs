use super::*;

#[test]
fn every_line_is_read_and_every_name_is_found() {
    assert_eq!(all().len(), lines().count());
    assert!(all().len() >= 322);
    assert!(all().is_sorted_by(|a, b| a.name < b.name));
    for method in all() {
        assert_eq!(find(method.name).map(|found| found.name), Some(method.name));
        assert!(method.limits().per_minute > 0, "{}", method.name);
        for argument in method.arguments() {
            let known = argument.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(known && !argument.name.is_empty(), "{} {}", method.name, argument.name);
            assert_ne!(argument.name, "token", "{}", method.name);
        }
        for scope in method.scopes() {
            assert!(!scope.is_empty() && !scope.contains(' '), "{} {scope}", method.name);
        }
    }
}

#[test]
fn every_word_of_the_table_is_one_of_the_known() {
    for line in lines() {
        let columns: Vec<_> = line.split('\t').collect();
        assert_eq!(columns.len(), 7, "{line}");
        assert!(["read", "write", "post"].contains(&columns[2]), "{line}");
        assert!(["json", "form"].contains(&columns[3]), "{line}");
        assert!(["bot", "user", "app", "config", "none"].contains(&columns[4]), "{line}");
    }
}

#[test]
fn posting_is_limited_by_workspace_and_by_conversation() {
    let post = find("chat.postMessage").unwrap();
    assert_eq!(post.tier, Tier::Special(300));
    assert_eq!(limits("chat.postMessage").per_channel, Some(Duration::from_secs(1)));
    assert_eq!(limits("chat.update"), Limits { per_minute: 50, per_channel: None });
    assert_eq!(limits("apps.connections.open").per_minute, 1);
    assert_eq!(limits("brand.new.method").per_minute, 20);
}

#[test]
fn scopes_are_alternatives_and_arguments_may_need_more() {
    let post = find("chat.postMessage").unwrap();
    assert_eq!(post.scopes().collect::<Vec<_>>(), ["chat:write"]);
    let scope_of = |name| post.arguments().find(|argument| argument.name == name).unwrap().scope;
    assert_eq!(scope_of("username"), Some("chat:write.customize"));
    assert_eq!(scope_of("channel"), Some("chat:write.public"));
    assert_eq!(scope_of("text"), None);

    let history = find("conversations.history").unwrap();
    let expected = ["channels:history", "groups:history", "im:history", "mpim:history"];
    assert_eq!(history.scopes().collect::<Vec<_>>(), expected);
    assert!(history.paginated() && history.effect == Effect::Read && history.json);
    assert_eq!(history.arguments().next().map(|first| (first.name, first.required)), Some(("channel", true)));

    let connect = find("apps.connections.open").unwrap();
    assert_eq!(connect.access, Access::App);
    assert_eq!(connect.scopes().collect::<Vec<_>>(), ["connections:write"]);
    assert_eq!(find("auth.test").unwrap().scopes().count(), 0);
    assert_eq!(find("assistant.threads.setTitle").unwrap().scopes().collect::<Vec<_>>(), ["assistant:write"]);
}

#[test]
fn a_bot_is_never_told_to_ask_for_the_scope_of_a_person() {
    for method in all().iter().filter(|method| method.access == Access::Bot) {
        assert!(method.scopes().all(|scope| scope != "channels:write"), "{}", method.name);
    }
}
