//! Readers look at states.

use crate::support::app::TestApp;

#[tokio::test]
async fn the_site_answers() {
    TestApp::start().await.see("/about").await.says(&["Method"]);
}
