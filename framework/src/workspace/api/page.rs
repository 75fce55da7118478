//! Pages with a cursor.

use serde_json::{Value, json};

use super::{Args, Refusal};

/// What every cursor starts with. The `+` and the `=` at the end are there on purpose: a caller that does not
/// percent-encode its cursor gets `invalid_cursor`.
const PREFIX: &str = "bmV4dA+";

/// One page of a list.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// The cursor of the page after it; empty at the end.
    pub(super) next: String,
}

impl<T> Page<T> {
    pub(super) fn metadata(&self) -> Value {
        json!({ "next_cursor": self.next })
    }
}

/// The page of `items` that `args` asks for by `limit` and `cursor`. `key` names an item for good: a cursor stays true
/// while items are added. Refused: a limit that is no number from 1 to 1,000, and a cursor that was never given.
pub(super) fn page<T>(
    items: Vec<T>,
    key: impl Fn(&T) -> String,
    default: u64,
    args: &Args,
) -> Result<Page<T>, Refusal> {
    let limit = match args.number("limit") {
        None => default,
        Some(Ok(limit @ 1..=1000)) => limit,
        Some(_) => return Err("invalid_limit".into()),
    };
    let limit = args.most.map_or(limit, |most| limit.min(most));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let start = match args.text("cursor") {
        None => 0,
        Some(cursor) => {
            let after = cursor.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix('=')).ok_or("invalid_cursor")?;
            let found = items.iter().position(|item| key(item) == after).map(|at| at + 1);
            found.or(after.is_empty().then_some(0)).ok_or("invalid_cursor")?
        }
    };
    let end = if args.empty_page { start } else { items.len().min(start.saturating_add(limit)) };
    let seen = end.checked_sub(1).map(|last| key(&items[last])).unwrap_or_default();
    let next = if end < items.len() { format!("{PREFIX}{seen}=") } else { String::new() };
    Ok(Page { items: items.into_iter().skip(start).take(end - start).collect(), next })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(form: &str) -> Result<Page<u32>, Refusal> {
        page((1..=5).collect(), u32::to_string, 100, &Args::from_form(form.as_bytes()))
    }

    #[test]
    fn cursors_lead_through_the_whole_list() {
        let first = ask("limit=2").unwrap();
        assert_eq!((first.items, first.next.as_str()), (vec![1, 2], "bmV4dA+2="));
        let last = ask("limit=3&cursor=bmV4dA%2B2%3D").unwrap();
        assert_eq!((last.items, last.next.as_str()), (vec![3, 4, 5], ""));
    }

    #[test]
    fn a_page_may_be_empty_and_not_the_last() {
        let mut args = Args::from_form(b"");
        args.empty_page = true;
        let empty = page(vec![1, 2], i32::to_string, 100, &args).unwrap();
        assert!(empty.items.is_empty() && !empty.next.is_empty());
        let args = Args::from_form(format!("cursor={}", empty.next.replace('+', "%2B")).as_bytes());
        assert_eq!(page(vec![1, 2], i32::to_string, 100, &args).unwrap().items, [1, 2]);
    }

    #[test]
    fn refuses_limits_and_cursors_it_never_gave() {
        for (form, error) in [
            ("limit=0", "invalid_limit"),
            ("limit=many", "invalid_limit"),
            ("limit=1001", "invalid_limit"),
            ("cursor=2", "invalid_cursor"),
            ("cursor=bmV4dA+2=", "invalid_cursor"),
            ("cursor=bmV4dA%2B9=", "invalid_cursor"),
        ] {
            assert_eq!(ask(form).err().unwrap().error, error, "{form}");
        }
    }
}
