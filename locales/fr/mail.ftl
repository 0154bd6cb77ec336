# Les mots des messages, en français.

date = { $day ->
    [1] 1er
   *[other] { $day }
} { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
} { $year }

subject-ahead = { $state } – { $treaty } ({ $code }) : { $report } à remettre le { $date }
subject-today = { $state } – { $treaty } ({ $code }) : { $report } à remettre aujourd’hui, { $date }
subject-overdue = { $state } – { $treaty } ({ $code }) : { $report } attendu depuis le { $date }

greeting = Bonjour { $name },
lead-ahead = { $days ->
    [one] Ce rapport est à remettre le { $date } : il reste { $days } jour.
   *[other] Ce rapport est à remettre le { $date } : il reste { $days } jours.
}
lead-today = Ce rapport est à remettre aujourd’hui, { $date }.
lead-overdue = { $days ->
    [one] Ce rapport était à remettre le { $date }, il y a { $days } jour. Aucune remise n’est encore enregistrée ici.
   *[other] Ce rapport était à remettre le { $date }, il y a { $days } jours. Aucune remise n’est encore enregistrée ici.
}

label-state = État
label-treaty = Traité
label-report = Rapport
label-due = Échéance
label-left = Jours restants
label-since = Jours écoulés
label-basis = Fondement juridique
label-set-by = Fixée par

open-deadlines = Toutes les échéances de cet État
if-sent = Si le rapport a été remis, ces rappels cesseront dès que sa remise sera enregistrée.
why = Vous recevez ce message parce que vous suivez cette échéance dans Servanda.
stop = Ne plus recevoir ces messages
automatic = Ce message a été envoyé automatiquement ; personne ne lit les réponses.

ordinal = { $n ->
    [1] premier
    [2] deuxième
    [3] troisième
    [4] quatrième
    [5] cinquième
    [6] sixième
    [7] septième
    [8] huitième
    [9] neuvième
    [10] dixième
   *[other] { $n }e
}
report-initial = rapport initial
report-first = premier rapport
report-next = rapport périodique
report-periodic = { ordinal } rapport périodique
report-combined = rapport unique valant { $from } à { $to } rapports périodiques
report-initial-combined = rapport unique valant rapport initial et { $from } à { $to } rapports périodiques
report-national-preventive-mechanism = notification du mécanisme national de prévention

basis-set = date fixée par { $by }
basis-the-treaty-body = l’organe conventionnel
basis-one-year-after-entry-into-force-for-the-state = un an après l’entrée en vigueur pour l’État
basis-two-years-after-entry-into-force-for-the-state = deux ans après l’entrée en vigueur pour l’État
basis-every-two-years-after-the-initial-report-was-due = tous les deux ans à compter de l’échéance du rapport initial
basis-every-four-years-after-the-initial-report-was-due = tous les quatre ans à compter de l’échéance du rapport initial
basis-every-five-years-after-the-initial-report-was-due = tous les cinq ans à compter de l’échéance du rapport initial
basis-first-report-in-the-year-after-entry-into-force-for-the-member-window-1-june-to-1-september = premier rapport dans l’année qui suit l’entrée en vigueur pour le Membre (du 1er juin au 1er septembre)
