/*
 * Mails that no recogniser knows: which words say that it is over, what joins
 * them to what is open, and what tells two alerts of one subject apart.
 */
#include "intake-fixture.h"

#include "guichet/alert/alert.h"

#include "guichet/base/cleanup.h"

#define MON "help+w7f2kq9zt4m8hx3vb6rd@desk.example"
#define SOURCE      \
 "alert_sources:\n" \
 "- {name: mon, address: " MON ", require: token, contract: acier-vosges}\n"
#define AUTO "Auto-Submitted: auto-generated\n"

static const AlertRules *words;

static Alert *
read_mail(const char *subject, const char *text)
{
	g_autofree char *mail = g_strdup_printf("From: n@mon.example\n"
						"Subject: %s\n"
						"Content-Type: text/plain; "
						"charset=utf-8\n\n%s\n",
	    subject, text);
	g_autoptr(Message) message = message_parse((const guint8 *)mail,
	    strlen(mail), false);
	g_autoptr(AlertMails) mails = NULL;

	mails = alert_mails_new(words, message);
	return alert_unknown(mails);
}

/* ---- words ---- */

/* By language: begun, and over, of one thing each. */
static const char *const pairs[][2] = {
	/* English */
	{ "Service Shop is Offline", "Service Shop is Back Online" },
	{ "Production Server is DOWN!", "Production Server is UP!" },
	{ "Down: router-3", "Up: router-3" },
	{ "Notice #4733: node rtr-2 down.",
	    "Cleared: Notice #4733: node rtr-2 down." },
	{ "Build failed: libx #14", "Build back to normal: libx #15" },
	{ "Backup report from web1 [ERROR]", "Backup report from web1 [OK]" },
	{ "FAILURE: nightly on db1", "SUCCESS: nightly on db1" },
	{ "[Default] AP Disconnected", "[Default] AP Reconnected" },
	{ "[Incident][Investigating] API is slow in EU",
	    "[Incident Update][Resolved] API is slow in EU" },
	{ "CRITICAL - disk usage on web1", "OK - disk usage on web1" },
	{ "High CPU on web1", "CPU normal on web1" },
	{ "web1: mysqld not responding", "web1: mysqld is running again" },
	{ "Ping web1 failed", "Ping web1 recovered" },
	{ "Link eth0 on sw1 lost", "Link eth0 on sw1 restored" },
	{ "Status of till changed from UP to DOWN",
	    "Status of till changed from DOWN to UP" },
	{ "kiosk: OK -> CRITICAL", "kiosk: CRITICAL -> OK" },
	{ "\xf0\x9f\x9a\xa8 shop", "\xe2\x9c\x85 shop" },
	{ "Alarm on pump 3", "Alarm cleared on pump 3" },
	{ "mail queue full on mx1", "mail queue on mx1 is no longer full" },
	{ "Outage of VPN Lyon", "Outage of VPN Lyon resolved" },
	{ "UPS rack4 on battery", "UPS rack4 back on mains" },
	{ "Node k8s-w3 NotReady", "Node k8s-w3 Ready" },
	{ "Replication to dr-site lagging",
	    "Replication to dr-site caught up" },
	{ "Smoke detected in room 9", "Smoke no longer detected in room 9" },
	{ "Service spooler stopped on PRN8",
	    "Service spooler started on PRN8" },
	/* French */
	{ "Le site boutique est hors ligne", "Le site boutique est en ligne" },
	{ "Panne : onduleur salle 2", "Panne terminée : onduleur salle 2" },
	{ "Serveur web1 injoignable", "Serveur web1 de nouveau joignable" },
	{ "Sauvegarde de srv-a en échec", "Sauvegarde de srv-a réussie" },
	{ "Liaison Lyon interrompue", "Liaison Lyon rétablie" },
	{ "Alerte : température salle 1",
	    "Fin d'alerte : température salle 1" },
	{ "Incident VPN", "Incident VPN résolu" },
	{ "La base erp ne répond plus",
	    "La base erp est à nouveau disponible" },
	{ "ERREUR : sauvegarde srv-b", "SUCCÈS : sauvegarde srv-b" },
	{ "New incident: api.acier.test is down",
	    "Resolved incident: api.acier.test is up" },
	{ "HEALTH_ERR cluster ceph1", "HEALTH_OK cluster ceph1" },
	{ "ALERTA: servidor db1 sin respuesta",
	    "RECUPERADO: servidor db1 sin respuesta" },
	{ "Disque saturé sur web1", "Disque sur web1 : retour à la normale" },
	{ "ONDULEUR baie2 : sur batterie", "ONDULEUR baie2 : retour secteur" },
	{ "Perte de communication avec le NAS lyon",
	    "Communication avec le NAS lyon rétablie" },
	{ "Température élevée baie 7", "Température baie 7 : normale" },
	{ "Service Spooler arrêté sur PRINT2",
	    "Service Spooler démarré sur PRINT2" },
	{ "Certificat boutique2 expiré", "Certificat boutique2 renouvelé" },
	/* German */
	{ "USV Keller9 im Batteriebetrieb", "USV Keller9 wieder am Netz" },
	{ "Dienst Spooler auf PRN3 angehalten",
	    "Dienst Spooler auf PRN3 gestartet" },
	{ "Internetverbindung Filiale Ost getrennt",
	    "Internetverbindung Filiale Ost wiederhergestellt" },
	{ "raspi1: Backup nicht erfolgreich !!!.",
	    "raspi1: Backup erfolgreich beendet." },
	{ "Störung: Leitung Berlin", "Störung behoben: Leitung Berlin" },
	{ "Server w5 nicht erreichbar", "Server w5 wieder erreichbar" },
	{ "Dienst mail ausgefallen", "Dienst mail wieder verfügbar" },
	{ "Datensicherung srv1 fehlgeschlagen",
	    "Datensicherung srv1 erfolgreich" },
	{ "FEHLER: USV Keller", "OK: USV Keller" },
	/* Spanish */
	{ "Servidor w8 caído", "Servidor w8 recuperado" },
	{ "Copia de srv1 fallida", "Copia de srv1 completado correctamente" },
	{ "Incidencia VPN: sin conexión", "Incidencia VPN: resuelta" },
	{ "El sitio tienda no responde",
	    "El sitio tienda está de nuevo en línea" },
	{ "SAI cpd2 en batería", "SAI cpd2: alimentación restaurada" },
	{ "Servicio cola de impresión detenido en PRN4",
	    "Servicio cola de impresión iniciado en PRN4" },
	/* Italian */
	{ "UPS sala4 a batteria", "UPS sala4: rete ripristinata" },
	{ "Server w6 non raggiungibile", "Server w6 di nuovo raggiungibile" },
	{ "Backup di srv1 fallito", "Backup di srv1 completato" },
	{ "Guasto: linea Roma", "Guasto risolto: linea Roma" },
	{ "Servizio posta interrotto", "Servizio posta ripristinato" },
	/* Dutch */
	{ "UPS kelder3 op batterij", "UPS kelder3 weer op netstroom" },
	{ "Camera cam12 niet verbonden", "Camera cam12 weer verbonden" },
	{ "Server w7 onbereikbaar", "Server w7 weer bereikbaar" },
	{ "Back-up van srv1 mislukt", "Back-up van srv1 gelukt" },
	{ "Storing: lijn Gent", "Storing opgelost: lijn Gent" },
	{ "Dienst post niet beschikbaar", "Dienst post hersteld" },
};

static void
test_pairs(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autoptr(Alert) begun = read_mail(pairs[i][0], "x");
		g_autoptr(Alert) over = read_mail(pairs[i][1], "x");

		g_test_message("%s / %s", pairs[i][0], pairs[i][1]);
		g_assert_cmpint(begun->type, ==, ALERT_PROBLEM);
		g_assert_cmpint(over->type, ==, ALERT_RECOVERY);
		g_assert_cmpstr(begun->alias, ==, over->alias);
		g_assert_cmpstr(begun->alias, !=, "");
	}
	/* No two of them are about the same. */
	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
		for (gsize j = 0; j < i; j++) {
			g_autoptr(Alert) one = read_mail(pairs[i][0], "x");
			g_autoptr(Alert) other = read_mail(pairs[j][1], "x");

			if (strcmp(one->alias, other->alias) == 0)
				g_test_message("%s / %s", pairs[i][0],
				    pairs[j][1]);
			g_assert_cmpstr(one->alias, !=, other->alias);
		}
}

/* Words of what is well in mails of what is not: a problem, never an end. */
static void
test_no_ends(void)
{
	static const char *const subjects[] = {
		"Load is up to 95% on web1",
		"Traffic going up on web1",
		"Sign-up page slow",
		"Sign up fails",
		"Backup not OK on web1",
		"web1 not yet resolved",
		"DNS on web1 cannot be resolved",
		"Recovery of web1 failed",
		"Database restore failed on web1",
		"Failed to clear the alarm on web1",
		"Online shop latency 9s",
		"Normal users denied on web1",
		"Backup completed with errors on web1",
		"Connection closed by web1",
		"ERROR: recovered 3 of 4 disks of web1",
		"Le serveur n'est pas rétabli",
		"Le site n'est plus accessible",
		"Sauvegarde non réussie",
		"Störung nicht behoben",
		"Incidencia no resuelta",
		"Problema non risolto",
		"Storing niet opgelost",
		"UP -> DOWN: web1",
		"web1 changed from OK to CRITICAL",
		"[RESOLVED][DOWN] web1",
		"Update available for web1",
		"Alarm is active on pump 3",
		"System Recovery Notification",
		"Connection reset on web1",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autoptr(Alert) alert = read_mail(subjects[i], "x");

		g_test_message("%s", subjects[i]);
		g_assert_true(
		    alert->type != ALERT_RECOVERY || alert->only_known);
	}
}

/* What the text says, where the subject is always the same. */
static void
test_texts(void)
{
	static const struct {
		const char *text;
		AlertType type;
		bool only_known;
	} rows[] = {
		{ "Status: Down", ALERT_PROBLEM, false },
		{ "Status: Up", ALERT_RECOVERY, false },
		{ "État : rétabli", ALERT_RECOVERY, false },
		{ "Zustand: nicht erreichbar", ALERT_PROBLEM, false },
		{ "New state: OK\nOld state: CRITICAL", ALERT_RECOVERY, false },
		{ "The incident on web1 has been resolved. Sites are up.",
		    ALERT_RECOVERY, true },
		{ "Die Störung wurde behoben.", ALERT_RECOVERY, true },
		{ "Le service est de nouveau en ligne.", ALERT_RECOVERY, true },
		{ "El problema se ha resuelto.", ALERT_RECOVERY, true },
		{ "The incident has been resolved.\nweb2 is down.",
		    ALERT_PROBLEM, false },
		{ "The incident has not been resolved.", ALERT_PROBLEM, false },
		{ "Network: OK\nDisk: FAILED", ALERT_PROBLEM, false },
		{ "Network: OK", ALERT_PROBLEM, false },
		{ "Info 6C8F: a backup was started.", ALERT_CUSTOM, false },
		{ "Info 6C8F: Backup completed without errors.", ALERT_CUSTOM,
		    false },
		{ "Info 6C8F: the disk failed.", ALERT_PROBLEM, false },
		{ "", ALERT_PROBLEM, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Alert) alert = read_mail("Monitoring message",
		    rows[i].text);

		g_test_message("%s", rows[i].text);
		g_assert_cmpint(alert->type, ==, rows[i].type);
		g_assert_cmpint(alert->only_known, ==, rows[i].only_known);
	}
}

/* What names a device is a host, if it looks like one. */
static void
test_devices(void)
{
	static const struct {
		const char *text, *host, *service;
	} rows[] = {
		{ "Device: srv1.client\nPlan: Nightly", "srv1.client", "" },
		{ "Device: srv1.client\nVolume: data 2", "srv1.client",
		    "data 2" },
		{ "Host: esx1\nDevice: nas2.client", "esx1", "nas2.client" },
		{ "Monitor: www.client\nCause: Status 503", "www.client", "" },
		{ "Monitor: Ping\nDevice: sw1.client", "sw1.client", "Ping" },
		{ "System Host Name: esx1.client", "esx1.client", "" },
		{ "Nom du NAS : NAS2", "NAS2", "" },
		{ "Device: /dev/sda.1", "", "/dev/sda.1" },
		{ "Device: UPS 2.1 salle", "", "UPS 2.1 salle" },
		{ "Device: 192.0.2.7", "", "192.0.2.7" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Alert) alert = read_mail("Backup failed",
		    rows[i].text);

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(alert->host, ==, rows[i].host);
		g_assert_cmpstr(alert->service, ==, rows[i].service);
	}
}

/* ---- the desk ---- */

static void
deliver(Desk *desk, const char *to, const char *subject, const char *text,
    Instant at)
{
	static int number;
	g_autofree char *mail = g_strdup_printf("Return-Path: <n@mon.example>\n"
						"From: <n@mon.example>\n"
						"To: <%s>\nSubject: %s\n" AUTO
						"Content-Type: text/plain; "
						"charset=utf-8\n"
						"Message-ID: "
						"<w%d@mon.example>\n\n%s\n",
	    to, subject, number++, text);

	desk_deliver(desk, mail, at);
}

static gint64
count_tickets(Desk *desk)
{
	gint64 count = 0;

	for (;;) {
		g_autoptr(Ticket) ticket = desk_ticket(desk, count + 1);

		if (ticket == NULL)
			return count;
		count++;
	}
}

static TicketState
state_of(Desk *desk, gint64 number)
{
	g_autoptr(Ticket) ticket = desk_ticket(desk, number);

	g_assert_nonnull(ticket);
	return ticket->state;
}

/* A trusted source's end closes; whoever else says so is shown. */
static void
test_ends(void)
{
	g_auto(Desk) desk = { 0 };
	Instant at = T0;

	desk_set_up(&desk, SOURCE);
	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i += 3, at += 86400) {
		g_autoptr(Alert) over = read_mail(pairs[i][1], "x");
		gint64 ticket = (gint64)i / 3 + 1;

		g_test_message("%s / %s", pairs[i][0], pairs[i][1]);
		deliver(&desk, MON, pairs[i][0], "x", at);
		g_assert_cmpint(count_tickets(&desk), ==, ticket);
		deliver(&desk, "help@desk.example", pairs[i][1], "x", at + 60);
		g_assert_cmpint(count_tickets(&desk), ==, ticket);
		g_assert_cmpint(state_of(&desk, ticket), ==, TICKET_NEW);
		deliver(&desk, MON, pairs[i][1], "x", at + 120);
		g_assert_cmpint(count_tickets(&desk), ==, ticket);
		g_assert_cmpint(state_of(&desk, ticket), ==, TICKET_RESOLVED);
		if (over->only_known) /* good news, where something is open */
			continue;
		/* again, with nothing open */
		deliver(&desk, MON, pairs[i][1], "x", at + 9000);
		g_assert_cmpint(count_tickets(&desk), ==, ticket);
	}
}

/* Of the same program, where nobody is trusted. */
static void
test_untrusted(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, SOURCE);
	deliver(&desk, "help@desk.example", "Service Shop is Offline", "x", T0);
	deliver(&desk, "help@desk.example", "Service Shop is Back Online", "x",
	    T0 + 60);
	g_assert_cmpint(count_tickets(&desk), ==, 1);
	g_assert_cmpint(state_of(&desk, 1), ==, TICKET_NEW);
	/* and another end, that nobody waits for */
	deliver(&desk, "help@desk.example", "Service Blog is Back Online", "x",
	    T0 + 120);
	g_assert_cmpint(count_tickets(&desk), ==, 2);
}

/* One subject, and in the text the name of what it is about. */
static void
test_names(void)
{
	static const struct {
		const char *one, *other;
	} rows[] = {
		{ "Host: web1", "Host: web2" },
		{ "Server: web1", "Server: web10" },
		{ "Device Name: Etage 2", "Device Name: Etage 3" },
		{ "Database: erp", "Database: compta" },
		{ "Base de données : erp", "Base de données : compta" },
		{ "Datenbank: erp", "Datenbank: lager" },
		{ "Workstation PC-12,", "Workstation PC-31," },
		{ "Event Source: srv1.client.example",
		    "Event Source: srv2.client.example" },
		{ "The server web-1 has a fault.",
		    "The server web-2 has a fault." },
		{ "Replication of database 'erp' stopped",
		    "Replication of database 'crm' stopped" },
		{ "Database erp is read-only", "Database crm is read-only" },
		{ "AP[Hall] was disconnected", "AP[Office] was disconnected" },
		{ "Server: db1\nDatabase: erp", "Server: db1\nDatabase: crm" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };

		g_test_message("%s / %s", rows[i].one, rows[i].other);
		desk_set_up(&desk, SOURCE);
		deliver(&desk, MON, "Alert: message", rows[i].one, T0);
		deliver(&desk, MON, "Alert: message", rows[i].other, T0 + 60);
		g_assert_cmpint(count_tickets(&desk), ==, 2);
		/* a repeat of each */
		deliver(&desk, MON, "Alert: message", rows[i].one, T0 + 120);
		deliver(&desk, MON, "Alert: message", rows[i].other, T0 + 180);
		g_assert_cmpint(count_tickets(&desk), ==, 2);
		/* the end of one is not that of the other */
		deliver(&desk, MON, "Resolved: message", rows[i].other,
		    T0 + 240);
		g_assert_cmpint(count_tickets(&desk), ==, 2);
		g_assert_cmpint(state_of(&desk, 1), ==, TICKET_NEW);
		g_assert_cmpint(state_of(&desk, 2), ==, TICKET_RESOLVED);
		/* one is left: no name is needed */
		deliver(&desk, MON, "Resolved: message", "x", T0 + 300);
		g_assert_cmpint(state_of(&desk, 1), ==, TICKET_RESOLVED);
	}
}

/* Of two that are open, an end without a name is neither's. */
static void
test_no_name(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, SOURCE);
	deliver(&desk, MON, "Alert: message", "Host: web1", T0);
	deliver(&desk, MON, "Alert: message", "Host: web2", T0 + 60);
	deliver(&desk, MON, "Resolved: message", "x", T0 + 120);
	g_assert_cmpint(state_of(&desk, 1), ==, TICKET_NEW);
	g_assert_cmpint(state_of(&desk, 2), ==, TICKET_NEW);
}

int
main(int argc, char **argv)
{
	g_auto(Desk) desk = { 0 };

	g_test_init(&argc, &argv, NULL);
	desk_set_up(&desk, SOURCE);
	words = ruleset_alerts(desk.ruleset);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/alert-words/pairs", test_pairs);
	g_test_add_func("/alert-words/no-ends", test_no_ends);
	g_test_add_func("/alert-words/texts", test_texts);
	g_test_add_func("/alert-words/ends", test_ends);
	g_test_add_func("/alert-words/untrusted", test_untrusted);
	g_test_add_func("/alert-words/devices", test_devices);
	g_test_add_func("/alert-words/names", test_names);
	g_test_add_func("/alert-words/no-name", test_no_name);
	return g_test_run();
}
