//! Figures about a state, a provision and a date. All may be missing: a figure that nobody has speaks for nothing.

use super::super::evidence::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What a figure counts. Yes is 1, no is 0.
    Figure {
        /// Gross domestic product per head, purchasing power parities, constant international dollars.
        IncomePerHead = "income_per_head", "income per head";
        /// Share achieved of what the best performers reach at that income, in per cent (SERF and HRMI).
        IncomeAdjusted = "income_adjusted_performance", "income-adjusted performance";
        /// Revenue of the government without grants, in per cent of the product.
        Revenue = "revenue", "government revenue";
        /// World Bank estimate, from about −2.5 to 2.5.
        Effectiveness = "government_effectiveness", "government effectiveness";
        /// How the share of the budget for this duty changed, in per cent.
        BudgetShareChange = "budget_share_change", "change of the budget share";
        /// How revenue changed in the same time, in per cent.
        RevenueChange = "revenue_change", "change of revenue";
        /// Months for which the report is overdue.
        MonthsOverdue = "months_overdue", "months overdue";
        /// Reservations in force that name the provision.
        Reservations = "reservations", "reservations to the provision";
        /// Recommendations on this duty that were noted.
        Noted = "recommendations_noted", "recommendations noted";
        /// How often the same recommendation came back.
        Repeated = "recommendations_repeated", "times the recommendation came back";
        /// Years since a recommendation was accepted that nothing followed.
        AcceptedUnmet = "years_since_accepted", "years since a recommendation was accepted and nothing followed";
        /// Votes against texts on this duty.
        VotesAgainst = "votes_against", "votes against";
        /// Never reported under the treaty though a report was due.
        NeverReported = "never_reported", "never reported";
        /// The official series that would show the outcome do not exist.
        NoData = "no_data", "no official data";
        /// No ministry or unit has the duty among its tasks.
        NoUnit = "no_unit_in_charge", "no unit in charge";
        /// Asked for technical assistance on this duty.
        AskedAssistance = "asked_assistance", "asked for assistance";
        /// A humanitarian appeal was open.
        HumanitarianAppeal = "humanitarian_appeal", "humanitarian appeal";
        /// Persons killed in organised violence in the year.
        ConflictDeaths = "conflict_deaths", "deaths in conflict";
    }
}

impl Figure {
    /// Whether it says no more than yes or no.
    #[must_use]
    pub fn is_yes_or_no(self) -> bool {
        matches!(
            self,
            Self::NeverReported | Self::NoData | Self::NoUnit | Self::AskedAssistance | Self::HumanitarianAppeal
        )
    }

    /// Whether it is about the state as a whole, and not about one duty: alone it names no cause of one gap.
    #[must_use]
    pub fn is_general(self) -> bool {
        matches!(
            self,
            Self::IncomePerHead
                | Self::Revenue
                | Self::RevenueChange
                | Self::Effectiveness
                | Self::MonthsOverdue
                | Self::NeverReported
                | Self::HumanitarianAppeal
                | Self::ConflictDeaths
        )
    }
}

/// What is known of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<Figure, f64>);

impl Figures {
    /// One of them, where it is known and a number.
    #[must_use]
    pub fn get(&self, figure: Figure) -> Option<f64> {
        self.0.get(&figure).copied().filter(|value| value.is_finite())
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, figure: Figure, value: f64) -> Self {
        self.0.insert(figure, value);
        self
    }
}
