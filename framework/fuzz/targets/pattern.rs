//! Any pattern is read or refused, and the sentence that is shown for a plain one is one that it takes.
#![no_main]

use bavard::__fuzz::sample;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|pattern: &str| {
    if let Some((sample, taken)) = sample(pattern) {
        assert!(taken || !pattern.is_ascii(), "{pattern:?} does not take {sample:?}");
    }
});
