/* A contract: its contacts and its versions. */
#include "guichet/rules/contract.h"

#include "guichet/base/text.h"
#include "guichet/trust/auth.h"
#include "loaders_private.h"

#include <string.h>

/* Mail domains where anybody gets an address. A name that ends in a dot
 * stands for it with any country or organisation behind it. */
static const char *const public_domains[] = {
	"126.com",
	"163.com",
	"9online.fr",
	"aliceadsl.fr",
	"aol.",
	"bbox.fr",
	"belgacom.net",
	"bluewin.ch",
	"club-internet.fr",
	"comcast.net",
	"cegetel.net",
	"dartybox.com",
	"duck.com",
	"fastmail.com",
	"fastmail.fm",
	"free.fr",
	"freenet.de",
	"gmail.com",
	"gmx.",
	"googlemail.com",
	"hey.com",
	"hotmail.",
	"hushmail.com",
	"icloud.com",
	"laposte.net",
	"libero.it",
	"live.",
	"mac.com",
	"mail.com",
	"mail.ru",
	"mailbox.org",
	"mailo.com",
	"me.com",
	"msn.com",
	"naver.com",
	"neuf.fr",
	"noos.fr",
	"numericable.fr",
	"numericable.com",
	"nordnet.fr",
	"orange.fr",
	"orange.be",
	"outlook.",
	"pm.me",
	"posteo.",
	"proton.me",
	"protonmail.",
	"proximus.be",
	"qq.com",
	"rocketmail.com",
	"scarlet.be",
	"sfr.fr",
	"skynet.be",
	"t-online.de",
	"telenet.be",
	"tele2.fr",
	"tutanota.com",
	"tutanota.de",
	"tuta.io",
	"tuta.com",
	"videotron.ca",
	"voila.fr",
	"voo.be",
	"wanadoo.fr",
	"wanadoo.es",
	"web.de",
	"yahoo.",
	"yandex.",
	"ymail.com",
	"yopmail.com",
	"zaclys.net",
	"zoho.com",
};

bool
contract_public_domain(const char *domain)
{
	g_autofree char *lower = g_ascii_strdown(domain, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(public_domains); i++) {
		const char *known = public_domains[i];
		const char *rest;

		if (!g_str_has_suffix(known, ".")) {
			if (strcmp(lower, known) == 0)
				return true;
			continue;
		}
		if (!g_str_has_prefix(lower, known))
			continue;
		/* "fr", "co.uk", "com.br", and not a firm's own. */
		rest = lower + strlen(known);
		if (*rest != '\0' && auth_is_public_suffix(rest))
			return true;
	}
	return false;
}

void
contact_free(gpointer data)
{
	Contact *contact = data;

	g_free(contact->name);
	g_free(contact->address);
	g_free(contact->function);
	g_free(contact->phone);
	g_free(contact);
}

void
contract_version_free(gpointer data)
{
	ContractVersion *version = data;

	g_strfreev(version->plans);
	g_free(version->zone_name);
	g_strfreev(version->holidays);
	g_clear_pointer(&version->fields, g_hash_table_unref);
	g_clear_pointer(&version->targets, g_ptr_array_unref);
	availability_terms_free(version->availability);
	g_free(version);
}

void
contract_technician_free(gpointer data)
{
	ContractTechnician *one = data;

	if (one == NULL)
		return;
	g_free(one->name);
	g_free(one);
}

void
contract_free(Contract *contract)
{
	if (contract == NULL)
		return;
	g_free(contract->name);
	g_free(contract->client);
	g_free(contract->language);
	g_ptr_array_unref(contract->contacts);
	g_strfreev(contract->domains);
	g_strfreev(contract->recipients);
	contract_technician_free(contract->referent);
	g_ptr_array_unref(contract->team);
	g_ptr_array_unref(contract->versions);
	g_free(contract->file);
	g_free(contract);
}

const ContractVersion *
contract_version(const Contract *contract, Instant at)
{
	const ContractVersion *found = NULL;

	for (guint i = 0; i < contract->versions->len; i++) {
		const ContractVersion *version = contract->versions->pdata[i];
		const Zone *zone = version->zone != NULL ? version->zone
							 : contract->zone;

		if (wall_date(zone_wall(zone, at)) >= version->from)
			found = version;
	}
	return found;
}

const Contact *
contract_contact(const Contract *contract, const char *address)
{
	for (guint i = 0; i < contract->contacts->len; i++) {
		const Contact *contact = contract->contacts->pdata[i];

		if (strcmp(contact->address, address) == 0)
			return contact;
	}
	return NULL;
}

ContactMatch
contract_match(const Contract *contract, const char *address)
{
	const char *domain;

	if (!text_is_address(address))
		return CONTACT_NONE;
	if (contract_contact(contract, address) != NULL)
		return CONTACT_NAMED;
	domain = text_address_domain(address);
	if (contract_public_domain(domain))
		return CONTACT_NONE;
	return g_strv_contains((const char *const *)contract->domains, domain)
	    ? CONTACT_DOMAIN
	    : CONTACT_NONE;
}
