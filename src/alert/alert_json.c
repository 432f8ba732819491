/* What `guichet alert test` prints of an alert. */
#include "guichet/alert/alert.h"

#include <jansson.h>

static json_t *
said(const char *text)
{
	return *text != '\0' ? json_string(text) : json_null();
}

static json_t *
members_json(const GPtrArray *members)
{
	json_t *array = json_array();

	for (guint i = 0; i < members->len; i++) {
		const AlertMember *member = members->pdata[i];

		json_array_append_new(array,
		    json_pack("{s:s, s:o, s:o, s:o, s:b}", "key", member->key,
			"host", said(member->host), "service",
			said(member->service), "state", said(member->state),
			"firing", member->firing));
	}
	return array;
}

json_t *
alert_to_json(const Alert *alert)
{
	json_t *json;

	if (alert == NULL)
		return json_null();
	json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "system",
	    alert->system, "type", alert_type_name(alert->type), "host",
	    said(alert->host), "service", said(alert->service), "state",
	    said(alert->state), "key", alert->key);
	if (alert->members->len > 0)
		json_object_set_new(json, "members",
		    members_json(alert->members));
	return json;
}

json_t *
alert_list_to_json(const GPtrArray *alerts)
{
	json_t *array = json_array();

	for (guint i = 0; i < alerts->len; i++)
		json_array_append_new(array, alert_to_json(alerts->pdata[i]));
	return array;
}
