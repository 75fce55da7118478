//! Tells tests from what they test, by path.

/// Whether the file at `path` holds tests.
pub(crate) fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let file = parts.next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    let named = stem.starts_with("test_")
        || stem.ends_with("_test")
        || matches!(stem, "test" | "tests" | "conftest")
        || file.contains(".test.")
        || file.contains(".spec.");
    named || parts.any(|folder| matches!(folder, "test" | "tests" | "__tests__" | "spec" | "testdata" | "fixtures"))
}

#[cfg(test)]
mod tests {
    use super::is_test_path;

    #[test]
    fn conventions_of_four_languages() {
        for path in ["tests/a.rs", "pkg/test_x.py", "a/x_test.go", "src/x.test.ts", "src/tests.rs", "a/__tests__/b.js"]
        {
            assert!(is_test_path(path), "{path}");
        }
        for path in ["src/testing.rs", "src/attest.py", "src/contest/a.js", "src/latest.rs"] {
            assert!(!is_test_path(path), "{path}");
        }
    }
}
