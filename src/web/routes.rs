//! Which handler answers which address. The addresses themselves stand in [`super::links`].

use super::app_state::AppState;
use super::extract::AROUND;
use super::links::patterns as at;
use super::problem::Problem;
use super::{api, assets, layers, pages};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower::ServiceBuilder;

/// The largest status page, with the form around it.
const LARGEST_PAGE: usize = crate::sources::untc::LARGEST + 1024 * 1024;
/// The largest form that is carried through signing in: packed, it is up to three times as long as it was.
const LARGEST_CARRIED: usize = 4 * layers::LARGEST_BODY;

/// The whole site.
pub fn router(app: &AppState) -> Router {
    let largest = app.config.largest_import.saturating_add(AROUND);
    let routes = Router::new()
        .route(at::search, get(pages::search::search))
        .route(at::states, get(pages::states::list))
        .route(at::state, get(pages::state::state))
        .route(at::obligations, get(pages::obligations::list))
        .route(at::obligation, get(pages::obligation::obligation))
        .route(at::grade, post(pages::findings::grade))
        .route(at::cause, post(pages::findings::cause))
        .route(at::weigh, post(pages::causes::weighing::weigh))
        .route(at::codings, post(pages::codings::open))
        .route(at::coding, get(pages::codings::round).post(pages::codings::hand_in))
        .route(at::coding_decision, post(pages::codings::decide))
        .route(at::coding_end, post(pages::codings::end))
        .route(at::agreement, get(pages::agreement::agreement))
        .route(at::causes, get(pages::causes::over_time::years))
        .route(at::state_causes, get(pages::causes::state))
        .route(at::studies, get(pages::studies::list).post(pages::studies::open))
        .route(at::new_study, get(pages::studies::form).post(pages::studies::read_file))
        .route(at::study, get(pages::studies::one))
        .route(at::study_results, get(pages::studies::results))
        .route(at::study_codes, get(pages::studies::codes))
        .route(at::study_case, get(pages::studies::one_case).post(pages::studies::code))
        .route(at::settle_case, post(pages::studies::settle))
        .route(at::finish_study, post(pages::studies::finish))
        .route(at::end_study, post(pages::studies::end))
        .route(at::gaps, get(pages::gaps::list))
        .route(at::themes, get(pages::themes::list))
        .route(at::theme, get(pages::themes::theme))
        .route(at::about, get(pages::about::about))
        .route(at::sign_in, get(pages::sessions::form).post(pages::sessions::sign_in))
        .route(
            at::resume,
            post(pages::resume::resume).layer(DefaultBodyLimit::max(LARGEST_CARRIED)),
        )
        .route(at::sign_out, post(pages::sessions::sign_out))
        .route(at::state_evidence, get(pages::evidence::list))
        .route(at::evidence, get(pages::evidence_item::item))
        .route(
            at::edit_evidence,
            get(pages::evidence_edit::form).post(pages::evidence_edit::save),
        )
        .route(at::review_evidence, post(pages::evidence_review::send))
        .route(at::comments, post(pages::comments::add))
        .route(at::comment, post(pages::comments::step))
        .route(
            at::new_evidence,
            get(pages::evidence_form::form).post(pages::evidence_form::add_one),
        )
        .route(
            at::new_action,
            get(pages::participation::form).post(pages::participation::record_one),
        )
        .route(
            at::new_report,
            get(pages::reports::form).post(pages::reports::record_one),
        )
        .route(at::recommendations, get(pages::recommendations::list))
        .route(at::recommendation, get(pages::recommendations::item))
        .route(
            at::imports,
            get(pages::imports::list)
                .post(pages::imports::send)
                .layer(DefaultBodyLimit::max(largest)),
        )
        .route(
            at::status_pages,
            get(pages::status_pages::form)
                .post(pages::status_pages::compare)
                .layer(DefaultBodyLimit::max(LARGEST_PAGE)),
        )
        .route(at::proposals, get(pages::proposals::list))
        .route(at::proposal, get(pages::proposals::one))
        .route(at::accept_proposal, post(pages::proposals::accept))
        .route(at::refuse_proposal, post(pages::proposals::refuse))
        .route(at::import_template, get(pages::bulk_files::template))
        .route(at::import, get(pages::imports::one))
        .route(at::decide_import, post(pages::imports::decide))
        .route(at::wrong_rows, get(pages::bulk_files::wrong))
        .route(at::bulk_export, get(pages::bulk_files::export))
        .route(at::summary, get(pages::summaries::summary))
        .route(at::home, get(pages::home::home))
        .route(at::instruments, get(pages::instruments::all))
        .route(at::instrument, get(pages::instruments::one))
        .route(at::deadlines, get(pages::deadlines::world))
        .route(at::state_deadlines, get(pages::deadlines::state))
        .route(at::calendar, get(pages::deadlines::calendar))
        .route(at::deadlines_feed, get(pages::deadlines::world_feed))
        .route(at::state_deadlines_feed, get(pages::deadlines::state_feed))
        .route(at::reminders, get(pages::reminders::mine))
        .route(at::follow, post(pages::reminders::follow))
        .route(at::unfollow, post(pages::reminders::unfollow))
        .route(at::ledger, get(pages::reminders::ledger::all))
        .route(at::desk, get(pages::desk::overview))
        .route(
            at::desk_queue,
            get(pages::desk::queue::show).post(pages::desk::queue::review),
        )
        .route(at::keep_filter, post(pages::desk::filters::keep))
        .route(at::forget_filter, post(pages::desk::filters::forget))
        .route(at::matrix, get(pages::matrix::matrix))
        .route(at::sent, get(pages::sent::sent))
        .route(at::files, post(pages::files::upload))
        .route(at::file, get(pages::files::download))
        .route(at::history_of_evidence, get(pages::history::evidence))
        .route(at::history_of_link, get(pages::history::link))
        .route(at::history_of_obligation, get(pages::history::obligation))
        .route(at::history_of_state, get(pages::history::state))
        .route(at::history_of_participation, get(pages::history::participation))
        .route(at::history_of_study, get(pages::history::study))
        .route(at::history_of_account, get(pages::history::account))
        .route(at::live, get(pages::health::live))
        .route(at::ready, get(pages::health::ready))
        .route(at::robots, get(pages::health::robots))
        .route("/static/{hash}/{*name}", get(assets::serve))
        .merge(api::router())
        .fallback(async || Problem::not_found("There is nothing at this address."));
    // An address is looked up after its ending (`.csv` …) was taken off.
    let whole = ServiceBuilder::new()
        .layer(from_fn(pages::downloads::unwrap))
        .service(layers::wrap(routes, app));
    Router::new().fallback_service(whole)
}
