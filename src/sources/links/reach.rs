//! Which addresses may be asked. A link is somebody's text: it must not make this program knock at doors inside the
//! network it runs in.

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// How far a link may reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses, at the ports of the web.
    #[default]
    Public,
    /// This machine too, at any port: for tests.
    Loopback,
    /// The office's own network and this machine too, at any port: only where an administrator says so.
    Private,
}

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Forbidden(pub(super) String);

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Forbidden {}

impl Reach {
    /// Whether that address may be connected to.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => self.allows_v4(v4),
            IpAddr::V6(v6) => self.allows_v6(v6),
        }
    }

    fn allows_v4(self, address: Ipv4Addr) -> bool {
        let [a, b, c, _] = address.octets();
        match (a, b, c) {
            (127, ..) => self != Self::Public,
            (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => self == Self::Private,
            (0 | 224..=255, ..) // this network, multicast, reserved, broadcast
            | (169, 254, _) // link-local
            | (192, 0, 0 | 2) // protocol assignments, documentation
            | (192, 88, 99) // relays of 6to4
            | (198, 18..=19, _) // benchmarks
            | (198, 51, 100)
            | (203, 0, 113) => false,
            _ => true,
        }
    }

    fn allows_v6(self, address: Ipv6Addr) -> bool {
        let parts = address.segments();
        match parts {
            [0, 0, 0, 0, 0, 0, 0, 1] => self != Self::Public,
            [0xfc00..=0xfdff, ..] => self == Self::Private,
            // A network without IPv4 reaches it through these: what counts is the address inside.
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                Self::Public.allows_v4(Ipv4Addr::new(a, b, c, d))
            }
            [0x2001, 0..=0x1ff, ..] // Teredo and other protocols
            | [0x2001, 0xdb8, ..] // documentation
            | [0x2002, ..] // 6to4, with any IPv4 address inside
            | [0x3fff, 0..=0xfff, ..] => false, // documentation
            [0x2000..=0x3fff, ..] => true,
            _ => false, // unspecified, IPv4-mapped, link-local, multicast and whatever is not handed out
        }
    }

    /// Whether an address of the web may be asked, as far as it can be said before its name is looked up.
    pub(super) fn check(self, url: &Url) -> Result<(), Forbidden> {
        let refuse = |why: String| Err(Forbidden(why));
        if !["http", "https"].contains(&url.scheme()) {
            return refuse(format!("“{}:” is not an address of the web", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("the address holds a user or a password".to_owned());
        }
        let Some(host) = url.host_str() else {
            return refuse("the address names no server".to_owned());
        };
        if self == Self::Public && !matches!(url.port_or_known_default(), Some(80 | 443)) {
            return refuse(format!("port {} is not one of the web", url.port().unwrap_or_default()));
        }
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        literal.map_or(Ok(()), |address| self.vet(host, address))
    }

    fn vet(self, host: &str, address: IpAddr) -> Result<(), Forbidden> {
        if self.allows(address) {
            return Ok(());
        }
        let named = if host.trim_matches(['[', ']']) == address.to_string() {
            format!("{address} is")
        } else {
            format!("{host} is at {address},")
        };
        Err(Forbidden(format!("{named} no public address")))
    }
}

/// Looks names up and lets only addresses through that may be asked: what was vetted is what is connected to, so that a
/// name cannot change its mind in between. One forbidden address forbids the name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vetted(pub(super) Reach);

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            for address in &found {
                reach.vet(host, address.ip())?;
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_sorted_into_public_ones_and_others() {
        let table = [
            ("8.8.8.8", true, true),
            ("151.101.1.69", true, true),
            ("2606:4700::6810:84e5", true, true),
            ("2001:4860:4860::8888", true, true),
            ("64:ff9b::808:808", true, true),
            ("127.0.0.1", false, true),
            ("127.255.255.254", false, true),
            ("::1", false, true),
            ("10.0.0.1", false, true),
            ("172.16.0.1", false, true),
            ("172.31.255.255", false, true),
            ("172.32.0.1", true, true),
            ("192.168.1.1", false, true),
            ("100.64.0.1", false, true),
            ("100.128.0.1", true, true),
            ("fd12:3456::1", false, true),
            ("fc00::1", false, true),
            ("0.0.0.0", false, false),
            ("169.254.169.254", false, false),
            ("192.0.0.8", false, false),
            ("192.0.2.1", false, false),
            ("192.88.99.1", false, false),
            ("198.18.0.1", false, false),
            ("198.51.100.7", false, false),
            ("203.0.113.9", false, false),
            ("224.0.0.1", false, false),
            ("239.255.255.250", false, false),
            ("240.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("::", false, false),
            ("::ffff:8.8.8.8", false, false),
            ("::ffff:127.0.0.1", false, false),
            ("::ffff:10.0.0.1", false, false),
            ("::127.0.0.1", false, false),
            ("64:ff9b::a00:1", false, false),
            ("64:ff9b::7f00:1", false, false),
            ("64:ff9b:1::1", false, false),
            ("100::1", false, false),
            ("2001::1", false, false),
            ("2001:20::1", false, false),
            ("2001:db8::1", false, false),
            ("2002:7f00:1::1", false, false),
            ("3fff::1", false, false),
            ("5f00::1", false, false),
            ("fe80::1", false, false),
            ("fec0::1", false, false),
            ("ff02::1", false, false),
        ];
        for (text, public, private) in table {
            let address: IpAddr = text.parse().expect(text);
            assert_eq!(Reach::Public.allows(address), public, "{text}");
            assert_eq!(Reach::Private.allows(address), private, "{text}");
            let loopback = public || address.is_loopback();
            assert_eq!(Reach::Loopback.allows(address), loopback, "{text}");
        }
    }

    #[test]
    fn a_link_that_is_no_plain_web_address_is_refused_however_it_is_written() {
        let refused = [
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "https://ana:secret@example.org/",
            "https://ana@example.org/",
            "http://example.org:22/",
            "http://example.org:8080/",
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://017700000001/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://①②⑦.0.0.1/",
        ];
        for text in refused {
            let url = Url::parse(text).expect(text);
            assert!(Reach::Public.check(&url).is_err(), "{text}");
        }
        for text in [
            "https://example.org/",
            "http://example.org:80/a?b#c",
            "https://8.8.8.8:443/",
        ] {
            assert_eq!(Reach::Public.check(&Url::parse(text).expect(text)), Ok(()), "{text}");
        }
        let inside = Url::parse("http://10.0.0.7:8080/").expect("an address");
        assert_eq!(Reach::Private.check(&inside), Ok(()));
        let said = Reach::Public.check(&Url::parse("http://10.0.0.7/").expect("an address"));
        assert_eq!(said.expect_err("private").0, "10.0.0.7 is no public address");
    }

    proptest! {
        #[test]
        fn what_is_public_is_allowed_everywhere(bits: u128, v4: u32) {
            for address in [IpAddr::V6(Ipv6Addr::from(bits)), IpAddr::V4(Ipv4Addr::from(v4))] {
                if Reach::Public.allows(address) {
                    prop_assert!(Reach::Loopback.allows(address) && Reach::Private.allows(address));
                    prop_assert!(!address.is_loopback() && !address.is_multicast() && !address.is_unspecified());
                }
            }
        }

        #[test]
        fn an_address_in_private_space_is_never_public(low: u32) {
            for base in [0x0a00_0000_u32, 0x7f00_0000] {
                prop_assert!(!Reach::Public.allows(Ipv4Addr::from(base | (low & 0x00ff_ffff)).into()));
            }
            prop_assert!(!Reach::Public.allows(Ipv4Addr::from(0xc0a8_0000 | (low & 0xffff)).into()));
            let mapped = Ipv4Addr::from(low).to_ipv6_mapped();
            prop_assert!(!Reach::Public.allows(mapped.into()));
        }
    }
}
