use super::*;
use proptest::prelude::*;

/// States enough for these tests.
const STATES: [&str; 12] = [
    "ALB", "CHN", "GBR", "GTM", "MEX", "MRT", "NOR", "SEN", "KWT", "PHL", "QAT", "NGA",
];

fn states(code: &str) -> Result<StateCode, Unknown> {
    let known = STATES.iter().find(|known| **known == code);
    known.and_then(|known| known.parse().ok()).ok_or_else(|| Unknown {
        kind: "state",
        given: code.to_owned(),
        nearest: code.starts_with("MX").then(|| "MEX".to_owned()),
    })
}

fn symbol(text: &str) -> Symbol {
    let reading = read(text, &states).unwrap_or_else(|error| panic!("{error}"));
    reading.symbol().unwrap_or_else(|| panic!("{text} was not understood"))
}

#[test]
fn a_symbol_that_grows_too_long_as_we_write_it_is_none() {
    let text = "A/0/dd9/Add.12/Add9/Addd9/Add.1.149/Add9/Add.12/Add9/Add.121/";
    assert_eq!(read(text, &states), Ok(Reading::Citation));
}

#[test]
fn real_symbols_are_understood() {
    use Body::*;
    use DocumentKind::*;
    let cases: &[(&str, Body, &str, DocumentKind, &str)] = &[
        ("CMW/C/MEX/CO/3", Cmw, "MEX", ConcludingObservations, "3"),
        ("CMW/C/MEX/3", Cmw, "MEX", Report, "3"),
        ("CRC/C/ALB/5-6", Crc, "ALB", Report, "5-6"),
        ("CRC/C/NOR/CO/5-6", Crc, "NOR", ConcludingObservations, "5-6"),
        ("CMW/C/MEX/QPR/4", Cmw, "MEX", ListOfIssuesPrior, "4"),
        ("CMW/C/SEN/Q/2-3", Cmw, "SEN", ListOfIssues, "2-3"),
        ("CMW/C/SEN/Q/2-3/Add.1", Cmw, "SEN", Replies, "2-3"),
        ("CMW/C/SEN/Q/2-3/Corr.1", Cmw, "SEN", ListOfIssues, "2-3"),
        ("CAT/C/GTM/Q/4/Rev.1/Add.1", Cat, "GTM", Replies, "4"),
        ("CMW/C/PHL/RQ/3", Cmw, "PHL", Replies, "3"),
        ("CCPR/C/MEX/CO/6", Ccpr, "MEX", ConcludingObservations, "6"),
        ("CCPR/C/MEX/CO/6/Add.1", Ccpr, "MEX", FollowUp, "6"),
        ("CMW/C/MEX/FCO/3", Cmw, "MEX", FollowUp, "3"),
        ("CCPR/C/79/Add.109", Ccpr, "", ConcludingObservations, ""),
        ("CRC/C/15/Add.170", Crc, "", ConcludingObservations, ""),
        ("CERD/C/304/Add.30", Cerd, "", ConcludingObservations, ""),
        ("E/C.12/1/Add.41", Cescr, "", ConcludingObservations, ""),
        ("E/C.12/MEX/CO/5-6", Cescr, "MEX", ConcludingObservations, "5-6"),
        ("CERD/C/KWT/CO/15-20", Cerd, "KWT", ConcludingObservations, "15-20"),
        ("CERD/C/MEX/18-21", Cerd, "MEX", Report, "18-21"),
        ("CEDAW/C/MEX/CO/9", Cedaw, "MEX", ConcludingObservations, "9"),
        ("CEDAW/C/MEX/CO/9/Corr.1", Cedaw, "MEX", ConcludingObservations, "9"),
        ("CAT/C/GBR/CO/6", Cat, "GBR", ConcludingObservations, "6"),
        ("CAT/C/CR/33/3", Cat, "", ConcludingObservations, "3"),
        ("CAT/OP/MEX/1", Spt, "MEX", VisitReport, "1"),
        ("CAT/OP/MEX/1/Add.1", Spt, "MEX", Replies, "1"),
        ("CAT/OP/12/5", Spt, "", Other, ""),
        ("CRC/C/OPAC/MEX/CO/1", Crc, "MEX", ConcludingObservations, "1"),
        ("CRC/C/OPSC/MEX/1", Crc, "MEX", Report, "1"),
        ("CRC/C/OPSA/QAT/CO/1", Crc, "QAT", ConcludingObservations, "1"),
        ("CRPD/C/MEX/CO/2-3", Crpd, "MEX", ConcludingObservations, "2-3"),
        ("CED/C/MEX/CO/1", Ced, "MEX", ConcludingObservations, "1"),
        ("CED/C/MEX/OAI/1", Ced, "MEX", Other, ""),
        ("CCPR/C/CHN-HKG/CO/3", Ccpr, "CHN", ConcludingObservations, "3"),
        ("CCPR/C/UNK/CO/1", Ccpr, "", ConcludingObservations, "1"),
        ("CCPR/C/119/D/2489/2014", Ccpr, "", Decision, ""),
        ("CMW/C/GC/5", Cmw, "", GeneralComment, "5"),
        ("CMW/C/GC/3-CRC/C/GC/22", Cmw, "", GeneralComment, ""),
        ("HRI/CORE/MEX/2005", Hri, "MEX", CoreDocument, ""),
        ("HRI/CORE/1/Add.12/Rev.1", Hri, "", CoreDocument, ""),
        (
            "A/HRC/WG.6/31/MEX/1",
            HumanRightsCouncil,
            "MEX",
            UprNationalReport,
            "31",
        ),
        ("A/HRC/WG.6/31/MEX/2", HumanRightsCouncil, "MEX", UprCompilation, "31"),
        ("A/HRC/WG.6/31/MEX/3", HumanRightsCouncil, "MEX", UprSummary, "31"),
        ("A/HRC/40/8", HumanRightsCouncil, "", UprReport, ""),
        ("A/HRC/40/8/Add.1", HumanRightsCouncil, "", UprReplies, ""),
        ("A/HRC/11/27", HumanRightsCouncil, "", UprReport, ""),
        ("A/HRC/11/7/Add.2", HumanRightsCouncil, "", SpecialProcedure, ""),
        ("A/HRC/17/33/Add.3", HumanRightsCouncil, "", SpecialProcedure, ""),
        ("A/HRC/20/24", HumanRightsCouncil, "", Other, ""),
        ("A/HRC/RES/35/17", HumanRightsCouncil, "", Resolution, ""),
        ("E/CN.4/2003/85/Add.2", HumanRightsCommission, "", SpecialProcedure, ""),
        ("A/RES/68/268", GeneralAssembly, "", Resolution, ""),
        ("A/69/302", GeneralAssembly, "", Other, ""),
    ];
    for (text, body, state, document, cycle) in cases {
        let read = symbol(text);
        let of = read.state.as_ref().map_or("", StateCode::as_str);
        assert_eq!(
            (read.body, of, read.document, read.cycle.as_str()),
            (*body, *state, *document, *cycle),
            "{text}"
        );
        assert_eq!(read.text, *text);
        assert_eq!(read.link(), format!("https://docs.un.org/en/{text}"));
    }
}

#[test]
fn a_symbol_is_understood_as_people_type_it() {
    for text in [
        "cmw/c/mex/co/3",
        "  CMW / C / MEX / CO / 3 ",
        "CMW/C/MEX/CO/3, para. 34",
        "CMW/C/MEX/CO/3 (2017)",
        "UN Doc. CMW/C/MEX/CO/3.",
    ] {
        assert_eq!(symbol(text).text, "CMW/C/MEX/CO/3", "{text}");
    }
    assert_eq!(symbol("ccpr/c/79/add109").text, "CCPR/C/79/Add.109");
}

#[test]
fn what_is_no_symbol_is_left_alone() {
    for text in [
        "",
        "Recommendation 12/2025",
        "Ley de Migración, art. 99",
        "CMW",
        "CMW/C",
        "ILO CEACR 2019 (C097)",
        "and/or/neither",
        "A/B/C",
        "AB/C/12/3",
        "https://example.org/CMW/C/MEX/CO/3",
        "Вестник/C/MEX/CO/3",
    ] {
        assert_eq!(read(text, &states), Ok(Reading::Citation), "{text}");
    }
}

#[test]
fn an_impossible_part_is_named_with_what_was_meant() {
    let cases = [
        (
            "CMW/C/MXX/CO/3",
            "“MXX” in CMW/C/MXX/CO/3 is no state's code; did you mean MEX?",
        ),
        ("CMW/C/MEXI/CO/3", "“MEXI” in"),
        (
            "CMW/C/MEX/C0/3",
            "“C0” in CMW/C/MEX/C0/3 is no kind of document; did you mean CO?",
        ),
        ("CMW/C/MEX/CO", "needs a cycle behind it, such as CO/3"),
        ("CMW/C/MEX/CO/0", "“0” in CMW/C/MEX/CO/0 is no reporting cycle"),
        ("CMW/C/MEX/CO/6-5", "is no reporting cycle"),
        ("CMW/C/MEX/CO/3/4", "“4” in CMW/C/MEX/CO/3/4 follows the cycle"),
        ("CMW/C//CO/3", "leaves a part out"),
        ("CMW/C/MEX", "needs a document behind it"),
        (
            "CMV/C/MEX/CO/3",
            "“CMV” in CMV/C/MEX/CO/3 is no treaty body; did you mean CMW?",
        ),
        ("A/HRC/WG.6/31/MEX/7", "is none of the three documents of a review"),
        ("A/HRC/WG.6/31/MXX/1", "did you mean MEX?"),
        ("HRI/CORE/MXX/2005", "did you mean MEX?"),
    ];
    for (text, expected) in cases {
        let error = read(text, &states).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        let _ = read(&text, &states);
    }

    #[test]
    fn what_is_built_like_a_symbol_stays_what_it_is(
        body in "CMW/C|cat/op|E/C.12|CCPR/C|CRC/C/OPAC|A/HRC|A/HRC/WG.6/31|HRI/CORE|E/CN.4|A",
        parts in prop::collection::vec("MEX|mex|CO|Q|QPR|GC|RES|[0-9]{1,3}|[0-9]-[0-9]|[A-Z0-9.]{0,5}", 0..4),
        change in "|/Add\\.1|/add2|/Rev\\.1/Add\\.3|/Corr\\.1",
    ) {
        let text = format!("{body}/{}{change}", parts.join("/"));
        if let Ok(Reading::Symbol(symbol)) = read(&text, &states) {
            let again = read(&symbol.text, &states).ok().and_then(Reading::symbol);
            prop_assert_eq!(again, Some(symbol));
        }
    }
}
