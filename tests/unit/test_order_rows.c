/* What each row of the table of orders must have; a row that lacks it fails here,
 * by its name, before anybody meets the order. */
#include "guichet/order/order.h"

/* What each row must have, by the doors that it says it has. */
static void
test_rows(void)
{
	static const struct {
		guint doors; /* of these any; 0: of each row */
		gsize place;
		const char *field;
	} fields[] = {
#define FIELD(doors, field) { doors, offsetof(OrderRow, field), #field }
		FIELD(ORDER_BY_MAIL, name),
		FIELD(ORDER_BY_MAIL, name_fr),
		FIELD(ORDER_BY_MAIL, usage),
		FIELD(ORDER_BY_MAIL, usage_fr),
		FIELD(ORDER_BY_MAIL, summary_fr),
		FIELD(ORDER_BY_COMMAND | ORDER_BY_CONTROL, command),
		FIELD(ORDER_BY_COMMAND | ORDER_BY_CONTROL, arguments),
		FIELD(0, summary),
		FIELD(0, example),
		FIELD(0, read),
		FIELD(0, judge),
		FIELD(0, report),
#undef FIELD
	};

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = order_row(kind);

		g_assert_cmpuint(row->doors, !=, 0);
		g_assert_cmpuint(row->may, !=, 0);
		for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
			const void *const *field = G_STRUCT_MEMBER_P(row,
			    fields[i].place);
			bool wanted = fields[i].doors == 0 ||
			    (row->doors & fields[i].doors) != 0;

			if (wanted && *field == NULL)
				g_error("the row of '%s' has no .%s",
				    row->command != NULL ? row->command
							 : row->name,
				    fields[i].field);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/orders/rows", test_rows);
	return g_test_run();
}
