# Words of the messages, in English. Every key stands in every language; a test checks it.

date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }

subject-ahead = { $state } – { $treaty } ({ $code }): { $report } due { $date }
subject-today = { $state } – { $treaty } ({ $code }): { $report } due today, { $date }
subject-overdue = { $state } – { $treaty } ({ $code }): { $report } was due { $date }

greeting = Dear { $name },
lead-ahead = { $days ->
    [one] This report is due on { $date }: one day is left.
   *[other] This report is due on { $date }: { $days } days are left.
}
lead-today = This report is due today, { $date }.
lead-overdue = { $days ->
    [one] This report was due on { $date }, one day ago. No submission is recorded here yet.
   *[other] This report was due on { $date }, { $days } days ago. No submission is recorded here yet.
}

label-state = State
label-treaty = Treaty
label-report = Report
label-due = Due date
label-left = Days left
label-since = Days since
label-basis = Legal basis
label-set-by = Set by

open-deadlines = All deadlines of this state
if-sent = If the report has been submitted, these reminders end as soon as its submission is recorded.
why = You receive this message because you follow this deadline in Servanda.
stop = Stop these messages
automatic = This message was sent automatically; nobody reads answers to it.

ordinal = { $n ->
    [1] first
    [2] second
    [3] third
    [4] fourth
    [5] fifth
    [6] sixth
    [7] seventh
    [8] eighth
    [9] ninth
    [10] tenth
    [21] 21st
    [22] 22nd
    [23] 23rd
    [31] 31st
    [32] 32nd
    [33] 33rd
   *[other] { $n }th
}
report-initial = initial report
report-first = first report
report-next = periodic report
report-periodic = { ordinal } periodic report
report-combined = combined { $from } to { $to } periodic reports
report-initial-combined = combined initial and { $from } to { $to } periodic reports
report-national-preventive-mechanism = notification of the national preventive mechanism

basis-set = date set by { $by }
basis-the-treaty-body = the treaty body
basis-one-year-after-entry-into-force-for-the-state = one year after entry into force for the state
basis-two-years-after-entry-into-force-for-the-state = two years after entry into force for the state
basis-every-two-years-after-the-initial-report-was-due = every two years after the initial report was due
basis-every-four-years-after-the-initial-report-was-due = every four years after the initial report was due
basis-every-five-years-after-the-initial-report-was-due = every five years after the initial report was due
basis-first-report-in-the-year-after-entry-into-force-for-the-member-window-1-june-to-1-september = first report in the year after entry into force for the Member (window 1 June to 1 September)
