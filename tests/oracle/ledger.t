#!/bin/sh
# Random months of work against a second implementation; CASES of them (default
# 1000, 20000 with LONG), by a SEED that is told.
cd "$(dirname "$0")/../.." || exit 1
driver=${LEDGER_DRIVER:-${BUILD:-build/plain}/tests/oracle/ledger_driver}
if [ -z "${LEDGER_DRIVER}" ]; then
	make -s "$driver" >&2 || exit 1
fi
cases=1000
[ -z "$LONG" ] || cases=20000
exec /usr/bin/python3 tests/oracle/ledger_run.py "$driver" "${CASES:-$cases}"
