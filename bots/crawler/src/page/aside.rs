//! What stands on a page and is not its subject: menus, banners, forms.

use scraper::ElementRef;

/// Elements that hold no text of a page.
const MACHINERY: &[&str] = &[
    "audio", "button", "canvas", "dialog", "embed", "head", "iframe", "input", "label", "noscript", "object", "option",
    "script", "select", "style", "svg", "template", "textarea", "video",
];
const ROLES: &[&str] =
    &["alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "navigation", "search"];
/// What classes and identifiers call them.
const NAMES: &[&str] = &[
    "ariane",
    "breadcrumb",
    "breadcrumbs",
    "consent",
    "cookie",
    "cookies",
    "menu",
    "navbar",
    "newsletter",
    "pagination",
    "related",
    "share",
    "sharing",
    "sidebar",
    "social",
    "skip",
];

/// Whether an element is left out, with all that it holds. What holds the title of the page never is.
pub(super) fn is_aside(element: &ElementRef<'_>) -> bool {
    let name = element.value().name();
    if MACHINERY.contains(&name) {
        return true;
    }
    let role = element.attr("role").unwrap_or_default();
    // What tabs and folds hide is there for who opens them.
    let hidden = element.attr("hidden").is_some_and(|how| how != "until-found") && role != "tabpanel";
    let aside = matches!(name, "nav" | "aside" | "footer" | "form" | "header");
    (aside || hidden || ROLES.contains(&role) || is_named(element)) && !holds_title(element)
}

fn holds_title(element: &ElementRef<'_>) -> bool {
    element.descendants().filter_map(ElementRef::wrap).any(|inner| inner.value().name() == "h1")
}

fn is_named(element: &ElementRef<'_>) -> bool {
    // A page may be classed by what is open on it.
    if matches!(element.value().name(), "html" | "body" | "main" | "article") {
        return false;
    }
    let names = [element.attr("class"), element.attr("id")].into_iter().flatten();
    let mut parts = names.flat_map(|names| names.split(|c: char| !c.is_alphanumeric()));
    parts.any(|part| NAMES.iter().any(|name| part.eq_ignore_ascii_case(name)))
}
