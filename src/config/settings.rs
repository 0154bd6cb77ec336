//! Every setting by its key, with its default and its meaning.

/// One setting: its key in `servanda.toml`, its default and what it means. The README's table is checked against this.
#[derive(Debug)]
pub struct Setting {
    /// Such as `mail.smtp.host`; the environment variable is `SERVANDA_MAIL_SMTP_HOST`.
    pub key: &'static str,
    /// The built-in value.
    pub default: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "database_url",
        default: "sqlite:servanda.db",
        meaning: "`sqlite:FILE` or `postgres://user:password@host/name`",
    },
    Setting {
        key: "listen",
        default: "127.0.0.1:8080",
        meaning: "address and port of the server",
    },
    Setting {
        key: "base_url",
        default: "http://127.0.0.1:8080",
        meaning: "the address that readers use; links in mails start with it. `https://…` makes cookies secure",
    },
    Setting {
        key: "log",
        default: "info",
        meaning: "`error`, `warn`, `info`, `debug`, or a tracing filter",
    },
    Setting {
        key: "log_format",
        default: "text",
        meaning: "`text` or `json`",
    },
    Setting {
        key: "session_hours",
        default: "12",
        meaning: "a signed-in session ends after so many hours",
    },
    Setting {
        key: "mail.transport",
        default: "directory",
        meaning: "`directory` writes `.eml` files, `smtp` sends",
    },
    Setting {
        key: "mail.directory",
        default: "outbox",
        meaning: "where the `.eml` files go",
    },
    Setting {
        key: "mail.from",
        default: "Servanda <servanda@localhost>",
        meaning: "sender of every message",
    },
    Setting {
        key: "mail.smtp.host",
        default: "localhost",
        meaning: "SMTP server",
    },
    Setting {
        key: "mail.smtp.port",
        default: "587",
        meaning: "its port",
    },
    Setting {
        key: "mail.smtp.tls",
        default: "starttls",
        meaning: "`starttls`, `implicit`, or `none` (only for a server on this machine)",
    },
    Setting {
        key: "mail.smtp.user",
        default: "",
        meaning: "user, where the server asks for one",
    },
    Setting {
        key: "mail.smtp.password",
        default: "",
        meaning: "its password",
    },
    Setting {
        key: "mail.smtp.ca_file",
        default: "",
        meaning: "PEM file of a certificate authority of your own",
    },
    Setting {
        key: "mail.smtp.timeout_seconds",
        default: "30",
        meaning: "one message may take so long",
    },
    Setting {
        key: "imports.megabytes",
        default: "50",
        meaning: "largest file that bulk import takes",
    },
    Setting {
        key: "reminders.offsets",
        default: "-180,-90,-30,-7,-1,1,7,30",
        meaning: "days before (-) and after a due date on which a reminder goes out",
    },
    Setting {
        key: "reminders.every_seconds",
        default: "300",
        meaning: "the worker plans and sends so often",
    },
    Setting {
        key: "reminders.lease_seconds",
        default: "300",
        meaning: "a worker that died gives its rows back after so long",
    },
    Setting {
        key: "reminders.attempts",
        default: "8",
        meaning: "tries before a message is given up and shown to the administrator",
    },
    Setting {
        key: "desk.stale_years",
        default: "5",
        meaning: "an obligation is on the desk as stale when its newest evidence is so many years old",
    },
    Setting {
        key: "links.check",
        default: "true",
        meaning: "`true` or `false`: ask the links of evidence in the background whether they still work",
    },
    Setting {
        key: "links.every_seconds",
        default: "900",
        meaning: "the worker looks so often which links are due; a link that works is asked every 30 days",
    },
    Setting {
        key: "links.archive_url",
        default: "https://archive.org/wayback/available",
        meaning: "asked for a copy of a page that is gone or does not answer; empty asks nobody",
    },
    Setting {
        key: "links.allow_private",
        default: "false",
        meaning: "`true` lets links lead into the office's own network; anybody who may add evidence can then reach it",
    },
    Setting {
        key: "world_bank.url",
        default: "https://api.worldbank.org/v2",
        meaning: "where figures of the World Bank are asked for, with `--refresh` or by the next setting",
    },
    Setting {
        key: "world_bank.indicators",
        default: "",
        meaning: "indicators that the worker keeps up to date, such as `NY.GDP.PCAP.PP.KD,GC.TAX.TOTL.GD.ZS`; empty asks nobody",
    },
    Setting {
        key: "world_bank.every_hours",
        default: "168",
        meaning: "the worker asks for each of them so often",
    },
    Setting {
        key: "files.folder",
        default: "servanda-files",
        meaning: "where uploaded files are kept, unless a bucket is named",
    },
    Setting {
        key: "files.largest_mb",
        default: "50",
        meaning: "largest file that may be uploaded, in MB",
    },
    Setting {
        key: "files.s3.bucket",
        default: "",
        meaning: "keep uploaded files in this bucket of an S3-compatible server",
    },
    Setting {
        key: "files.s3.endpoint",
        default: "",
        meaning: "address of that server; empty for Amazon's own",
    },
    Setting {
        key: "files.s3.region",
        default: "us-east-1",
        meaning: "its region",
    },
    Setting {
        key: "files.s3.key_id",
        default: "",
        meaning: "access key",
    },
    Setting {
        key: "files.s3.secret",
        default: "",
        meaning: "secret of that key",
    },
    Setting {
        key: "files.s3.allow_http",
        default: "false",
        meaning: "`true` lets files travel unencrypted: only for a server on this machine",
    },
];
