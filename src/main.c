/*
 * guichet: turns a support mailbox into tickets under contract.
 *
 * The one program: a subcommand, or a child of the desk (child.h).
 */
#include "guichet/cmd/app.h"

int
main(int argc, char **argv)
{
	return app_main(argc, argv);
}
