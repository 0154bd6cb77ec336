//! One binary for all integration tests: it links once.

mod legal_cases;
