# Las palabras de los mensajes, en español.

date = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
} de { $year }

subject-ahead = { $state } – { $treaty } ({ $code }): { $report } que debe presentarse el { $date }
subject-today = { $state } – { $treaty } ({ $code }): { $report } que debe presentarse hoy, { $date }
subject-overdue = { $state } – { $treaty } ({ $code }): { $report } pendiente desde el { $date }

greeting = Estimado/a { $name }:
lead-ahead = { $days ->
    [one] Este informe debe presentarse el { $date }: queda { $days } día.
   *[other] Este informe debe presentarse el { $date }: quedan { $days } días.
}
lead-today = Este informe debe presentarse hoy, { $date }.
lead-overdue = { $days ->
    [one] Este informe debía presentarse el { $date }, hace { $days } día. Aquí aún no consta su presentación.
   *[other] Este informe debía presentarse el { $date }, hace { $days } días. Aquí aún no consta su presentación.
}

label-state = Estado
label-treaty = Tratado
label-report = Informe
label-due = Fecha límite
label-left = Días restantes
label-since = Días transcurridos
label-basis = Fundamento jurídico
label-set-by = Fijada por

open-deadlines = Todos los plazos de este Estado
if-sent = Si el informe ya se presentó, estos recordatorios terminarán en cuanto conste su presentación.
why = Recibe este mensaje porque sigue este plazo en Servanda.
stop = Dejar de recibir estos mensajes
automatic = Este mensaje se envió automáticamente; nadie lee las respuestas.

ordinal = { $n ->
    [1] primer
    [2] segundo
    [3] tercer
    [4] cuarto
    [5] quinto
    [6] sexto
    [7] séptimo
    [8] octavo
    [9] noveno
    [10] décimo
   *[other] { $n }.º
}
report-initial = informe inicial
report-first = primer informe
report-next = informe periódico
report-periodic = { ordinal } informe periódico
report-combined = informes periódicos { $from } a { $to } combinados
report-initial-combined = informe inicial e informes periódicos { $from } a { $to } combinados
report-national-preventive-mechanism = notificación del mecanismo nacional de prevención

basis-set = fecha fijada por { $by }
basis-the-treaty-body = el órgano del tratado
basis-one-year-after-entry-into-force-for-the-state = un año después de la entrada en vigor para el Estado
basis-two-years-after-entry-into-force-for-the-state = dos años después de la entrada en vigor para el Estado
basis-every-two-years-after-the-initial-report-was-due = cada dos años desde la fecha límite del informe inicial
basis-every-four-years-after-the-initial-report-was-due = cada cuatro años desde la fecha límite del informe inicial
basis-every-five-years-after-the-initial-report-was-due = cada cinco años desde la fecha límite del informe inicial
basis-first-report-in-the-year-after-entry-into-force-for-the-member-window-1-june-to-1-september = primera memoria en el año siguiente a la entrada en vigor para el Miembro (del 1 de junio al 1 de septiembre)
