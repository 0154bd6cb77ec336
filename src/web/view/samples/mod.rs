//! Each page four times: full, empty, very long and hostile.

mod bulk;
mod causes;
mod codings;
mod desk;
mod history;
mod pages;
mod parts;
mod proposals;
mod record;
mod search;
mod state_pages;
mod studies;

pub use parts::page;

use super::View;

/// What a sample is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// As on a good day.
    Full,
    /// Nothing there yet.
    Empty,
    /// Every text far too long, in scripts that break differently.
    Long,
    /// Every text an attack.
    Hostile,
}

/// An attack on a page, in the three places where one can be made.
pub const HOSTILE: &str = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;";

/// Far too long: ordinary words, one word without a break, Arabic and Chinese.
pub const LONG: &str = "A title that goes on and on because somebody pasted a whole paragraph into a field that was meant for \
    six words, with Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsbescheinigungsformular in it, \
    ثم جملة بالعربية عن حقوق العمال المهاجرين وأفراد أسرهم, 以及一段没有空格的中文文字用来测试换行是否正确";

impl Flavour {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Full, Self::Empty, Self::Long, Self::Hostile];

    /// A text.
    pub fn t(self, usual: &str) -> String {
        match self {
            Self::Full | Self::Empty => usual.to_owned(),
            Self::Long => format!("{usual}: {LONG}"),
            Self::Hostile => format!("{usual}{HOSTILE}"),
        }
    }

    /// Something that may be missing.
    pub fn some<T>(self, value: T) -> Option<T> {
        (self != Self::Empty).then_some(value)
    }

    /// Rows that may be missing.
    pub fn rows<T>(self, many: usize, row: impl Fn(usize) -> T) -> Vec<T> {
        let many = match self {
            Self::Full => many,
            Self::Empty => 0,
            Self::Long | Self::Hostile => many.min(2),
        };
        (0..many).map(row).collect()
    }
}

/// A page that can show itself.
pub trait Sample: View + Sized {
    /// The page in that flavour.
    fn sample(flavour: Flavour) -> Self;
}
